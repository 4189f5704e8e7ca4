/**
 * Reads EDN, the notation of Clojure's data, in which Jepsen writes histories. The packages that
 * read it do not say where a value or an error is.
 */
import type { Json } from '../../protocol/types.ts';
import { TextError } from './problem.ts';

export interface EdnValue {
  readonly value: Json;
  readonly offset: number;
  /** The values of a list or vector, with their offsets. */
  readonly items?: readonly EdnValue[];
  /** The values of a map by their keys; a keyword is a key without its colon. */
  readonly fields?: ReadonlyMap<string, EdnValue>;
}

/** All values of a text, one after the other. Throws `TextError`. */
export function readEdn(text: string, start = 0, end = text.length): EdnValue[] {
  const reader = new Reader(text, start, end);
  const values: EdnValue[] = [];
  for (let value = reader.next(); value !== undefined; value = reader.next()) values.push(value);
  return values;
}

const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '#{': '}' };
const depthMax = 200;

class Reader {
  private depth = 0;

  constructor(
    private readonly text: string,
    private at: number,
    private readonly end: number,
  ) {}

  /** The next value; undefined at the end. */
  next(): EdnValue | undefined {
    this.skip();
    if (this.at >= this.end) return undefined;
    const offset = this.at;
    const rest = this.text[this.at];
    if (rest === '"') return { value: this.string(), offset };
    if (rest === '#') return this.dispatch(offset);
    if (closing[rest] !== undefined) return this.collection(rest, offset);
    if (')]}'.includes(rest)) throw new TextError(`unexpected \`${rest}\``, offset);
    return { value: this.atom(), offset };
  }

  /** White space, commas, comments, and values after `#_`. */
  private skip(): void {
    for (;;) {
      while (this.at < this.end && /[\s,]/.test(this.text[this.at])) this.at++;
      if (this.text[this.at] === ';' && this.at < this.end) {
        while (this.at < this.end && this.text[this.at] !== '\n') this.at++;
      } else if (this.text.startsWith('#_', this.at) && this.at < this.end) {
        this.at += 2;
        this.required('a value after `#_`');
      } else {
        return;
      }
    }
  }

  private required(what: string): EdnValue {
    const value = this.next();
    if (value === undefined) throw new TextError(`expected ${what}`, this.at);
    return value;
  }

  /** Sets, and values with a tag, which is left out: `#inst "…"`, `#jepsen.history.Op{…}`. */
  private dispatch(offset: number): EdnValue {
    if (this.text[this.at + 1] === '{') return this.collection('#{', offset);
    this.at++;
    while (this.at < this.end && /[\w.\-/]/.test(this.text[this.at])) this.at++;
    return { ...this.required('a value after a tag'), offset };
  }

  private collection(open: string, offset: number): EdnValue {
    if (++this.depth > depthMax) throw new TextError('this value is nested too deeply', offset);
    this.at += open.length;
    const items: EdnValue[] = [];
    for (;;) {
      this.skip();
      if (this.at >= this.end) {
        throw new TextError(`this \`${open}\` has no \`${closing[open]}\``, offset);
      }
      if (this.text[this.at] === closing[open]) break;
      items.push(this.required('a value'));
    }
    this.at++;
    this.depth--;
    if (open !== '{') return { value: items.map(({ value }) => value), offset, items };
    return mapOf(items, offset);
  }

  private string(): string {
    const offset = this.at;
    const found = /"(?:[^"\\]|\\[^])*"/y;
    found.lastIndex = offset;
    const match = found.exec(this.text);
    if (match === null || found.lastIndex > this.end) {
      throw new TextError('this string has no closing `"`', offset);
    }
    this.at = found.lastIndex;
    try {
      return JSON.parse(match[0].replaceAll('\n', '\\n').replaceAll('\t', '\\t')) as string;
    } catch {
      throw new TextError(`this string has an escape that is not supported: ${match[0]}`, offset);
    }
  }

  private atom(): Json {
    const offset = this.at;
    while (this.at < this.end && !/[\s,;"()[\]{}]/.test(this.text[this.at])) this.at++;
    const word = this.text.slice(offset, this.at);
    if (word === 'nil') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    const isNumber = /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?[NM]?$/.test(word);
    if (isNumber) return Number(word.replace(/[NM]$/, ''));
    if (word.startsWith(':') && word.length > 1) return word.slice(1);
    if (/^[^\d:]/.test(word)) return word;
    throw new TextError(`\`${word}\` is not a value`, offset);
  }
}

function mapOf(items: readonly EdnValue[], offset: number): EdnValue {
  if (items.length % 2 === 1) {
    throw new TextError('this map has a key without a value', items.at(-1)!.offset);
  }
  const fields = new Map<string, EdnValue>();
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i].value;
    fields.set(typeof key === 'string' ? key : JSON.stringify(key), items[i + 1]);
  }
  const value = Object.fromEntries([...fields].map(([key, one]) => [key, one.value]));
  return { value, offset, fields };
}
