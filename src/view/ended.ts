/** How a run ended: in a few words, and a line for each verdict. */

export interface Ending {
  /** `all 4 hold`, `1 violated, 3 hold`, `stopped before its end`. */
  words: string;
  /** Each begins with its mark: `✓`, `✗`, or `?` where it could not be told. */
  lines: string[];
  isViolated: boolean;
}

const marks = { '✗': 'violated', '✓': 'hold', '?': 'unknown' };

/** From the words of the adapter: a verdict a line, or a sentence where there is none. */
export function endingOf(verdict: string): Ending {
  const lines = verdict.split('\n').filter((line) => line.trim() !== '');
  const counts = Object.entries(marks).map(([mark, word]) => {
    return { word, count: lines.filter((line) => line.startsWith(`${mark} `)).length };
  });
  const found = counts.filter(({ count }) => count > 0);
  if (found.length === 0) return { words: verdict.trim(), lines: [], isViolated: false };
  const [{ word, count }] = found as [{ word: string; count: number }];
  const isViolated = word === 'violated';
  if (found.length === 1 && count > 1) return { words: `all ${count} ${word}`, lines, isViolated };
  return { words: found.map(countWords).join(', '), lines, isViolated };
}

function countWords({ word, count }: { word: string; count: number }): string {
  return `${count} ${word}${word === 'hold' && count === 1 ? 's' : ''}`;
}
