/** Finds the columns of a line again after parts of it were taken out or put in. */

interface Token {
  readonly text: string;
  readonly at: number;
}

/** Words, numbers, and signs one by one; of strings and templates what stands in them. */
const tokenShape = /[\p{ID_Start}$_][\p{ID_Continue}$]*|\d[\w.]*|=>|[^\s]/gu;

/** Longer lines are compared from both ends only. */
const productMost = 1_000_000;

/**
 * For a line as it is and as it was: the column there of a column here, both from 0. A column in
 * what was put in is that of what stands before it.
 */
export function columnsBetween(now: string, was: string): (column: number) => number {
  if (now === was) return (column) => column;
  const here = tokensOf(now);
  const there = tokensOf(was);
  const pairs = new Int32Array(here.length).fill(-1);
  let start = 0;
  let end = 0;
  const most = Math.min(here.length, there.length);
  while (start < most && here[start].text === there[start].text) pairs[start] = start++;
  while (end < most - start && here.at(-1 - end)!.text === there.at(-1 - end)!.text) {
    end++;
    pairs[here.length - end] = there.length - end;
  }
  pairMiddle(here, there, pairs, start, end);
  return (column) => {
    let at = here.length - 1;
    while (at > 0 && here[at].at > column) at--;
    const own = at >= 0 && pairs[at] >= 0;
    while (at >= 0 && pairs[at] < 0) at--;
    if (at < 0) return there[0]?.at ?? 0;
    const offset = own ? Math.min(column - here[at].at, here[at].text.length) : 0;
    return there[pairs[at]].at + Math.max(0, offset);
  };
}

function tokensOf(line: string): Token[] {
  return [...line.matchAll(tokenShape)].map(({ 0: text, index }) => ({ text, at: index }));
}

/** Pairs what differs between the ends: the longest sequence of tokens that both have. */
function pairMiddle(
  here: readonly Token[],
  there: readonly Token[],
  pairs: Int32Array,
  start: number,
  end: number,
): void {
  const rows = here.length - start - end;
  const columns = there.length - start - end;
  if (rows === 0 || columns === 0 || rows * columns > productMost) return;
  // How many can be paired from a token of here and one of there on.
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
