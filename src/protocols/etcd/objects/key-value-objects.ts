/** The keys of etcd as a sequential object, with the revisions that its answers have. */
import type { HistoryOperation, Specification } from '../../../protocol/history.ts';
import type { Frozen, Json } from '../../../protocol/types.ts';
import type { TxnAnswer } from '../api.ts';

type Keys = Readonly<Record<string, Json>>;

interface Store {
  readonly [field: string]: Json;
  readonly revision: number;
  readonly keys: Keys;
}

/**
 * The revision of each write is part of its answer, so that the order of writes is known. A
 * `serializable` read and a read at a revision may be of the past: they are not judged.
 */
export const keySpecification: Specification<Store> = {
  doc: 'A key-value store: each write has the next revision, a read returns what was written last.',
  operations: ['put', 'get', 'delete', 'cas'],
  // Each of them writes or deletes keys besides those of the operations above.
  excludes: [
    'lock', 'tryLock', 'campaign', 'proclaim', 'resign', 'unlock', 'revoke', 'grant', 'close',
  ],
  init: () => ({ revision: 1, keys: {} }),
  step(store, operation) {
    const next = after(store, operation);
    if (next === undefined) return undefined;
    const isOpen = operation.outcome === 'unknown' || isPast(operation);
    return isOpen || operation.result === undefined || agrees(next, operation) ? next : undefined;
  },
};

function isPast({ args }: HistoryOperation): boolean {
  return args.serializable === true || args.revision !== undefined;
}

function after(store: Store, { name, args, outcome, result }: HistoryOperation): Store | undefined {
  const { keys } = store;
  const key = String(args.key);
  switch (name) {
    case 'put':
      return written(store, { ...keys, [key]: args.value });
    case 'delete': {
      const left = Object.entries(keys).filter(([one]) => !covers(key, args.prefix, one));
      if (left.length === Object.keys(keys).length) return store;
      return written(store, Object.fromEntries(left));
    }
    case 'cas': {
      if (args.target === 'value') {
        const isEqual = Object.hasOwn(keys, String(args.guard ?? key))
          && keys[String(args.guard ?? key)] === args.equals;
        const isKnown = outcome === 'ok';
        if (isKnown && (result as Frozen<TxnAnswer>).succeeded !== isEqual) return undefined;
        return isEqual ? written(store, { ...keys, [key]: args.value }) : store;
      }
      // Versions and revisions of keys are not part of this object: the answer decides.
      const succeeded = outcome === 'ok' && (result as Frozen<TxnAnswer>).succeeded;
      return succeeded ? written(store, { ...keys, [key]: args.value }) : store;
    }
    default:
      return store;
  }
}

function written({ revision }: Store, keys: Keys): Store {
  return { revision: revision + 1, keys };
}

function covers(key: string, prefix: Json | undefined, one: string): boolean {
  return prefix === true ? one.startsWith(key) : one === key;
}

/** Whether the answer has the revision and the values of the store. */
function agrees({ revision, keys }: Store, { name, args, result }: HistoryOperation): boolean {
  const answer = result as Frozen<TxnAnswer>;
  if (answer.revision !== revision) return false;
  const isRead = name === 'get' || (name === 'cas' && !answer.succeeded);
  if (!isRead) return true;
  const key = String(args.key);
  const present = Object.entries(keys).filter(([one]) => covers(key, args.prefix, one));
  const found = answer.responses[0] ?? [];
  return found.length === present.length
    && found.every((one) => Object.hasOwn(keys, one.key) && keys[one.key] === one.value);
}
