/** Analyzes a statement against the tables: finds its errors, and computes the rows of a SELECT. */
import {
  asType, assignmentFault, type ColumnTypes, typeFault, valueOf, whereFault,
} from './expressions.ts';
import type { Result, Table, Version } from './state.ts';
import {
  type Aggregate, type Expression, type Insert, isError, type Item, type RowStatement,
  type Select, type SqlError, sqlError, type Update, type Value, type Values,
} from './syntax.ts';

type Tables = Readonly<Record<string, Table>>;

/** Returns why the statement is invalid; undefined if it is valid. */
export function faultIn(statement: RowStatement, tables: Tables): SqlError | undefined {
  if (!Object.hasOwn(tables, statement.table)) {
    return sqlError('42P01', `relation "${statement.table}" does not exist`);
  }
  const table = tables[statement.table];
  const types = typesOf(table);
  if (statement.type === 'insert') return insertFault(statement, table, types);
  const fault = whereFault(statement.where, types);
  if (fault !== undefined) return fault;
  if (statement.type === 'select') return selectFault(statement, types);
  return statement.type === 'update' ? updateFault(statement, table, types) : undefined;
}

function typesOf(table: Table): ColumnTypes {
  return Object.fromEntries(table.columns.map(({ name, type }) => [name, type]));
}

function selectFault(statement: Select, types: ColumnTypes): SqlError | undefined {
  const { items, order } = statement;
  if (order !== null && !Object.hasOwn(types, order.column)) {
    return sqlError('42703', `column "${order.column}" does not exist`);
  }
  if (items === '*') return undefined;
  for (const { of } of items) {
    const fault = of === null ? undefined : typeFault(of, types);
    if (fault !== undefined) return fault;
  }
  if (!items.some(({ type }) => type === 'aggregate')) return undefined;
  const grouped = 'must appear in the GROUP BY clause or be used in an aggregate function';
  const columns = items.map((item) => (item.type === 'expression' ? columnIn(item.of) : undefined));
  const column = columns.find((name) => name !== undefined) ?? order?.column;
  if (column !== undefined) {
    return sqlError('42803', `column "${statement.table}.${column}" ${grouped}`);
  }
  if (!statement.forUpdate) return undefined;
  return sqlError('0A000', 'FOR UPDATE is not allowed with aggregate functions');
}

/** The first column that an expression contains. */
function columnIn(expression: Expression): string | undefined {
  switch (expression.type) {
    case 'literal':
      return undefined;
    case 'column':
      return expression.name;
    case 'binary':
      return columnIn(expression.left) ?? columnIn(expression.right);
    default:
      return columnIn(expression.of);
  }
}

function updateFault(
  { table: name, set }: Update,
  table: Table,
  types: ColumnTypes,
): SqlError | undefined {
  const assigned = new Set<string>();
  for (const { column, value } of set) {
    const fault = columnFault(name, column, types) ?? assignmentFault(column, value, types);
    if (fault !== undefined) return fault;
    if (assigned.has(column)) {
      return sqlError('42601', `multiple assignments to same column "${column}"`);
    }
    assigned.add(column);
    if (column === table.primaryKey) {
      return sqlError('0A000', 'changing a primary key is not supported here');
    }
  }
  return undefined;
}

function columnFault(table: string, column: string, types: ColumnTypes): SqlError | undefined {
  if (Object.hasOwn(types, column)) return undefined;
  return sqlError('42703', `column "${column}" of relation "${table}" does not exist`);
}

function insertFault(
  { table: name, columns, rows }: Insert,
  table: Table,
  types: ColumnTypes,
): SqlError | undefined {
  const named = columns ?? table.columns.map((column) => column.name);
  for (const column of named) {
    const fault = columnFault(name, column, types);
    if (fault !== undefined) return fault;
  }
  for (const row of rows) {
    if (row.length > named.length) {
      return sqlError('42601', 'INSERT has more expressions than target columns');
    }
    if (row.length < named.length && columns !== null) {
      return sqlError('42601', 'INSERT has more target columns than expressions');
    }
    for (let i = 0; i < row.length; i++) {
      const fault = typeFault(row[i], {}) ?? assignmentFault(named[i], row[i], types);
      if (fault !== undefined) return fault;
    }
  }
  return undefined;
}

/** The values of a new row; a column that the statement does not name is null. */
export function valuesToInsert(
  statement: Insert,
  table: Table,
  index: number,
): Values | SqlError {
  const named = statement.columns ?? table.columns.map(({ name }) => name);
  const values: Record<string, Value> = {};
  for (const { name, type } of table.columns) {
    const at = named.indexOf(name);
    const expression = at < 0 ? undefined : statement.rows[index][at];
    const value = expression === undefined ? null : valueOf(expression, {});
    if (isError(value)) return value;
    values[name] = asType(value, type);
  }
  const key = table.primaryKey;
  if (key === null || values[key] !== null) return values;
  const what = `null value in column "${key}" of relation "${statement.table}"`;
  return sqlError('23502', `${what} violates not-null constraint`);
}

// The rows of a SELECT

/** The versions in the order of ORDER BY, in which null is greater than all other values. */
export function sorted(statement: Select, versions: readonly Version[]): Version[] {
  if (statement.order === null) return versions.slice();
  const { column, descending } = statement.order;
  const order = (a: Value, b: Value): number => {
    if (a === b) return 0;
    if (a === null || b === null) return a === null ? 1 : -1;
    return a < b ? -1 : 1;
  };
  const sign = descending ? -1 : 1;
  return versions.toSorted((a, b) => sign * order(a.values[column], b.values[column]));
}

export function project(statement: Select, table: Table, rows: readonly Values[]): Result {
  const names = table.columns.map(({ name }) => name);
  const items: readonly Item[] =
    statement.items === '*'
      ? names.map((name) => ({ type: 'expression', of: { type: 'column', name } }))
      : statement.items;
  const columns = items.map(titleOf);
  if (items.some(({ type }) => type === 'aggregate')) {
    const row: Value[] = [];
    for (const item of items) {
      const { of } = item;
      const value = item.type === 'aggregate' ? total(item.name, of, rows) : valueOf(of!, {});
      if (isError(value)) return value;
      row.push(value);
    }
    return { type: 'rows', columns, rows: [row] };
  }
  const projected: Value[][] = [];
  for (const values of rows) {
    const row: Value[] = [];
    for (const { of } of items) {
      const value = valueOf(of!, values);
      if (isError(value)) return value;
      row.push(value);
    }
    projected.push(row);
  }
  return { type: 'rows', columns, rows: projected };
}

function titleOf(item: Item): string {
  if (item.type === 'aggregate') return item.name;
  return item.of.type === 'column' ? item.of.name : '?column?';
}

function total(name: Aggregate, of: Expression | null, rows: readonly Values[]): Value | SqlError {
  const values: Value[] = [];
  for (const row of rows) {
    const value = of === null ? true : valueOf(of, row);
    if (isError(value)) return value;
    if (value !== null) values.push(value);
  }
  if (name === 'count') return values.length;
  if (values.length === 0) return null;
  if (name === 'sum') return values.reduce<number>((sum, value) => sum + Number(value), 0);
  const isBetter = (a: Value, b: Value) => (name === 'min' ? a! < b! : a! > b!);
  return values.reduce((best, value) => (isBetter(value, best) ? value : best));
}
