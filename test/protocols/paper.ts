/** Logs as the Raft paper draws them: each log as the list of its terms. */
import type { Protocol } from '../../src/protocol/types.ts';
import { frozen } from '../../src/protocol/define.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import type {
  KeyValueCommand, KeyValueReplica,
} from '../../src/protocols/raft/key-value-store.ts';
import type { Entry as EntryOf } from '../../src/protocols/raft/state.ts';

type Entry = EntryOf<KeyValueCommand>;
type ReplicaState = KeyValueReplica['state'];

/** An entry that depends only on its term and index, so that equal ones are the same entry. */
export function entryOf(term: number, index: number): Entry {
  const command = { op: 'put', key: `t${term}`, value: index } as const;
  return frozen({ term, command, clientId: `t${term}`, serial: index, oldestPending: index });
}

export function logOf(terms: readonly number[]): Entry[] {
  return terms.map((term, i) => entryOf(term, i + 1));
}

/** Figure 7: the logs of the leader of term 8 and of six followers when it "comes to power". */
export const figure7 = {
  leader: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6],
  a: [1, 1, 1, 4, 4, 5, 5, 6, 6],
  b: [1, 1, 1, 4],
  c: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
  d: [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
  e: [1, 1, 1, 4, 4, 4, 4],
  f: [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
};

/** Raft with servers that begin in the given states. */
export function beginningWith(
  states: Record<string, Partial<ReplicaState>>,
  protocol: Protocol = raft,
): Protocol {
  const { replica } = protocol.roles;
  const init: typeof replica.init = (node) => ({ ...replica.init(node), ...states[node.id] });
  return { ...protocol, roles: { ...protocol.roles, replica: { ...replica, init } } };
}
