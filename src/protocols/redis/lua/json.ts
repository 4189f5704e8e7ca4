/** The library cjson: JSON text from Lua values, and back. */
import { LuaError, LuaFunction, numberText, Table, typeOf, type Value } from './values.ts';

/** What `cjson.null` is: in replies it becomes null, and it is true in conditions. */
export const jsonNull = new Table();

export function encode(value: Value): string {
  if (value === null || value === jsonNull) return 'null';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'number') {
    if (Number.isFinite(value)) return numberText(value);
    throw new LuaError('Cannot serialise number: must not be NaN or Inf');
  }
  if (typeof value === 'string') return JSON.stringify(value).replaceAll('/', '\\/');
  if (value instanceof LuaFunction) {
    throw new LuaError(`Cannot serialise ${typeOf(value)}: type not supported`);
  }
  if (value.map.size === 0 && value.length > 0) return `[${value.list.map(encode).join(',')}]`;
  const fields = value.keys().map((key) => {
    if (typeof key !== 'string' && typeof key !== 'number') {
      throw new LuaError('Cannot serialise table: table key must be a number or string');
    }
    const name = typeof key === 'number' ? numberText(key) : key;
    return `${encode(name)}:${encode(value.get(key))}`;
  });
  return `{${fields.join(',')}}`;
}

export function decode(text: string): Value {
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    if (text.trim() === '') {
      throw new LuaError(`Expected value but found T_END at character ${text.length + 1}`);
    }
    // cjson names the character at which it stopped; JSON.parse does not say which one that is.
    throw new LuaError('Expected value but found invalid token at character 1');
  }
  return valueOf(data);
}

function valueOf(data: unknown): Value {
  if (data === null) return jsonNull;
  if (Array.isArray(data)) return Table.of(data.map(valueOf));
  if (typeof data !== 'object') return data as boolean | number | string;
  const fields = Object.entries(data).map(([name, value]) => [name, valueOf(value)] as const);
  return Table.from(Object.fromEntries(fields));
}
