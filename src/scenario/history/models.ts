/**
 * The consistency models that a line of `expect` may name, strongest first. Their checkers are in
 * `check/models`, which this layer may not import; a test checks that each name has one.
 */
const ofOperations = [
  'linearizable', 'sequential', 'causal-memory', 'causal-convergent', 'PRAM', 'coherent',
  'read-your-writes', 'monotonic-reads', 'monotonic-writes', 'writes-follow-reads', 'eventual',
] as const;

/** They need no specification: a transaction says what it reads and writes. */
const ofTransactions = [
  'strict-serializable', 'strong-session-serializable', 'serializable', 'repeatable-read',
  'strong-snapshot-isolation', 'strong-session-snapshot-isolation', 'snapshot-isolation',
  'read-committed', 'read-uncommitted',
] as const;

export const modelNames = [...ofOperations, ...ofTransactions] as const;

export type ModelName = (typeof modelNames)[number];

/** The model that a user means: its words may have spaces between them, and any case. */
export function modelNamed(text: string): ModelName | undefined {
  const name = text.trim().replaceAll(/\s+/g, '-').toLowerCase();
  return modelNames.find((one) => one.toLowerCase() === name);
}

export function needsSpecification(model: ModelName): boolean {
  return (ofOperations as readonly ModelName[]).includes(model);
}
