/** The state machine that the protocol `raft` replicates: a key-value store. */
import type { HistoryOperation, Specification } from '../../protocol/history.ts';
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
  docs: { kv: 'Its key-value store: what the entries that it has applied made of it.' },
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

/**
 * One key: its value, or null. Clients repeat a command until it is answered, so none of these
 * operations ever fails; one that was not answered may have been executed.
 */
export const keyValueSpecification: Specification<Json> = {
  doc: 'A key-value store: a read returns the value that was put last.',
  operations: ['put', 'get', 'cas', 'delete'],
  key: ({ args }) => String(args.key),
  init: () => null,
  step: (value, operation) => {
    const { name, args } = operation;
    switch (name) {
      case 'get':
        return returns(operation, value) ? value : undefined;
      case 'put':
        return returns(operation, 'OK') ? args.value : undefined;
      case 'cas': {
        const isEqual = value === args.expected;
        if (!returns(operation, isEqual)) return undefined;
        return isEqual ? args.value : value;
      }
      case 'delete':
        return returns(operation, value !== null) ? null : undefined;
      default:
        return undefined;
    }
  },
};

/** Whether an operation could have returned this result; of an unknown one, none is known. */
function returns({ outcome, result }: HistoryOperation, expected: Json): boolean {
  return outcome === 'unknown' || result === expected;
}
