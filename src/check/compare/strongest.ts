/** Which consistency models imply which, and the strongest ones of a set. */
import type { ModelName } from '../../scenario/history/models.ts';

/**
 * What follows at once from each model, by the definitions that `check/models` and
 * `check/transactions` use; more follows from these. Read-your-writes follows neither from causal
 * memory nor from PRAM: it is about one order of the versions of a key, and these let each process
 * have its own. The history of a run has no final reads, so all that `eventual` says of it is that
 * values come from writes.
 */
const implied: Readonly<Record<ModelName, readonly ModelName[]>> = {
  'linearizable': ['sequential'],
  'sequential': ['causal-memory', 'causal-convergent'],
  'causal-memory': ['PRAM', 'writes-follow-reads'],
  'causal-convergent': ['coherent', 'monotonic-writes', 'writes-follow-reads'],
  'PRAM': ['monotonic-reads', 'monotonic-writes'],
  'coherent': ['read-your-writes', 'monotonic-reads'],
  'read-your-writes': [],
  'monotonic-reads': [],
  'monotonic-writes': [],
  'writes-follow-reads': ['eventual'],
  'eventual': [],
  'strict-serializable': ['strong-session-serializable', 'strong-snapshot-isolation'],
  'strong-session-serializable': ['serializable', 'strong-session-snapshot-isolation'],
  'serializable': ['repeatable-read', 'snapshot-isolation'],
  'repeatable-read': ['read-committed'],
  'strong-snapshot-isolation': ['strong-session-snapshot-isolation'],
  'strong-session-snapshot-isolation': ['snapshot-isolation'],
  'snapshot-isolation': ['read-committed'],
  'read-committed': ['read-uncommitted'],
  'read-uncommitted': [],
};

/** All models that the model implies, without itself. */
export function impliedBy(model: ModelName): ReadonlySet<ModelName> {
  const found = new Set<ModelName>();
  const open = [...implied[model]];
  while (open.length > 0) {
    const next = open.pop()!;
    if (found.has(next)) continue;
    found.add(next);
    open.push(...implied[next]);
  }
  return found;
}

/** The models that no other one of them implies, in their order. */
export function strongestOf(models: readonly ModelName[]): ModelName[] {
  const weaker = new Set(models.flatMap((model) => [...impliedBy(model)]));
  return models.filter((model) => !weaker.has(model));
}
