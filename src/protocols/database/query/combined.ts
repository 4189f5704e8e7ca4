/** VALUES, and queries that UNION, INTERSECT and EXCEPT combine. */
import { bind } from '../expressions/bind.ts';
import {
  type Bound, compareKeys, evaluated, type OrderKey, made, orderFault, unified,
} from '../expressions/bound.ts';
import { type Env, envOf, isStop, Scope } from '../expressions/scope.ts';
import { commonType, convert, type Type, typeName } from '../expressions/values.ts';
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Combined, Expression, Order, Select, Value } from '../sql/syntax.ts';
import { allRows, oneByOne, type Rows } from './execution.ts';
import { bindCount, placeOf, type Surrounding } from './places.ts';
import { limited } from './rows.ts';
import type { OpenQuery } from './sources.ts';

type Row = readonly Value[];

const combinedName = 'UNION/INTERSECT/EXCEPT';

export function bindCombined(
  select: Select,
  { operator, all, left, right }: Combined,
  outer: Scope | null,
  around: Surrounding,
): OpenQuery | SqlError {
  const word = operator.toUpperCase();
  const sides: OpenQuery[] = [];
  for (const side of [left, right]) {
    if (side.locking.length > 0) return lockFault(side);
    const query = around.bindQuery(side, outer);
    if (isError(query)) return query;
    sides.push(query);
  }
  if (select.locking.length > 0) return lockFault(select);
  const [one, other] = sides;
  if (one.types.length !== other.types.length) {
    return sqlError('42601', `each ${word} query must have the same number of columns`);
  }
  const types: Type[] = [];
  for (const [i, type] of one.types.entries()) {
    const common = commonType(type, other.types[i]);
    if (common === undefined) {
      const both = `${typeName(type)} and ${typeName(other.types[i])}`;
      return sqlError('42804', `${word} types ${both} cannot be matched`);
    }
    if (common === 'json' && !all) {
      return sqlError('42883', 'could not identify an equality operator for type json');
    }
    types.push(common === 'unknown' ? 'text' : common);
  }
  const query: OpenQuery = {
    names: one.names, types,
    isCorrelated: one.isCorrelated || other.isCorrelated,
    open: (env) => {
      const [first, second] = sides.map((side) => asTypes(side.open(env), side.types, types));
      return combine(operator, all, types, first, second);
    },
  };
  return finished(query, select, outer, around, orderOfCombined);
}

function lockFault({ locking }: Select): SqlError {
  const what = `FOR ${locking[0].strength.toUpperCase()} is not allowed with ${combinedName}`;
  return sqlError('0A000', what);
}

/** The rows with their values converted. */
function asTypes(rows: Rows, from: readonly Type[], to: readonly Type[]): Rows {
  return () => {
    const row = rows();
    if (row === null || isStop(row)) return row;
    const values: Value[] = [];
    for (const [i, value] of row.entries()) {
      const converted = convert(value, from[i], to[i]);
      if (isError(converted)) return converted;
      values.push(converted);
    }
    return values;
  };
}

function combine(
  operator: Combined['operator'],
  all: boolean,
  types: readonly Type[],
  first: Rows,
  second: Rows,
): Rows {
  if (operator === 'union' && all) {
    let isFirst = true;
    return () => {
      const row = isFirst ? first() : second();
      if (row !== null || !isFirst) return row;
      isFirst = false;
      return second();
    };
  }
  return oneByOne(() => {
    const left = allRows(first);
    if (isStop(left)) return left;
    const right = allRows(second);
    if (isStop(right)) return right;
    const found = operator === 'union'
      ? [...left, ...right]
      : matched(left, right, operator === 'intersect');
    const rows = all ? found : [...new Map(found.map((row) => [keyOf(row), row])).values()];
    return rows.sort((a, b) => compareKeys(types.map(ascending), a, b));
  });
}

const keyOf = (row: Row): string => JSON.stringify(row);

function ascending(type: Type): OrderKey {
  return { bound: made(type, () => null), descending: false, nullsFirst: false };
}

/** The rows on the left that have, or do not have, an equal one on the right for themselves. */
function matched(left: readonly Row[], right: readonly Row[], wanted: boolean): Row[] {
  const counts = new Map<string, number>();
  for (const row of right) counts.set(keyOf(row), (counts.get(keyOf(row)) ?? 0) + 1);
  return left.filter((row) => {
    const count = counts.get(keyOf(row)) ?? 0;
    counts.set(keyOf(row), Math.max(count - 1, 0));
    return count > 0 === wanted;
  });
}

