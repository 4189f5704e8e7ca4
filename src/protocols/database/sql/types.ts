/** Parses the names of types. */
import type { Reader } from './reader.ts';
import type { ColumnType } from './syntax.ts';

/** The types by the names that they have in SQL. */
export const types: Readonly<Record<string, ColumnType>> = {
  int: 'integer', integer: 'integer', int4: 'integer', bigint: 'bigint', int8: 'bigint',
  oid: 'bigint', regclass: 'text', numeric: 'numeric', decimal: 'numeric', text: 'text',
  varchar: 'text', boolean: 'boolean', bool: 'boolean', timestamp: 'timestamp',
  timestamptz: 'timestamptz', interval: 'interval', json: 'json', jsonb: 'jsonb',
};

/** A type without a size, of a cast or a literal. */
export function readType(reader: Reader): ColumnType {
  const { type, size } = readSizedType(reader);
  if (size !== undefined) reader.refuse('casts to a type with a size');
  return type;
}

interface SizedType {
  readonly type: ColumnType;
  readonly size?: readonly number[];
}

/** The type of a column, such as `varchar(20)`. */
export function readSizedType(reader: Reader): SizedType {
  if (reader.take('character', 'varying')) return sized(reader, 'text');
  if (reader.take('timestamp')) {
    if (reader.sees('(')) reader.refuse('timestamps with a precision');
    if (reader.take('with', 'time', 'zone')) return { type: 'timestamptz' };
    reader.take('without', 'time', 'zone');
    return sized(reader, 'timestamp');
  }
  const word = reader.next?.value ?? '';
  const type = types[word];
  if (type === undefined) {
    const name = reader.sees('double', 'precision') ? 'double precision' : word;
    if (reader.seesName) reader.refuse(`the type ${name}`);
    else reader.fail();
    return { type: 'text' };
  }
  reader.label();
  if (word === 'text' && reader.sees('(')) {
    reader.reject('42601', 'type modifier is not allowed for type "text"');
  }
  return sized(reader, type);
}

function sized(reader: Reader, type: ColumnType): SizedType {
  const isSized = reader.sees('(');
  const fits = type === 'text' || type === 'numeric';
  const size = isSized && fits && readSizes(reader, type === 'numeric');
  if (isSized && type === 'timestamptz') reader.refuse('timestamps with a precision');
  else if (isSized && !fits) reader.fail();
  if (reader.sees('[')) reader.refuse('arrays');
  return size ? { type, size } : { type };
}

function readSizes(reader: Reader, hasScale: boolean): number[] {
  const readSize = (): number => Number(reader.takeKind('number') ?? reader.fail());
  reader.expect('(');
  const sizes = [readSize()];
  if (hasScale && reader.take(',')) sizes.push(readSize());
  reader.expect(')');
  return sizes;
}

/** `integer[]`; returns the type of the elements. */
export function readArrayType(reader: Reader): ColumnType {
  const type = types[reader.next?.value ?? ''];
  if (type === undefined || !reader.seesAfter('[') || !reader.seesAfter(']', 2)) {
    reader.refuse('arrays of this type');
    return 'text';
  }
  reader.label();
  reader.expect('[', ']');
  return type;
}
