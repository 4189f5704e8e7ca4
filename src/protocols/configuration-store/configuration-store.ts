/** A configuration store: a small key-value store over Raft, with revisions and watches. */
// Read store.ts first (what a change is), then watches.ts (who is notified), then client.ts (how a
// watch survives its server). Consensus is Raft's: see raft/raft.ts.
import { defineProtocol } from '../../protocol/define.ts';
import { replicaEvents } from '../raft/state.ts';
import { client } from './client.ts';
import { clientInvariants } from './client-invariants.ts';
import { replica } from './server.ts';
import { specification } from './specification.ts';
import { ownEvents } from './state.ts';
import { storeInvariants } from './store-invariants.ts';
import { isRaftHeartbeat, refusesRaft } from '../raft/summary.ts';

export const configurationStore = defineProtocol({
  name: 'configuration-store',
  doc: 'A replicated key-value store with revisions, compare-and-swap and watches, over Raft.',
  source: 'etcd: "Data model" and "API guarantees" (etcd.io/docs); Ongaro, Ousterhout: Raft, 2014',
  events: { ...replicaEvents, ...ownEvents },
  roles: { replica, client },
  defaultRole: 'replica',
  connections: [['client', 'replica']],
  invariants: { ...storeInvariants, ...clientInvariants },
  specification,
  isHeartbeat: isRaftHeartbeat,
  refuses: (message) => refusesRaft(message) || message.type === 'WatchCompacted',
});
