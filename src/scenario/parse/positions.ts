/** From places in a YAML document to lines and columns, of values and of words inside them. */
import { type Document, isScalar, type Node } from 'yaml';
import type { Fault, Problem, SourceRange } from '../problem.ts';

/** What to do about an item that does not stand below the others. */
export const itemHint = 'begin it in the same column as the others of its list';

/** A text in the file with the place of its first character. */
export interface Placed {
  readonly text: string;
  readonly offset: number;
  /** True where the text stands in the file character by character. */
  readonly exact: boolean;
  readonly end: number;
}

/** Collects the problems of a file. */
export class Problems {
  readonly list: Problem[] = [];
  /** Where each line begins. */
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

  add(
    message: string,
    start: number,
    end: number,
    hint?: string,
    severity: Problem['severity'] = 'error',
  ): void {
    const problem: Problem = { message, ...this.range(start, end), severity };
    const last = this.list.at(-1);
    // What is wrong with `n1..n5` is wrong five times, and said once.
    if (last?.message === message && last.line === problem.line && last.column === problem.column) {
      return;
    }
    this.list.push(hint === undefined ? problem : { ...problem, hint });
  }

  at(node: unknown, message: string, hint?: string): void {
    const [start, end] = rangeOf(node);
    this.add(message, start, end, hint);
  }

  /** Leaves only these of those about their lines: what is said around them comes of them. */
  dropAround(kept: readonly Problem[]): void {
    const isAround = (one: Problem) =>
      kept.some(({ line }) => one.line <= line && line <= one.endLine) && !kept.includes(one);
    for (let at = this.list.length - 1; at >= 0; at--) {
      if (isAround(this.list[at])) this.list.splice(at, 1);
    }
  }

  /** A fault inside a text of the file. */
  fault(placed: Placed, fault: Fault): void {
    const { offset, exact, end } = placed;
    // An item that stands too far to the right is a part of the one above it, to YAML.
    const written = exact ? '' : this.source.slice(offset, end);
    const item = /^[^>|]*?\n[ ]+(- .*)/.exec(written);
    if (item !== null) {
      const start = offset + item[0].length - item[1].length;
      const words = 'this `-` stands too far to the right, and goes on with the line above it';
      this.add(words, start, start + item[1].trimEnd().length, itemHint);
      return;
    }
    const start = exact ? Math.min(offset + fault.start, end) : offset;
    const stop = exact ? Math.min(offset + Math.max(fault.end, fault.start), end) : end;
    this.add(fault.message, start, stop, fault.hint);
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

/** Where a node of the document stands; the start of the file for one that is not of the file. */
export function rangeOf(node: unknown): [number, number] {
  const range = (node as Node | null | undefined)?.range;
  return range ? [range[0], range[1]] : [0, 0];
}

/** The text of a scalar as the file has it, where that is possible. */
export function placedText(node: unknown, source: string): Placed {
  const [start, end] = rangeOf(node);
  const value = isScalar(node) ? String(node.value ?? '') : '';
  const quote = source[start] === '"' || source[start] === "'" ? 1 : 0;
  const written = source.slice(start + quote, end - quote);
  return { text: value, offset: start + quote, exact: written === value, end: end - quote };
}

/** A stretch of the file as it is written: a command that YAML takes for a pair. */
export function placedSlice(source: string, start: number, end: number): Placed {
  const text = source.slice(start, end).trimEnd();
  return { text, offset: start, exact: true, end: start + text.length };
}

/** The node at a path of the document, or the nearest one above it that there is. */
export function nodeAt(document: Document, path: readonly (string | number)[]): unknown {
  for (let length = path.length; length > 0; length--) {
    const node = document.getIn(path.slice(0, length), true);
    if ((node as Node | undefined)?.range) return node;
  }
  return document.contents;
}
