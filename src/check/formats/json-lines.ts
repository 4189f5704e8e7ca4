/** Reads a line of JSON, with the place of each field and of a mistake. */
import type { Json } from '../../protocol/types.ts';
import type { EdnValue } from './edn.ts';
import { depthMax, endOfString, numberIn } from './numbers.ts';
import { TextError } from './problem.ts';

const byteOrderMark = /^\uFEFF/;

/** An object, whose line begins at `offset`. Throws `TextError`. */
export function jsonIn(given: string, offset: number): EdnValue {
  const line = given.replace(byteOrderMark, ' ');
  const value = parsed(line, offset);
  const column = line.length - line.trimStart().length;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const what = 'expected a JSON object with "process", "type", "f" and "value"';
    throw new TextError(what, offset + column);
  }
  if (depthOf(value) > depthMax) {
    throw new TextError('this value is nested too deeply', offset + column);
  }
  const fields = new Map<string, EdnValue>();
  for (const [name, one] of Object.entries(value as Record<string, Json>)) {
    const at = line.indexOf(JSON.stringify(name));
    fields.set(name, { value: one, offset: offset + Math.max(0, at) });
  }
  return { value, offset: offset + column, fields };
}

function parsed(line: string, offset: number): Json {
  try {
    return JSON.parse(withLargeNumbers(line)) as Json;
  } catch {
    const place = placeOfMistake(line);
    const how = 'write one object a line, without comments and trailing commas';
    throw new TextError(`this line is not JSON: ${how}`, offset + place);
  }
}

/** A JSON number has 53 bits: longer integers become strings, so that they stay different. */
function withLargeNumbers(line: string): string {
  if (!/\d{16}/.test(line)) return line;
  let result = '';
  for (let at = 0; at < line.length;) {
    const quote = line.indexOf('"', at);
    const outside = quote < 0 ? line.slice(at) : line.slice(at, quote);
    result += outside.replaceAll(/-?\b\d{16,}(?![\d.eE])/g, (digits) => {
      const number = numberIn(digits);
      return typeof number === 'string' ? JSON.stringify(number) : digits;
    });
    if (quote < 0) break;
    at = endOfString(line, quote) ?? line.length;
    result += line.slice(quote, at);
  }
  return result;
}

/** Engines word it differently, and some name no position. */
function placeOfMistake(line: string): number {
  try {
    JSON.parse(line);
  } catch (error) {
    const place = /at position (\d+)/.exec((error as Error).message);
    if (place !== null) return Number(place[1]);
  }
  return Math.max(0, line.trimEnd().length - 1);
}

function depthOf(value: Json): number {
  let depth = 0;
  let level: Json[] = [value];
  while (level.length > 0 && depth <= depthMax) {
    depth++;
    level = level.flatMap((one): Json[] =>
      typeof one === 'object' && one !== null ? Object.values(one as Record<string, Json>) : []);
  }
  return depth;
}