// ORDER BY, LIMIT and OFFSET of a whole query

type OrderFault = (of: Expression) => SqlError;

const orderOfCombined: OrderFault = () =>
  sqlError('0A000', `invalid ${combinedName} ORDER BY clause`);
const orderOfValues: OrderFault = () =>
  notModelled('ORDER BY of VALUES by anything but a column or its number');

function finished(
  query: OpenQuery,
  { order, limit, offset }: Select,
  outer: Scope | null,
  around: Surrounding,
  orderFaultOf: OrderFault,
): OpenQuery | SqlError {
  const keys = keysOf(query, order, orderFaultOf);
  if (isError(keys)) return keys;
  const most = bindCount(limit, 'LIMIT', around, outer);
  if (isError(most)) return most;
  const from = bindCount(offset, 'OFFSET', around, outer);
  if (isError(from)) return from;
  if (keys.length === 0 && most === null && from === null) return query;
  const open = (env: Env | null): Rows => {
    const rows = keys.length === 0 ? query.open(env) : sorted(query.open(env), keys);
    return limited({ limit: most, offset: from }, env, rows);
  };
  return { ...query, isCorrelated: query.isCorrelated, open };
}

interface Key extends OrderKey {
  readonly column: number;
}

function keysOf(
  { names, types }: OpenQuery,
  order: readonly Order[],
  faultOf: OrderFault,
): Key[] | SqlError {
  const keys: Key[] = [];
  for (const { of, descending, nullsFirst } of order) {
    const column = columnOf(of, names);
    if (column === undefined) return faultOf(of);
    if (isError(column)) return column;
    const fault = orderFault(types[column]);
    if (fault !== undefined) return fault;
    keys.push({ column, bound: made(types[column], () => null), descending, nullsFirst });
  }
  return keys;
}

function columnOf(of: Expression, names: readonly string[]): number | SqlError | undefined {
  if (of.type === 'literal' && typeof of.value === 'number') {
    if (of.value >= 1 && of.value <= names.length) return of.value - 1;
    return sqlError('42P10', `ORDER BY position ${of.value} is not in select list`);
  }
  if (of.type !== 'column' || of.table !== null) return undefined;
  const at = names.indexOf(of.name);
  if (at >= 0) return at;
  return sqlError('42703', `column "${of.name}" does not exist`);
}

function sorted(rows: Rows, keys: readonly Key[]): Rows {
  const valuesOf = (row: Row) => keys.map(({ column }) => row[column]);
  return oneByOne(() => {
    const all = allRows(rows);
    if (isStop(all)) return all;
    return all.toSorted((a, b) => compareKeys(keys, valuesOf(a), valuesOf(b)));
  });
}

// VALUES

export function bindValues(
  select: Select,
  rows: NonNullable<Select['values']>,
  outer: Scope | null,
  around: Surrounding,
): OpenQuery | SqlError {
  if (select.locking.length > 0) {
    const strength = select.locking[0].strength.toUpperCase();
    return sqlError('0A000', `FOR ${strength} cannot be applied to VALUES`);
  }
  const width = rows[0].length;
  const scope = new Scope(outer);
  const place = placeOf(scope, 'VALUES', around);
  const columns: Bound[][] = Array.from({ length: width }, () => []);
  for (const row of rows) {
    if (row.length !== width) {
      return sqlError('42601', 'VALUES lists must all be the same length');
    }
    for (const [i, one] of row.entries()) {
      const value = bind(one, place);
      if (isError(value)) return value;
      columns[i].push(value);
    }
  }
  const converted: Bound[][] = [];
  for (const column of columns) {
    const values = unified('VALUES', column);
    if (isError(values)) return values;
    converted.push(values);
  }
  const query = {
    names: converted.map((_, i) => `column${i + 1}`),
    types: converted.map(([{ type }]) => type),
    isCorrelated: scope.isCorrelated,
    open(env: Env | null): Rows {
      let at = 0;
      return () => {
        if (at === rows.length) return null;
        const row = converted.map((column) => column[at]);
        at++;
        return evaluated(row, envOf([], env));
      };
    },
  };
  return finished(query, select, outer, around, orderOfValues);
}
