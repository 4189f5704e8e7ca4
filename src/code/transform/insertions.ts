/** Inserts text into code without adding lines, and finds the columns of the source again. */
import type { Stripped } from './strip.ts';

interface Insertion {
  readonly at: number;
  readonly text: string;
  /** How many characters it replaces. */
  readonly instead: number;
}

export class Insertions {
  private readonly all: Insertion[] = [];
  private sorted: Insertion[] = [];
  /** Where each line begins in the code before the insertions. */
  private starts: number[] | undefined;

  constructor(private readonly file: Stripped) {}

  /** Inserts text at a position of the code, in place of `instead` characters. */
  insert(at: number, text: string, instead = 0): void {
    if (text !== '') this.all.push({ at, text, instead });
  }

  /** The code with all insertions. Those at one position stay in the order in which they came. */
  assembled(): string {
    const { code } = this.file;
    this.sorted = [...this.all].sort((a, b) => a.at - b.at);
    let result = '';
    let done = 0;
    for (const { at, text, instead } of this.sorted) {
      result += code.slice(done, at) + text;
      done = at + instead;
    }
    return result + code.slice(done);
  }

  /** The column in the source, from 1, of a place in the result (line from 1, column from 0). */
  columnOf(line: number, column: number): number {
    const { code, columnOf } = this.file;
    this.starts ??= [0, ...[...code.matchAll(/\n/g)].map(({ index }) => index + 1)];
    const start = this.starts[line - 1] ?? 0;
    const end = this.starts[line] ?? code.length + 1;
    let shift = 0;
    for (const { at, text, instead } of this.sorted) {
      if (at < start) continue;
      const begins = at - start + shift;
      if (at >= end || begins > column) break;
      // Inserted text has no place of its own: it counts as the code that follows it.
      if (column < begins + text.length) return columnOf(line, at - start);
      shift += text.length - instead;
    }
    return columnOf(line, column - shift);
  }
}
