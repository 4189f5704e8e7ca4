/** What is known of a search that its host had to end. It has no imports: the editor loads it. */
import type { FindResult } from '../../dap/find/finder.ts';

/** How an editor calls these limits. */
export const endNames = { time: 'the time limit', bytes: 'the limit of memory' } as const;

/** The protocol is in an action that does not end. `count`: the states or runs before. */
export function endlessResult(count: number): FindResult {
  return ended('time', count, 'an action takes too long: look for a loop that does not end');
}

export function memoryResult(count: number): FindResult {
  return ended('bytes', count, 'no more memory is left: choose a lower limit of states');
}

/** What was found already stays, although it was being made shorter. */
export function unshortened(best: FindResult, { lines: [, why] }: FindResult): FindResult {
  return { ...best, lines: [...best.lines, `not shrunk further: ${why}`] };
}

function ended(by: keyof typeof endNames, count: number, why: string): FindResult {
  const verdict = `? unknown: stopped at ${endNames[by]} after ${count} states or runs`;
  return { outcome: 'unknown', lines: [verdict, why], brokenBefore: [], cut: [] };
}
