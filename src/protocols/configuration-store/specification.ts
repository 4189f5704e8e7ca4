/** What the store promises its clients: a key-value store with compare-and-swap by revision. */
import type { HistoryOperation, Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

type State = {
  readonly revision: number;
  readonly keys: Readonly<Record<string, { readonly value: Json; readonly modRevision: number }>>;
};

/**
 * The whole store is one object, because one revision counts the changes of all keys. A stale read
 * is a `get`, too: a history that has one may not be linearizable.
 */
export const specification: Specification<State> = {
  doc: 'A key-value store in which each change has the next revision, and a swap compares one.',
  operations: ['put', 'get', 'swap', 'delete'],
  init: () => ({ revision: 1, keys: {} }),
  step(state, operation) {
    const { name, args } = operation;
    const key = String(args.key);
    const found = Object.hasOwn(state.keys, key) ? state.keys[key] : missing;
    switch (name) {
      case 'get':
        return returnsFound(operation, found, state.revision) ? state : undefined;
      case 'put':
        return change(state, operation, key, args.value);
      case 'swap':
        if (found.modRevision !== args.modRevision) {
          return returns(operation, 0) ? state : undefined;
        }
        return change(state, operation, key, args.value);
      case 'delete':
        if (found.modRevision > 0) return change(state, operation, key, null);
        return returns(operation, 0) ? state : undefined;
      default:
        return undefined;
    }
  },
};

const missing = { value: null, modRevision: 0 };

function change(
  { revision, keys }: State,
  operation: HistoryOperation,
  key: string,
  value: Json,
): State | undefined {
  const next = revision + 1;
  if (!returns(operation, next)) return undefined;
  const changed: Record<string, State['keys'][string]> = { ...keys };
  if (value === null) delete changed[key];
  else changed[key] = { value, modRevision: next };
  return { revision: next, keys: changed };
}

/** Whether an operation could have returned this result; of an unknown one, none is known. */
function returns({ outcome, result }: HistoryOperation, expected: number): boolean {
  return outcome === 'unknown' || result === expected;
}

function returnsFound(
  { outcome, result }: HistoryOperation,
  { value, modRevision }: { readonly value: Json; readonly modRevision: number },
  revision: number,
): boolean {
  if (outcome === 'unknown') return true;
  const found = result as { value: Json; modRevision: number; revision: number };
  return found.value === value && found.modRevision === modRevision && found.revision === revision;
}
