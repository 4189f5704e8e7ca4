/** Multi-Paxos, in the words of "Paxos Made Simple", §3: one Paxos for each slot, one leader. */
import { defineProtocol } from '../../protocol/define.ts';
import { client } from '../raft/client.ts';
import { keyValueSpecification } from '../raft/key-value-store.ts';
import { replica } from './replica.ts';
import { replicaInvariants } from './replica-invariants.ts';
import { slotInvariants } from './slot-invariants.ts';
import { events } from './state.ts';

export const multiPaxos = defineProtocol({
  name: 'multi-paxos',
  doc: 'A replicated state machine: Paxos chooses the command of each slot, with a stable leader.',
  source: 'Lamport: Paxos Made Simple, 2001, §3; the TLA+ module MultiPaxos of its examples',
  events,
  specification: keyValueSpecification,
  roles: { replica, client },
  defaultRole: 'replica',
  invariants: { ...slotInvariants, ...replicaInvariants },
  isHeartbeat: ({ type }) => type === 'Heartbeat',
  refuses: ({ type, status }) => type === 'Refusal' || status === 'NOT_LEADER',
});
