/** JSON as PostgreSQL keeps it: json as it was written, jsonb normalized; and its parts. */
import { notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import { toNumeric } from './numeric.ts';

/** A value of JSON, with the text that it was written as. */
type Json = { readonly written: string } & (
  | { readonly type: 'object'; readonly members: readonly (readonly [string, Json])[] }
  | { readonly type: 'array'; readonly items: readonly Json[] }
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'other' }
);

const invalid = sqlError('22P02', 'invalid input syntax for type json');

/** The text of a json or a jsonb, or why it is none. */
export function readJson(text: string, type: 'json' | 'jsonb'): string | SqlError {
  if (depthOf(text) > depthMax) {
    return notModelled(`JSON that is nested more than ${depthMax} deep`);
  }
  const parsed = parse(text);
  if (parsed === undefined) return invalid;
  return type === 'json' ? text : normal(parsed);
}

/**
 * `json -> key` and `json -> index`; null if there is no such part. `asText` is `->>`, which gives
 * strings without quotes, and SQL's null for that of JSON.
 */
export function partOf(
  text: string,
  key: string | number,
  type: 'json' | 'jsonb',
  asText: boolean,
): string | null {
  const json = parse(text)!;
  let part: Json | undefined;
  if (json.type === 'object' && typeof key === 'string') {
    part = json.members.findLast(([name]) => name === key)?.[1];
  } else if (json.type === 'array' && typeof key === 'number') part = json.items.at(key);
  if (part === undefined || (asText && part.written === 'null')) return null;
  if (asText && part.type === 'string') return part.value;
  return type === 'json' ? part.written : normal(part);
}

/** An object of these members, whose values are JSON already. */
export function objectText(
  members: readonly (readonly [string, string])[],
  type: 'json' | 'jsonb',
): string | SqlError {
  const texts = members.map(([name, value]) => `${JSON.stringify(name)} : ${value}`);
  return readJson(`{${texts.join(', ')}}`, type);
}

/** As jsonb shows it: without spaces that mean nothing, and with the members in its own order. */
function normal(json: Json): string {
  switch (json.type) {
    case 'object': {
      const members = [...new Map(json.members)].sort(([a], [b]) => compareKeys(a, b));
      const texts = members.map(([name, value]) => `${JSON.stringify(name)}: ${normal(value)}`);
      return `{${texts.join(', ')}}`;
    }
    case 'array':
      return `[${json.items.map(normal).join(', ')}]`;
    case 'string':
      return JSON.stringify(json.value);
    case 'other':
      return toNumeric(json.written) ?? json.written;
  }
}

/** The shorter key comes first. */
function compareKeys(a: string, b: string): number {
  const [one, other] = [codes(a), codes(b)];
  const length = bytesOf(one) - bytesOf(other);
  if (length !== 0) return length;
  const differing = one.findIndex((code, i) => code !== other[i]);
  return differing < 0 ? 0 : one[differing] - other[differing];
}

const codes = (text: string): number[] => Array.from(text, (one) => one.codePointAt(0)!);

/** The length in UTF-8. */
function bytesOf(list: readonly number[]): number {
  const lengthOf = (code: number) =>
    code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_0000 ? 3 : 4;
  return list.reduce((sum, code) => sum + lengthOf(code), 0);
}

// Parsing

/** How deep the brackets are nested, if all of them count. */
function depthOf(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const one of text) {
    if (one === '{' || one === '[') deepest = Math.max(deepest, ++depth);
    else if (one === '}' || one === ']') depth--;
  }
  return deepest;
}

const sign = '[{}[\\],:]';
const string = '"(?:[^"\\\\\\u0000-\\u001f]|\\\\(?:["\\\\/bfnrt]|u[0-9a-fA-F]{4}))*"';
const number = '-?(?:0|[1-9]\\d*)(?:\\.\\d+)?(?:[eE][-+]?\\d+)?';
const other = `(?:${number}|true|false|null)(?![\\w.+-])`;
const token = new RegExp(`[ \\t\\n\\r]*(?:(${sign})|(${string})|(${other}))`, 'y');

/** Deeper values would take too many calls. */
const depthMax = 500;

interface Token {
  readonly kind: 'sign' | 'string' | 'other';
  readonly text: string;
  readonly from: number;
  readonly to: number;
}

function parse(text: string): Json | undefined {
  const tokens = tokensOf(text);
  if (tokens === undefined) return undefined;
  let at = 0;
  const takes = (sign: string): boolean => {
    const isNext = tokens[at]?.kind === 'sign' && tokens[at].text === sign;
    if (isNext) at++;
    return isNext;
  };
  const list = <T>(end: string, read: () => T | undefined): T[] | undefined => {
    const found: T[] = [];
    if (takes(end)) return found;
    do {
      const one = read();
      if (one === undefined) return undefined;
      found.push(one);
    } while (takes(','));
    return takes(end) ? found : undefined;
  };
  const member = (): [string, Json] | undefined => {
    const name = tokens[at++];
    if (name?.kind !== 'string' || !takes(':')) return undefined;
    const one = value();
    return one && [JSON.parse(name.text) as string, one];
  };
  const value = (): Json | undefined => {
    const first = tokens[at];
    if (first === undefined) return undefined;
    at++;
    const written = () => text.slice(first.from, tokens[at - 1].to);
    if (first.kind === 'string') {
      return { type: 'string', value: JSON.parse(first.text) as string, written: first.text };
    }
    if (first.kind === 'other') return { type: 'other', written: first.text };
    if (first.text === '{') {
      const members = list('}', member);
      return members && { type: 'object', members, written: written() };
    }
    const items = first.text === '[' ? list(']', value) : undefined;
    return items && { type: 'array', items, written: written() };
  };
  const whole = value();
  return at === tokens.length ? whole : undefined;
}

function tokensOf(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  for (let at = 0; at < end; at = token.lastIndex) {
    token.lastIndex = at;
    const found = token.exec(text);
    if (found === null) return undefined;
    const [, ofSign, ofString, ofOther] = found;
    const kind = ofSign !== undefined ? 'sign' : ofString !== undefined ? 'string' : 'other';
    const written = ofSign ?? ofString ?? ofOther;
    const to = token.lastIndex;
    tokens.push({ kind, text: written, from: to - written.length, to });
  }
  return tokens;
}
