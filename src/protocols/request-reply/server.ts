/** The server: it executes requests, and recognizes repetitions by what it remembers. */
// RFC draft "The Idempotency-Key HTTP Header Field"; Raft (2014), §8: "if it receives a command
// whose serial number has already been executed, it responds immediately without re-executing".
import { role } from '../../protocol/define.ts';
import type { Frozen, Node, NodeId } from '../../protocol/types.ts';
import { type Request, type Server, serverOptions } from './state.ts';

type ServerNode = Node<Server>;

export const server = role<Server>({
  doc: 'Keeps a total, which requests change; may recognize a request that it has executed.',
  options: serverOptions,
  init: () => ({ total: 0, keys: {}, last: {}, working: [], begun: 0 }),
  durable: ['total', 'keys', 'last'],
  noDiskFaults: 'its total and its keys are on disk at once',
  start(node) {
    for (const key of Object.keys(node.state.keys)) forgetLater(node, key);
  },

  messages: {
    Request(node, request, from) {
      const { workTime } = node.options;
      if (workTime === 0) return execute(node, from, request);
      node.state.working.push({ from, request });
      node.setTimer('work', workTime, `${++node.state.begun}`);
    },
  },

  timers: {
    work(node) {
      const next = node.state.working.shift();
      if (next !== undefined) execute(node, next.from, next.request);
    },
    forget(node, key) {
      delete node.state.keys[key];
      node.event('KeyForgotten', { key });
    },
  },
  background: ['forget'],

  lookDocs: {
    value: 'The total of all changes that it has executed.',
    remembers: 'Requests that it can recognise, and does not execute again.',
  },
  look: ({ total, keys, last }) => ({
    value: total,
    facts: { remembers: Object.keys(keys).length + Object.keys(last).length },
  }),
});

function execute(node: ServerNode, from: NodeId, { number, change }: Frozen<Request>): void {
  const { state, options: { remembers } } = node;
  const key = `${from}#${number}`;
  const last = state.last[from];
  const answer = last?.number === number ? last.total : undefined;
  const known = remembers === 'keys' ? state.keys[key] : answer;
  if (known !== undefined) {
    node.event('RepetitionRecognized', { by: from, number });
    return node.send(from, { type: 'Reply', number, total: known });
  }
  if (last !== undefined && number < last.number) {
    node.event('RequestRefused', { by: from, number });
    return node.send(from, { type: 'Reply', number, total: null });
  }
  state.total = change.type === 'set' ? change.amount : state.total + change.amount;
  // The key is stored with the effect, in one step: a crash loses both or neither.
  if (remembers === 'keys') {
    state.keys[key] = state.total;
    forgetLater(node, key);
  } else if (remembers === 'last') {
    state.last[from] = { number, total: state.total };
  }
  node.event('Executed', { by: from, number, total: state.total });
  node.send(from, { type: 'Reply', number, total: state.total });
}

function forgetLater(node: ServerNode, key: string): void {
  if (node.options.keyLifetime > 0) node.setTimer('forget', node.options.keyLifetime, key);
}
