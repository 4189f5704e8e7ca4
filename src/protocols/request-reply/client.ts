/** The client: it sends a request, waits, repeats it, and may give up without an answer. */
import { operation, role } from '../../protocol/define.ts';
import type { Json, Node, OperationId } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import { type Change, type Client, clientOptions } from './state.ts';

type ClientNode = Node<Client>;

const isUnknown = (answer: Json) => answer === 'unknown';

/** The client itself refuses a second request. The server may have executed the one it refuses. */
const isRefused = (reason: string) => reason === 'this client waits for a reply';

export const client = role<Client>({
  doc: 'Sends requests to the server, one at a time.',
  joins: true,
  options: clientOptions,
  init: () => ({ number: 0, pending: null, seen: [] }),
  // The numbers go on after a crash: a new request must not look like an old one.
  durable: ['number'],
  noDiskFaults: 'it writes only a number, before it sends',

  messages: {
    Reply(node, { number, total }) {
      const { state } = node;
      if (state.pending?.number !== number) {
        state.seen.push(`late reply to request ${number}`);
        return node.event('LateReply', { number });
      }
      state.seen.push(`reply to request ${number}: ${total ?? 'refused'}`);
      node.event('ReplyReceived', { number, total });
      node.cancelTimer('timeout');
      const { operation: id } = state.pending;
      state.pending = null;
      if (total === null) node.fail(id, 'the server has executed a later request');
      else node.reply(id, total);
    },
  },

  timers: {
    timeout(node) {
      const { state, options: { timeout, attempts } } = node;
      const { pending } = state;
      if (pending === null) return;
      const { number } = pending;
      state.seen.push(`no reply to request ${number} within ${asDuration(timeout)}`);
      node.event('TimedOut', { number, waited: timeout });
      if (pending.attempts < attempts) return send(node);
      state.pending = null;
      // Not a failure: the request may have been executed, or may still be.
      node.reply(pending.operation, 'unknown');
    },
  },

  operations: {
    add: operation<Client>()({
      doc: 'Adds to the total; answers the new total, or unknown after the last timeout.',
      parameters: { amount: 'integer' },
      noEffect: isRefused,
      isUnknown,
      run: (node, { amount }, id) => begin(node, { type: 'add', amount }, id),
    }),
    set: operation<Client>()({
      doc: 'Sets the total; answers it, or unknown after the last timeout.',
      parameters: { amount: 'integer' },
      noEffect: isRefused,
      isUnknown,
      run: (node, { amount }, id) => begin(node, { type: 'set', amount }, id),
    }),
  },

  standings: {
    idle: { doc: 'No request is under way.', to: { waiting: 'it sends a request' } },
    waiting: { doc: 'It waits for the reply.', to: { idle: 'the reply is here, or it gives up' } },
  },
  lookDocs: { seen: 'The last total that it was answered.' },
  look: ({ pending, seen }) => ({
    standing: pending === null ? 'idle' : 'waiting',
    tone: pending === null ? 'none' : 'bid',
    facts: { seen: seen.at(-1) ?? '' },
  }),
});

function begin(node: ClientNode, change: Change, id: OperationId): void {
  const { state } = node;
  if (state.pending !== null) return node.fail(id, 'this client waits for a reply');
  state.pending = { number: ++state.number, change, attempts: 0, operation: id };
  send(node);
}

function send(node: ClientNode): void {
  const pending = node.state.pending!;
  const { number, change } = pending;
  const attempt = ++pending.attempts;
  node.state.seen.push(`sent request ${number}`);
  node.event('RequestSent', { number, attempt });
  node.send(node.nodes('server')[0], { type: 'Request', number, change });
  node.setTimer('timeout', node.options.timeout);
}
