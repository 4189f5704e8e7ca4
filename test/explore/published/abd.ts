/** Stateright's ABD register (Attiya, Bar-Noy and Dolev): each operation has two phases. */
import { defineProtocol, type Node, role } from 'lockstep';
import { client, clientEvents, linearizable } from './register.ts';

type Empty = Record<never, never>;
/** A logical clock, and the server that counted it. */
// oxlint-disable-next-line typescript/no-explicit-any -- sealed messages have read-only tuples
type Sequence = any;

interface Pending {
  phase: 1 | 2;
  id: number;
  requester: string;
  write: string | null;
  read: string | null;
  responses: [server: string, seq: Sequence, value: string][];
  acks: string[];
}

interface Bodies {
  Query: { id: number };
  AckQuery: { id: number; seq: Sequence; value: string };
  Record: { id: number; seq: Sequence; value: string };
  AckRecord: { id: number };
}

interface Server {
  state: { seq: Sequence; value: string; pending: Pending | null };
  receives: Bodies & { Put: { id: number; value: string }; Get: { id: number } };
  sends: Bodies & { PutOk: { id: number }; GetOk: { id: number; value: string } };
  timers: Empty;
  events: Empty;
  options: Empty;
}

const isAfter = (a: Sequence, b: Sequence) => a[0] > b[0] || (a[0] === b[0] && a[1] > b[1]);

function begin(node: Node<Server>, id: number, requester: string, write: string | null): void {
  const { state } = node;
  if (state.pending !== null) return;
  for (const peer of node.peers) node.send(peer, { type: 'Query', id });
  const responses: Pending['responses'] = [[node.id, state.seq, state.value]];
  state.pending = { phase: 1, id, requester, write, read: null, responses, acks: [] };
}

const server = role<Server>({
  doc: 'Keeps a copy of the value.',
  init: ({ id }) => ({ seq: [0, id], value: '\0', pending: null }),
  messages: {
    Put: (node, { id, value }, from) => begin(node, id, from, value),
    Get: (node, { id }, from) => begin(node, id, from, null),
    Query(node, { id }, from) {
      const { seq, value } = node.state;
      node.send(from, { type: 'AckQuery', id, seq, value });
    },
    AckQuery(node, { id, seq, value }, from) {
      const { state } = node;
      const { pending } = state;
      if (pending === null || pending.phase !== 1 || pending.id !== id) return;
      const others = pending.responses.filter(([one]) => one !== from);
      pending.responses = [...others, [from, seq, value]];
      pending.responses.sort(([a], [b]) => (a < b ? -1 : 1));
      if (pending.responses.length !== majority(node.peers.length + 1)) return;
      let [, last, found] = pending.responses[0];
      for (const [, one, held] of pending.responses) {
        if (isAfter(one, last)) [last, found] = [one, held];
      }
      if (pending.write === null) pending.read = found;
      else [last, found] = [[last[0] + 1, node.id], pending.write];
      for (const peer of node.peers) {
        node.send(peer, { type: 'Record', id, seq: last, value: found });
      }
      if (isAfter(last, state.seq)) [state.seq, state.value] = [last, found];
      state.pending = { ...pending, phase: 2, write: null, responses: [], acks: [node.id] };
    },
    Record(node, { id, seq, value }, from) {
      const { state } = node;
      node.send(from, { type: 'AckRecord', id });
      if (isAfter(seq, state.seq)) [state.seq, state.value] = [seq, value];
    },
    AckRecord(node, { id }, from) {
      const { pending } = node.state;
      if (pending === null || pending.phase !== 2 || pending.id !== id) return;
      if (pending.acks.includes(from)) return;
      pending.acks = [...pending.acks, from].sort();
      if (pending.acks.length !== majority(node.peers.length + 1)) return;
      const { requester, read } = pending;
      if (read === null) node.send(requester, { type: 'PutOk', id });
      else node.send(requester, { type: 'GetOk', id, value: read });
      node.state.pending = null;
    },
  },
  timers: {},
});

const majority = (count: number) => Math.floor(count / 2) + 1;

export default defineProtocol({
  name: 'abd',
  doc: 'A register on several servers.',
  source: 'Stateright, examples/linearizable-register.rs',
  events: clientEvents,
  roles: { server, client },
  invariants: { linearizable },
});
