/** From positions in a YAML document to lines and columns, of values and of words inside them. */
import { type Document, isMap, isScalar, isSeq, type Node } from 'yaml';
import type { Fault, Mistake, ScenarioProblem, SourceRange } from '../problem.ts';
import { mustBe, shownValue } from '../suggest.ts';

/** What to do about a list item that is not aligned with the others. */
export const itemHint = 'begin every `-` of a list in the same column';

/** A string of the file with the position of its first character. */
export interface Placed {
  readonly text: string;
  readonly offset: number;
  /** True if the file has the string character by character, without escapes or folded lines. */
  readonly exact: boolean;
  readonly end: number;
}

/** A file of any size can have a problem on each line; the first ones are enough to begin with. */
const problemsMax = 500;

const tooMany: Mistake = {
  code: 'too-many-problems',
  message: `the file has more than ${problemsMax} problems: the others are not shown`,
  hint: 'fix the first ones, which may cause others',
};

type Severity = ScenarioProblem['severity'];

/** Collects the problems of a file. */
export class Problems {
  readonly list: ScenarioProblem[] = [];
  /** The position at which each line begins. */
  private readonly starts: number[] = [0];

  constructor(readonly source: string) {
    for (let at = source.indexOf('\n'); at >= 0; at = source.indexOf('\n', at + 1)) {
      this.starts.push(at + 1);
    }
  }

  /** From character `start` up to `end`, which is not included. */
  range(start: number, end: number): SourceRange {
    const from = this.place(start);
    const to = this.place(Math.max(end, start));
    return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column };
  }

  add(mistake: Mistake, start: number, end: number, severity: Severity = 'error'): void {
    const { code, message, hint } = mistake;
    if (this.list.length > problemsMax) return;
    if (this.list.length === problemsMax) {
      this.list.push({ ...tooMany, ...this.range(start, end), severity: 'error' });
      return;
    }
    const problem: ScenarioProblem = {
      code,
      message,
      ...this.range(start, end),
      severity,
    };
    const last = this.list.at(-1);
    // A mistake in `n1..n5` is found for each of the five nodes, and reported once.
    if (last?.message === message && last.line === problem.line && last.column === problem.column) {
      return;
    }
    this.list.push(hint === undefined ? problem : { ...problem, hint });
  }

  at(node: unknown, mistake: Mistake): void {
    const [start, end] = rangeOf(node);
    this.add(mistake, start, end);
  }

  /** Adds a mistake with which the scenario can run. */
  warn(node: unknown, mistake: Mistake): void {
    const [start, end] = rangeOf(node);
    this.add(mistake, start, end, 'warning');
  }

  /** Adds that the value of a setting is not of the form that it must have. */
  badSetting(name: string, form: string, value: unknown, place = value): void {
    const found = isMap(value) ? {} : isSeq(value) ? [] : isScalar(value) ? value.value : undefined;
    const message = mustBe(`\`${name}\``, form, shownValue(found));
    this.at(place, { code: 'bad-setting', message });
  }

  /** Removes problems on the lines of the kept ones: they are likely consequences of those. */
  dropAround(kept: readonly ScenarioProblem[]): void {
    const isAround = (one: ScenarioProblem) =>
      kept.some(({ line }) => one.line <= line && line <= one.endLine) && !kept.includes(one);
    for (let at = this.list.length - 1; at >= 0; at--) {
      if (isAround(this.list[at])) this.list.splice(at, 1);
    }
  }

  /** Adds a fault inside a string of the file. */
  fault(placed: Placed, fault: Fault): void {
    const { offset, exact, end } = placed;
    // To YAML, a list item that is too far to the right is part of the item above it.
    const written = exact ? '' : this.source.slice(offset, end);
    const item = /^[^>|]*?\n[ ]+(- .*)/.exec(written);
    if (item !== null) {
      const start = offset + item[0].length - item[1].length;
      const message = 'this list item is too far to the right: YAML joins it to the line above';
      const mistake: Mistake = { code: 'misplaced-line', message, hint: itemHint };
      this.add(mistake, start, start + item[1].trimEnd().length);
      return;
    }
    const start = exact ? Math.min(offset + fault.start, end) : offset;
    const stop = exact ? Math.min(offset + Math.max(fault.end, fault.start), end) : end;
    this.add(fault, start, stop);
  }

  private place(offset: number): { line: number; column: number } {
    const at = Math.min(Math.max(offset, 0), this.source.length);
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: at - this.starts[low] + 1 };
  }
}

/** The range of a document's node; the start of the file for one that is not from the file. */
export function rangeOf(node: unknown): [number, number] {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : [0, 0];
}

/** The string of a scalar with its position inside the quotes. */
export function placedText(node: unknown, source: string): Placed {
  const [start, end] = rangeOf(node);
  const value = isScalar(node) ? String(node.value ?? '') : '';
  const quote = source[start] === '"' || source[start] === "'" ? 1 : 0;
  const written = source.slice(start + quote, end - quote);
  return { text: value, offset: start + quote, exact: written === value, end: end - quote };
}

/** A part of the file as it is written: a command with a colon, which YAML takes for a pair. */
export function placedSlice(source: string, start: number, end: number): Placed {
  const text = source.slice(start, end).trimEnd();
  return { text, offset: start, exact: true, end: start + text.length };
}

/** The node at a path of the document, or the nearest one above it that exists. */
export function nodeAt(document: Document, path: readonly (string | number)[]): unknown {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if ((node as Node | undefined)?.range) return node;
  }
  return document.contents;
}
