/** The state machine that the protocol `raft` replicates: a key-value store. */
import type { Frozen, Json, NodeId } from '../../protocol/types.ts';
import { type ClientSession, executeOnce } from '../shared/execute-once.ts';
import type { Entry, NoOp, Replica, StateMachine } from './state.ts';

export type Value = string | number | boolean;

export type KeyValueCommand =
  | { readonly op: 'get'; readonly key: string }
  | { readonly op: 'put'; readonly key: string; readonly value: Value }
  | { readonly op: 'cas'; readonly key: string; readonly expected: Value; readonly value: Value }
  | { readonly op: 'delete'; readonly key: string };

export interface KeyValueStore {
  kv: Record<string, Value>;
  sessions: Record<NodeId, ClientSession>;
}

export type KeyValueReplica = Replica<KeyValueCommand, KeyValueStore>;

export const keyValueStore: StateMachine<KeyValueCommand, KeyValueStore> = {
  doc: 'A server of the Raft cluster: it stores the replicated log and a key-value state machine.',
  init: () => ({ kv: {}, sessions: {} }),
  apply: ({ state }, entry) => applyCommand(state, entry),
  facts: ({ kv }) => ({ kv }),
};

/** Executes the command of an entry once, whichever log the entry is in. */
export function applyCommand(
  { kv, sessions }: KeyValueStore,
  entry: Frozen<Omit<Entry<KeyValueCommand>, 'term'>>,
): Json {
  if (entry.clientId === null) return null;
  return executeOnce(sessions, entry.clientId, entry, kv, execute);
}

function execute(kv: Record<string, Value>, command: KeyValueCommand | NoOp): Json {
  switch (command.op) {
    case 'no-op':
      return null;
    case 'get':
      return read(kv, command.key);
    case 'put':
      kv[command.key] = command.value;
      return 'OK';
    case 'cas':
      if (read(kv, command.key) !== command.expected) return false;
      kv[command.key] = command.value;
      return true;
    case 'delete': {
      const existed = Object.hasOwn(kv, command.key);
      delete kv[command.key];
      return existed;
    }
  }
}

function read(kv: Record<string, Value>, key: string): Value | null {
  return Object.hasOwn(kv, key) ? kv[key] : null;
}
