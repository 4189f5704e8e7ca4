/** The tour of the README as its words in bold, in code and in italics, step by step. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

const readme = path.resolve(import.meta.dirname, '../../README.md');

export interface TourStep {
  readonly text: string;
  /** What is marked in the text, in its order: `**F5**`, `` `crash n1` ``, `*Cluster*`. */
  readonly marked: readonly string[];
}

/** The numbered steps below `## The first five minutes`. */
export function tourSteps(): TourStep[] {
  const [, section = ''] =
    /^## The first five minutes\n([^]*?)^## /m.exec(readFileSync(readme, 'utf8')) ?? [];
  return section
    .split(/^\d+\. /m)
    .slice(1)
    .map((part) => {
      const text = part.replace(/\s+/g, ' ').trim();
      const marked = [...text.matchAll(/\*\*.+?\*\*|`[^`]+`|\*.+?\*/g)].map(([mark]) => mark);
      return { text, marked };
    });
}

/** Reads a step from its first mark to its last: a test must perform each, in the README's words. */
export class TourReader {
  private at = 0;

  constructor(private readonly step: TourStep) {}

  get text(): string {
    return this.step.text;
  }

  /** The next mark, which must be one of these. */
  take(...expected: string[]): string {
    const mark = this.step.marked[this.at++];
    if (mark === undefined || !expected.includes(mark)) {
      throw new Error(`the README says ${mark ?? 'nothing more'}, not ${expected.join(' or ')}`);
    }
    return mark;
  }

  /** The next mark, which must be code: what a user types, without its quotes. */
  code(): string {
    const mark = this.step.marked[this.at++] ?? 'nothing more';
    if (!mark.startsWith('`')) throw new Error(`the README says ${mark}, and code is expected`);
    return mark.slice(1, -1);
  }

  end(): void {
    const rest = this.step.marked.slice(this.at);
    if (rest.length > 0) throw new Error(`not performed: ${rest.join(', ')}`);
  }
}
