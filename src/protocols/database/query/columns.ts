/** The columns of a result, as SELECT and RETURNING list them. */
import { bind } from '../expressions/bind.ts';
import type { Bound, Place } from '../expressions/bound.ts';
import type { Type } from '../expressions/values.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import type { Expression, Item } from '../sql/syntax.ts';

/** A column of the result. */
export interface Column {
  readonly name: string;
  readonly bound: Bound;
  readonly syntax: Expression | null;
}

export function bindItems(items: readonly Item[], place: Place): Column[] | SqlError {
  const found: Column[] = [];
  for (const item of items) {
    if (item.type === 'all') {
      const columns = bindAll(item.table, place);
      if (isError(columns)) return columns;
      found.push(...columns);
      continue;
    }
    const bound = bind(item.of, place);
    if (isError(bound)) return bound;
    found.push({ name: item.alias ?? titleOf(item.of), bound, syntax: item.of });
  }
  return found;
}

function bindAll(table: string | null, place: Place): Column[] | SqlError {
  const { scope } = place;
  if (table === null && scope.entries.length === 0) {
    return sqlError('42601', 'SELECT * with no tables specified is not valid');
  }
  const entry = scope.entries.find(({ name }) => name === table);
  if (table !== null && entry === undefined) {
    return sqlError('42P01', `missing FROM-clause entry for table "${table}"`);
  }
  const all = entry?.columns.map((_, column) => ({ entry, column })) ?? scope.visible;
  return all.map(({ entry: one, column }) => {
    const { name, type } = one.columns[column];
    const syntax: Expression = { type: 'column', table: one.name, name };
    scope.plain.push({ depth: 0, entry: one, column, type });
    const value: Bound['value'] = ({ rows }) => rows[one.index]?.values[column] ?? null;
    return { name, bound: { type, value }, syntax };
  });
}

/** The name that PostgreSQL gives to a column without AS. */
function titleOf(expression: Expression): string {
  switch (expression.type) {
    case 'column':
    case 'call':
      return expression.name;
    case 'cast':
      if (titleOf(expression.of) !== '?column?') return titleOf(expression.of);
      return castTitle(expression.to);
    case 'case':
      return expression.otherwise?.type === 'column' ? expression.otherwise.name : 'case';
    case 'exists':
      return 'exists';
    case 'subquery': {
      const [item] = expression.select.items;
      return item?.type === 'expression' ? (item.alias ?? titleOf(item.of)) : '?column?';
    }
    case 'literal':
      return typeof expression.value === 'boolean' ? 'bool' : '?column?';
    default:
      return '?column?';
  }
}

function castTitle(type: Type): string {
  const names: Partial<Record<Type, string>> = { integer: 'int4', bigint: 'int8', boolean: 'bool' };
  return names[type] ?? type;
}

/** An expression of ORDER BY or GROUP BY may be the name or the number of a column. */
export function columnFor(
  of: Expression,
  items: readonly Column[],
  clause: 'ORDER BY' | 'GROUP BY',
  title: string = clause,
): Bound | SqlError | undefined {
  if (of.type === 'literal' && typeof of.value === 'number') {
    const item = items[of.value - 1];
    if (item !== undefined) return item.bound;
    return sqlError('42P10', `${title} position ${of.value} is not in select list`);
  }
  if (of.type !== 'column' || of.table !== null || clause !== 'ORDER BY') return undefined;
  const named = items.filter(({ name }) => name === of.name);
  const isSame = named.every(({ syntax }) => sameSyntax(syntax, named[0].syntax));
  if (named.length > 1 && !isSame) return sqlError('42702', `${title} "${of.name}" is ambiguous`);
  return named[0]?.bound;
}

/** What the name or the number of a column stands for, else the expression itself. */
export function columnSyntax(of: Expression, items: readonly Column[]): Expression | null {
  if (of.type === 'literal' && typeof of.value === 'number') {
    return items[of.value - 1]?.syntax ?? of;
  }
  if (of.type !== 'column' || of.table !== null) return of;
  return items.find(({ name }) => name === of.name)?.syntax ?? of;
}

export function sameSyntax(one: Expression | null, other: Expression | null): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** The names and types of the columns; null if there is no RETURNING. */
export function columnsOf(
  items: readonly Column[] | null,
): readonly { readonly name: string; readonly type: Type }[] | null {
  return items?.map(({ name, bound }) => ({ name, type: bound.type })) ?? null;
}
