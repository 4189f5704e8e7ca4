/** The state machine: keys with revisions, after etcd's data model, and all changes in a row. */
import { frozen } from '../../protocol/define.ts';
import type { Frozen } from '../../protocol/types.ts';
import { executeOnce } from '../shared/execute-once.ts';
import type { Entry, NoOp } from '../raft/state.ts';
import type { Command, Found, ServerNode, ServerState, Store, Value } from './state.ts';
import { notifyWatches } from './watches.ts';

export const emptyStore = (): Store => ({
  revision: 1, keys: {}, changes: [], compacted: 0, sessions: {},
});

type Response = number | Found | null;

/** Executes a committed entry once, and notifies the watches of this server of its change. */
export function applyEntry(node: ServerNode, entry: Frozen<Entry<Command>>): Response {
  const { state } = node;
  if (entry.clientId === null) return null;
  const { revision } = state;
  const response = executeOnce(state.sessions, entry.clientId, entry, state, execute);
  if (state.revision > revision) notifyWatches(node, state.changes[state.changes.length - 1]);
  return response as Response;
}

/** A change returns its revision, and a command that changes nothing returns 0. */
function execute(state: ServerState, command: Frozen<Command | NoOp>): Response {
  switch (command.op) {
    case 'no-op':
      return null;
    case 'get':
      return find(state, command.key);
    case 'put':
      return change(state, command.key, command.value);
    case 'swap':
      if (find(state, command.key).modRevision !== command.modRevision) return 0;
      return change(state, command.key, command.value);
    case 'delete':
      return find(state, command.key).modRevision === 0 ? 0 : change(state, command.key, null);
    case 'compact':
      return compact(state, command.revision);
  }
}

export function find({ keys, revision }: Readonly<Store>, key: string): Found {
  if (!Object.hasOwn(keys, key)) return { value: null, modRevision: 0, revision };
  return { ...keys[key], revision };
}

function change(state: ServerState, key: string, value: Value | null): number {
  const revision = ++state.revision;
  if (value === null) delete state.keys[key];
  else state.keys[key] = frozen({ value, modRevision: revision });
  state.changes.push(frozen({ revision, key, value, index: state.lastApplied }));
  return revision;
}

/** Deletes the changes before a revision: a watch can begin there, but not earlier. */
function compact(state: ServerState, revision: number): number {
  if (revision <= state.compacted || revision > state.revision) return 0;
  state.compacted = revision;
  state.changes = state.changes.filter((one) => one.revision >= revision);
  return revision;
}
