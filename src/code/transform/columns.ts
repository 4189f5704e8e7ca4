/** Maps the columns of a changed line back to those of the original, by comparing their tokens. */

interface Token {
  readonly text: string;
  readonly at: number;
}

/** Words, numbers and single characters. Strings and templates are split like other text. */
const tokenShape = /[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*|=>|[^\s]/gu;

/** Pairs of lines with a larger product of token counts are compared from both ends only. */
const productMax = 1_000_000;

/**
 * Returns a function from a column of the line `now` to the column of the line `was`, both from 0.
 * A column in an inserted token maps to the token before it.
 */
export function columnsBetween(now: string, was: string): (column: number) => number {
  if (now === was) return (column) => column;
  const here = tokensOf(now);
  const there = tokensOf(was);
  // For each token of `now`, the index of the same token of `was`; −1 if it was inserted.
  const pairs = new Int32Array(here.length).fill(-1);
  let start = 0;
  let end = 0;
  const shorter = Math.min(here.length, there.length);
  while (start < shorter && here[start].text === there[start].text) pairs[start] = start++;
  while (end < shorter - start && here.at(-1 - end)!.text === there.at(-1 - end)!.text) {
    end++;
    pairs[here.length - end] = there.length - end;
  }
  pairMiddle(here, there, pairs, start, end);
  return (column) => {
    let at = here.length - 1;
    while (at > 0 && here[at].at > column) at--;
    const isPaired = at >= 0 && pairs[at] >= 0;
    while (at >= 0 && pairs[at] < 0) at--;
    if (at < 0) return there[0]?.at ?? 0;
    const offset = isPaired ? Math.min(column - here[at].at, here[at].text.length) : 0;
    return there[pairs[at]].at + Math.max(0, offset);
  };
}

function tokensOf(line: string): Token[] {
  return [...line.matchAll(tokenShape)].map(({ 0: text, index }) => ({ text, at: index }));
}

/** Pairs the tokens between the equal ends: their longest common subsequence. */
function pairMiddle(
  here: readonly Token[],
  there: readonly Token[],
  pairs: Int32Array,
  start: number,
  end: number,
): void {
  const rows = here.length - start - end;
  const columns = there.length - start - end;
  if (rows === 0 || columns === 0 || rows * columns > productMax) return;
  // For a token of each, how many can be paired from there to the end.
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  const isSame = (row: number, column: number) =>
    here[start + row].text === there[start + column].text;
  for (let row = rows - 1; row >= 0; row--) {
    for (let column = columns - 1; column >= 0; column--) {
      const at = row * width + column;
      lengths[at] = isSame(row, column)
        ? lengths[at + width + 1] + 1
        : Math.max(lengths[at + width], lengths[at + 1]);
    }
  }
  let row = 0;
  let column = 0;
  while (row < rows && column < columns) {
    const at = row * width + column;
    if (isSame(row, column)) pairs[start + row++] = start + column++;
    else if (lengths[at + width] >= lengths[at + 1]) row++;
    else column++;
  }
}
