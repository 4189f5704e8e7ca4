// Prints what differs, and how many results are right.
import type { SuiteResult } from '../suite.ts';

export interface LitmusResult {
  readonly name: string;
  readonly expected: string;
  readonly found: string;
}

export function reported(results: readonly LitmusResult[]): SuiteResult {
  const failed = results.filter(({ expected, found }) => expected !== found);
  for (const { name, expected, found } of failed) {
    console.log(`${name}: expected ${expected}, found ${found}`);
  }
  console.log(`${results.length - failed.length} passed, ${failed.length} failed`);
  return { type: failed.length > 0 || results.length === 0 ? 'different' : 'equal' };
}
