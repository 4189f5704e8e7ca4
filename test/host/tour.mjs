// The tour of the README as its words in bold, in code and in italics, step by step.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './cache.mjs';

const readme = path.join(root, 'README.md');

/**
 * The numbered steps below `## The first five minutes`: the text of each, and what is marked in it,
 * in its order: `**F5**`, `` `crash n1` ``, `*Cluster*`.
 */
export function tourSteps() {
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
  #step;
  #at = 0;

  constructor(step) {
    this.#step = step;
  }

  get text() {
    return this.#step.text;
  }

  /** The next mark, which must be one of these. */
  take(...expected) {
    const mark = this.#step.marked[this.#at++];
    if (mark === undefined || !expected.includes(mark)) {
      throw new Error(`the README says ${mark ?? 'nothing more'}, not ${expected.join(' or ')}`);
    }
    return mark;
  }

  /** The next mark, which must be bold: a key, a button of the toolbar, a view. */
  bold() {
    const mark = this.#next();
    if (!mark.startsWith('**')) throw new Error(`the README says ${mark}, and a key is expected`);
    return mark.slice(2, -2);
  }

  /** The next mark, which must be in italics: a view, a command. */
  italic() {
    const mark = this.#next();
    if (!/^\*[^*]/.test(mark)) throw new Error(`the README says ${mark}, and a view is expected`);
    return mark.slice(1, -1);
  }

  /** The next mark, which must be code: what a user types, without its quotes. */
  code() {
    const mark = this.#next();
    if (!mark.startsWith('`')) throw new Error(`the README says ${mark}, and code is expected`);
    return mark.slice(1, -1);
  }

  /** What the text says where the pattern has its group. */
  words(pattern) {
    const [, found] = pattern.exec(this.text) ?? [];
    if (found === undefined) throw new Error(`the README no longer says ${pattern}: ${this.text}`);
    return found;
  }

  end() {
    const rest = this.#step.marked.slice(this.#at);
    if (rest.length > 0) throw new Error(`not performed: ${rest.join(', ')}`);
  }

  #next() {
    return this.#step.marked[this.#at++] ?? 'nothing more';
  }
}
