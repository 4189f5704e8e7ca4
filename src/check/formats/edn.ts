/**
 * Reads EDN, the notation of Clojure's data, in which Jepsen writes histories. The packages that
 * read it do not say where a value or an error is.
 */
import type { Json } from '../../protocol/types.ts';
import { depthMax, endOfString, numberIn } from './numbers.ts';
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

/** The first value of a part of a text; what follows it is not read. Throws `TextError`. */
export function firstEdn(text: string, start: number, end: number): EdnValue | undefined {
  return new Reader(text, start, end).next();
}

const closing: Readonly<Record<string, string>> = { '[': ']', '(': ')', '{': '}', '#{': '}' };

/** A symbol, or a keyword without its colon; tags are symbols too. */
const symbol = /^(?:[\p{L}*!_?$%&=<>/|]|[-+.](?!\d))[\p{L}\p{N}.*+!\-_?$%&=<>/:#'|]*$/u;

class Reader {
  private depth = 0;

  constructor(
    private readonly text: string,
    private at: number,
    private readonly end: number,
  ) {}

  /** The next value; undefined at the end. */
  next(): EdnValue | undefined {
    // Tags and `#_` nest too: `#a #a #a …`.
    if (++this.depth > depthMax) throw new TextError('this value is nested too deeply', this.at);
    const value = this.value();
    this.depth--;
    return value;
  }

  private value(): EdnValue | undefined {
    this.skip();
    if (this.at >= this.end) return undefined;
    const offset = this.at;
    const rest = this.text[this.at];
    if (rest === '"') return { value: this.string(), offset };
    if (rest === '#') return this.dispatch(offset);
    if (rest === '\\') return { value: this.character(), offset };
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
    const start = this.at;
    while (this.at < this.end && /[\w.\-/]/.test(this.text[this.at])) this.at++;
    if (!/^[a-z]/i.test(this.text.slice(start, this.at))) {
      const what = this.text.slice(offset, offset + 12).split(/[\s{}[\]()",;]/, 1)[0];
      const how = 'write a value without it, and the keys of a map in full';
      throw new TextError(`\`${what}\` is not supported: ${how}`, offset);
    }
    return { ...this.required('a value after a tag'), offset };
  }

  private collection(open: string, offset: number): EdnValue {
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
    if (open !== '{') return { value: items.map(({ value }) => value), offset, items };
    return mapOf(items, offset);
  }

  private string(): string {
    const offset = this.at;
    const after = endOfString(this.text, offset, this.end);
    if (after === undefined) throw new TextError('this string has no closing `"`', offset);
    this.at = after;
    const written = this.text.slice(offset, after);
    try {
      return JSON.parse(written.replaceAll(/\p{Cc}/gu, escaped)) as string;
    } catch {
      const what = `this string has an escape that is not supported: ${written.slice(0, 60)}`;
      throw new TextError(what, offset);
    }
  }

  /** `\a`, `\newline`, and a delimiter such as `\(`. */
  private character(): string {
    const offset = this.at;
    this.at += 2;
    while (this.at < this.end && /[\p{L}\p{N}]/u.test(this.text[this.at])) this.at++;
    return this.text.slice(offset, this.at);
  }

  private atom(): Json {
    const offset = this.at;
    while (this.at < this.end && !/[\s,;"()[\]{}]/.test(this.text[this.at])) this.at++;
    const word = this.text.slice(offset, this.at);
    if (word === 'nil') return null;
    if (word === 'true' || word === 'false') return word === 'true';
    const isNumber = /^[+-]?\d+(\.\d*)?([eE][+-]?\d+)?[NM]?$/.test(word);
    const number = isNumber ? numberIn(word.replace(/[NM]$/, '')) : undefined;
    if (number !== undefined) return number;
    if (word.startsWith(':') && /^:?[\p{N}]/u.test(word.slice(1))) return word.slice(1);
    const name = word.replace(/^::?/, '');
    if (symbol.test(name)) return name;
    // Of `#object[java.lang.Object 0x1f "…"]`; a ratio equals only itself.
    if (/^(0x[0-9a-f]+|[+-]?\d+\/\d+)$/i.test(word)) return word;
    const form = 'write nil, true, a number, a "string", a :keyword, or a [list]';
    throw new TextError(`\`${word.slice(0, 60)}\` is not a value: ${form}`, offset);
  }
}

function escaped(control: string): string {
  return `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function mapOf(items: readonly EdnValue[], offset: number): EdnValue {
  if (items.length % 2 === 1) {
    throw new TextError('this map has a key without a value', items.at(-1)!.offset);
  }
  const fields = new Map<string, EdnValue>();
  for (let i = 0; i < items.length; i += 2) {
    const key = items[i].value;
    const name = typeof key === 'string' ? key : JSON.stringify(key);
    if (fields.has(name)) {
      throw new TextError(`this map has the key ${name} twice: leave one out`, items[i].offset);
    }
    fields.set(name, items[i + 1]);
  }
  const value = Object.fromEntries([...fields].map(([key, one]) => [key, one.value]));
  return { value, offset, fields };
}
