/** A server of the store: a Raft server that also has watches, and answers stale reads. */
import { role } from '../../protocol/define.ts';
import type { Frozen, Role } from '../../protocol/types.ts';
import { seconds } from '../../protocol/units.ts';
import { serverDocs, serverLook } from '../raft/look.ts';
import { replicaOver } from '../raft/raft.ts';
import type { Entry, StateMachine } from '../raft/state.ts';
import type { Command, Server, ServerNode, Serving, Store } from './state.ts';
import { applyEntry, emptyStore, find } from './store.ts';
import { serverSummary } from './summary.ts';
import { beginWatch, endWatch, endWatches } from './watches.ts';

const machine: StateMachine<Command, Store & Serving> = {
  doc: 'A server: Raft orders the changes of the store, and each server notifies its watches.',
  init: () => ({ ...emptyStore(), watches: [] }),
  apply: (node, entry: Frozen<Entry<Command>>) => applyEntry(node as unknown as ServerNode, entry),
};

const raftServer = replicaOver(machine);

export const replica = role<Server>({
  ...(raftServer as unknown as Role<Server>),
  joins: 'the configuration store does not model changes of its members',
  messages: {
    ...(raftServer.messages as unknown as Role<Server>['messages']),
    Watch(node, { watch, key, prefix, from }, client, connection) {
      beginWatch(node, { client, connection, watch, key, prefix, from });
    },
    Unwatch: (node, { watch }, _client, connection) => endWatch(node, connection, watch),
    StaleRead(node, { read, key }, _client, connection) {
      node.send(connection, { type: 'StaleReadResult', read, found: find(node.state, key) });
    },
  },
  connection: {
    socket: () => ({
      keepAlive: { idle: seconds(5), interval: seconds(5), count: 2 }, userTimeout: seconds(15),
    }),
    ended: (node, _peer, connection) => endWatches(node, connection),
  },
  lookDocs: {
    ...serverDocs,
    revision: 'Counts the changes of the store: each has the next number.',
    compacted: 'Revisions before this one are forgotten: a watch cannot begin there.',
    watches: 'Which client it tells of changes of which key, and from which revision on.',
  },
  look(state, { peers }) {
    const { revision, compacted } = state;
    const watches = state.watches.map(({ client, key, next }) => `${client}: ${key} from ${next}`);
    return serverLook(state, peers, { revision, compacted, watches });
  },
  summary: serverSummary,
});
