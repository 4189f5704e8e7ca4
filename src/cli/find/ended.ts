/** What is known of a search that its host had to end. It has no imports: the editor loads it. */
import type { FindResult } from '../../dap/find/finder.ts';

/** How an editor calls these limits. */
export const endNames = { time: 'the time limit', bytes: 'the limit of memory' } as const;

/**
 * Nothing was reported for so long: the code may not end, or it may only be slow.
 * `count`: the states or runs before; undefined if the search did not begin.
 */
export function silentResult(ms: number, count: number | undefined): FindResult {
  const seconds = `${ms / 1_000} s`;
  const what = count === undefined
    ? `it did not begin within ${seconds}`
    : `nothing was reported for ${seconds}`;
  return ended(
    `ended after ${count ?? 0} states or runs`,
    `${what}: if the machine was busy, search again; if not, look for a loop that does not end`,
  );
}

export function memoryResult(count: number): FindResult {
  return ended(
    `stopped at ${endNames.bytes} after ${count} states or runs`,
    'no more memory is left: choose a lower limit of states',
  );
}

/** What was found already stays, although it was being made shorter. */
export function unshortened(best: FindResult, { lines: [, why] }: FindResult): FindResult {
  return { ...best, lines: [...best.lines, `not shrunk further: ${why}`] };
}

function ended(how: string, why: string): FindResult {
  return { outcome: 'unknown', lines: [`? unknown: ${how}`, why], brokenBefore: [], cut: [] };
}
