/**
 * The clients of Stateright's register examples, and what its `LinearizabilityTester` remembers of
 * them: that history is part of each of its states.
 */
import { invariant, role } from 'lockstep';

export interface Client {
  state: { awaiting: number; count: number };
  receives: { PutOk: { id: number }; GetOk: { id: number; value: string } };
  sends: { Put: { id: number; value: string }; Get: { id: number } };
  timers: Record<never, never>;
  events: { Invoked: { read: boolean; value: string }; Returned: { value: string } };
  options: { index: number };
}

export const clientEvents = { Invoked: 'It sent an operation.', Returned: 'It was answered.' };

/** Puts once, then reads. The servers are numbered from 0 on, and then the clients. */
export const client = role<Client>({
  doc: 'Writes one value, then reads.',
  options: { index: { kind: 'integer', default: 0, doc: 'Its number.' } } as never,
  init: () => ({ awaiting: 0, count: 0 }),
  start(node) {
    const servers = node.nodes('server');
    const { index } = node.options;
    const value = String.fromCharCode(65 + index - servers.length);
    node.event('Invoked', { read: false, value });
    node.send(servers[index % servers.length], { type: 'Put', id: index, value });
    node.state.awaiting = index;
    node.state.count = 1;
  },
  messages: {
    PutOk(node, { id }) {
      if (id !== node.state.awaiting) return;
      const servers = node.nodes('server');
      const { index } = node.options;
      const { count } = node.state;
      const next = (count + 1) * index;
      node.event('Returned', { value: '' });
      node.event('Invoked', { read: true, value: '' });
      node.send(servers[(index + count) % servers.length], { type: 'Get', id: next });
      node.state.awaiting = next;
      node.state.count = count + 1;
    },
    GetOk(node, { id, value }) {
      if (id !== node.state.awaiting) return;
      node.event('Returned', { value });
      node.state.awaiting = -1;
      node.state.count++;
    },
  },
  timers: {},
});

interface Complete {
  read: boolean;
  value: string;
  /** How many operations of each other client were complete when it was invoked. */
  after: Record<string, number>;
}

interface History {
  done: Record<string, Complete[]>;
  open: Record<string, Complete | null>;
}

/** Whether some order of the operations, each after those that it follows, explains all reads. */
export const linearizable = invariant<History>({
  doc: 'The register is linearizable.',
  remember: () => ({ done: {}, open: {} }),
  check({ nodes, events, memory: { done, open } }) {
    for (const { id, role: name } of nodes) if (name === 'client') done[id] ??= [];
    for (const { name, node, fields } of events) {
      if (name === 'Invoked') {
        const after: Record<string, number> = {};
        for (const other in done) if (other !== node) after[other] = done[other].length;
        open[node] = { read: fields.read, value: fields.value, after };
      } else if (name === 'Returned') {
        const { read, value, after } = open[node]!;
        done[node] = [...done[node], { read, value: read ? fields.value : value, after }];
        open[node] = null;
      }
    }
    return isExplained(done, open, {}, '\0') ? undefined : 'no order explains the reads';
  },
});

function isExplained(
  done: History['done'],
  open: History['open'],
  taken: Record<string, number>,
  value: string,
): boolean {
  const clients = Object.keys(done);
  if (clients.every((id) => (taken[id] ?? 0) >= done[id].length)) return true;
  return clients.some((id) => {
    const count = taken[id] ?? 0;
    const next = done[id][count] ?? (count === done[id].length ? open[id] : null);
    if (next === null || next === undefined) return false;
    const isEarly = Object.entries(next.after).some(([other, n]) => (taken[other] ?? 0) < n);
    const isOpen = count >= done[id].length;
    if (isEarly || (next.read && !isOpen && next.value !== value)) return false;
    const after = next.read ? value : next.value;
    return isExplained(done, open, { ...taken, [id]: count + 1 }, after);
  });
}
