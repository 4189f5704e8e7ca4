/** The keys of Consul as a sequential object. */
import type { HistoryOperation, Specification } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

/**
 * Only consistent reads are judged: the default ones are stale while a leader that was replaced
 * does not know it yet. With `cas`, the index of the key is not part of this object, except for 0.
 */
export const keySpecification: Specification<Json> = {
  doc: 'Keys that are put and deleted; a read with mode consistent returns the last value.',
  operations: ['write', 'read'],
  // They write the keys of locks, or others in a language of their own.
  excludes: ['kv', 'lock', 'tryLock', 'unlock', 'destroy', 'session', 'catalog', 'close'],
  key: ({ args }) => String(args.key),
  init: () => null,
  step: (value, operation) => (operation.name === 'write' ? written : readValue)(value, operation),
};

function written(value: Json, { args, outcome, result }: HistoryOperation): Json | undefined {
  const mayCreate = args.cas !== 0 || value === null;
  if (outcome === 'unknown') return mayCreate ? args.value : value;
  if (result === false) return value === null && args.cas === 0 ? undefined : value;
  return mayCreate ? args.value : undefined;
}

function readValue(value: Json, { args, outcome, result }: HistoryOperation): Json | undefined {
  const isJudged = outcome === 'ok' && args.mode === 'consistent' && args.index === undefined;
  return !isJudged || (result as { value: Json }).value === value ? value : undefined;
}
