/** The tables of a statement, and the locks that it takes on them. */
import type {
  Expression, Item, RowStatement, Select, Source, TableMode,
} from '../sql/syntax.ts';
import { partsOf } from '../expressions/conditions.ts';

interface TableLock {
  readonly table: string;
  readonly mode: TableMode;
}

/** In the order in which the statement names them; CTEs are not among them. */
export function tablesOf(statement: RowStatement, commons: readonly string[] = []): TableLock[] {
  const known = [...commons];
  const found: TableLock[] = [];
  for (const { name, statement: inner } of statement.with) {
    found.push(...tablesOf(inner, known));
    known.push(name);
  }
  const add = (one: TableLock): void => {
    if (!known.includes(one.table)) found.push(one);
  };
  const query = (select: Select): void => {
    found.push(...tablesOf(select, known));
  };
  if (statement.type === 'select') {
    for (const source of statement.from) addSource(source, statement, add, query);
    if (statement.combined !== null) {
      query(statement.combined.left);
      query(statement.combined.right);
    }
  } else {
    found.push({ table: statement.table, mode: 'row exclusive' });
    if (statement.type === 'insert') {
      if (statement.source.type === 'query') query(statement.source.select);
    } else {
      for (const source of statement.from) addSource(source, null, add, query);
    }
  }
  for (const expression of expressionsOf(statement)) {
    for (const select of queriesIn(expression)) query(select);
  }
  return found;
}

function addSource(
  source: Source,
  select: Select | null,
  add: (one: TableLock) => void,
  query: (select: Select) => void,
): void {
  switch (source.type) {
    case 'table': {
      const name = source.alias ?? source.name;
      const isLocked = select?.locking.some(({ of }) => of.length === 0 || of.includes(name));
      add({ table: source.name, mode: isLocked ? 'row share' : 'access share' });
      break;
    }
    case 'subquery':
      query(source.select);
      break;
    case 'series':
      break;
    case 'join':
      addSource(source.left, select, add, query);
      addSource(source.right, select, add, query);
      for (const inner of source.on === null ? [] : queriesIn(source.on)) query(inner);
  }
}

/** The subqueries of an expression. */
function queriesIn(expression: Expression): Select[] {
  const inside = partsOf(expression).flatMap(queriesIn);
  switch (expression.type) {
    case 'exists':
    case 'subquery':
    case 'compared select':
      return [...inside, expression.select];
    default:
      return inside;
  }
}

function expressionsOf(statement: RowStatement): Expression[] {
  const ofItems = (items: readonly Item[] | null): Expression[] =>
    (items ?? []).flatMap((item) => (item.type === 'all' ? [] : [item.of]));
  const given = (list: readonly (Expression | 'default' | null)[]): Expression[] =>
    list.filter((one): one is Expression => one !== null && one !== 'default');
  switch (statement.type) {
    case 'select': {
      const { items, where, group, having, order, limit, offset, values, distinctOn } = statement;
      const orders = order.map(({ of }) => of);
      const rest = given([...distinctOn, where, ...group, having, ...orders, limit, offset]);
      return [...ofItems(items), ...rest, ...(values ?? []).flat()];
    }
    case 'insert': {
      const { source, conflict, returning } = statement;
      const rows = source.type === 'values' ? source.rows.flat() : [];
      const set = conflict?.set?.map(({ value }) => value) ?? [];
      return [...given([...rows, ...set, conflict?.where ?? null]), ...ofItems(returning)];
    }
    case 'update':
      return [
        ...given([...statement.set.map(({ value }) => value), statement.where]),
        ...ofItems(statement.returning),
      ];
    case 'delete':
      return [...given([statement.where]), ...ofItems(statement.returning)];
  }
}
