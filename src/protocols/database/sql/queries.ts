/** Parses SELECT, INSERT, UPDATE and DELETE. */
import { readExpression, readSubquery } from './expressions.ts';
import type { Reader } from './reader.ts';
import type {
  Assignment, Blocked, Common, Conflict, Delete, Expression, Insert, Item, Locking, Order,
  RowStatement, Select, Source, Strength, Update,
} from './syntax.ts';

/** Reads a SELECT, INSERT, UPDATE or DELETE, with its CTEs; undefined if none comes next. */
export function readRowStatement(reader: Reader): RowStatement | undefined {
  const common = readCommon(reader);
  if (reader.sees('select') || reader.sees('values') || reader.sees('(')) {
    return readSelectAfter(reader, common);
  }
  if (reader.take('insert')) {
    reader.expect('into');
    return readInsert(reader, common);
  }
  if (reader.take('update')) return readUpdate(reader, common);
  if (reader.take('delete')) {
    reader.expect('from');
    return readDelete(reader, common);
  }
  if (common.length > 0) reader.fail();
  return undefined;
}

function readCommon(reader: Reader): Common[] {
  if (!reader.take('with')) return [];
  if (reader.sees('recursive')) reader.refuse('WITH RECURSIVE');
  return reader.list(() => {
    const name = reader.name();
    const columns = reader.sees('(') ? reader.listed(() => reader.name()) : [];
    reader.expect('as');
    if (!reader.take('materialized')) reader.take('not', 'materialized');
    reader.expect('(');
    const statement = readRowStatement(reader);
    if (statement === undefined) reader.fail();
    reader.expect(')');
    return { name, columns, statement: statement ?? emptySelect([]) };
  });
}

// SELECT

export function readSelect(reader: Reader): Select {
  return readSelectAfter(reader, readCommon(reader));
}

/** Reads a SELECT without its first word, as after PERFORM. */
export function readSelectItems(reader: Reader): Select {
  return { ...emptySelect([]), ...readSelectBody(reader), ...readTail(reader) };
}

function emptySelect(common: readonly Common[]): Select {
  return {
    type: 'select', with: common, distinct: false, items: [], from: [], where: null, group: [],
    having: null, order: [], limit: null, offset: null, locking: [], values: null,
  };
}

function readSelectAfter(reader: Reader, common: readonly Common[]): Select {
  if (reader.sees('(')) reader.refuse('queries in parentheses');
  let select = emptySelect(common);
  if (reader.take('values')) {
    select = { ...select, values: reader.list(() => readRow(reader)) };
  } else {
    reader.expect('select');
    select = { ...select, ...readSelectBody(reader) };
  }
  for (const word of ['union', 'intersect', 'except']) {
    if (reader.sees(word)) reader.refuse(word.toUpperCase());
  }
  return { ...select, ...readTail(reader) };
}

function readSelectBody(reader: Reader): Partial<Select> {
  const distinct = reader.take('distinct');
  if (distinct && reader.sees('on', '(')) reader.refuse('DISTINCT ON');
  if (!distinct) reader.take('all');
  const hasItems = !reader.atEnd && !reader.sees('from') && !reader.sees('where');
  const items = hasItems ? readItems(reader) : [];
  if (reader.sees('into')) reader.refuse('SELECT INTO');
  const from = reader.take('from') ? reader.list(() => readSource(reader)) : [];
  const where = readWhere(reader);
  const group = reader.take('group', 'by') ? readGroup(reader) : [];
  const having = reader.take('having') ? readExpression(reader) : null;
  if (reader.sees('window')) reader.refuse('window functions (WINDOW)');
  return { distinct, items, from, where, group, having };
}

function readGroup(reader: Reader): Expression[] {
  for (const word of ['rollup', 'cube', 'grouping']) {
    if (reader.sees(word)) reader.refuse(`GROUP BY ${word.toUpperCase()}`);
  }
  return reader.list(() => readExpression(reader));
}

/** ORDER BY, LIMIT, OFFSET and FOR UPDATE; the last two may come in any order. */
function readTail(reader: Reader): Partial<Select> {
  const order = reader.take('order', 'by') ? reader.list(() => readOrder(reader)) : [];
  let limit: Expression | null = null;
  let offset: Expression | null = null;
  const locking: Locking[] = [];
  for (;;) {
    if (reader.take('limit')) limit = reader.take('all') ? null : readExpression(reader);
    else if (reader.take('offset')) {
      offset = readExpression(reader);
      if (!reader.take('rows')) reader.take('row');
    } else if (reader.take('fetch')) limit = readFetch(reader);
    else if (reader.take('for')) locking.push(readLocking(reader));
    else return { order, limit, offset, locking };
  }
}

/** `FETCH FIRST 5 ROWS ONLY`. */
function readFetch(reader: Reader): Expression {
  if (!reader.take('first')) reader.expect('next');
  const isOne = reader.sees('row') || reader.sees('rows');
  const count: Expression = isOne ? { type: 'literal', value: 1 } : readExpression(reader);
  if (!reader.take('rows')) reader.expect('row');
  if (reader.sees('with', 'ties')) reader.refuse('FETCH … WITH TIES');
  reader.expect('only');
  return count;
}

function readLocking(reader: Reader): Locking {
  const word = reader.takeOne('update', 'no key update', 'share', 'key share');
  if (word === undefined) reader.fail();
  const strength: Strength = word ?? 'update';
  const of = reader.take('of') ? reader.list(() => reader.name()) : [];
  const blocked: Blocked = reader.takeOne('nowait', 'skip locked') ?? 'wait';
  return { strength, of, blocked };
}

function readOrder(reader: Reader): Order {
  const of = readExpression(reader);
  const descending = reader.takeOne('asc', 'desc') === 'desc';
  if (reader.sees('using')) reader.refuse('ORDER BY … USING');
  const place = reader.takeOne('nulls first', 'nulls last');
  // Null is greater than all other values.
  return { of, descending, nullsFirst: place ? place === 'nulls first' : descending };
}

function readItems(reader: Reader): Item[] {
  return reader.list((): Item => {
    if (reader.take('*')) return { type: 'all', table: null };
    if (reader.seesName && reader.seesAfter('.') && reader.seesAfter('*', 2)) {
      const table = reader.name();
      reader.take('.', '*');
      return { type: 'all', table };
    }
    const of = readExpression(reader);
    return { type: 'expression', of, alias: reader.alias() };
  });
}

// FROM

function readSource(reader: Reader): Source {
  let left = readOneSource(reader);
  for (;;) {
    if (reader.sees('natural')) reader.refuse('NATURAL JOIN');
    if (reader.sees('right')) reader.refuse('RIGHT JOIN: write it as a LEFT JOIN');
    if (reader.sees('full')) reader.refuse('FULL JOIN');
    const word = reader.takeOne('join', 'inner join', 'cross join', 'left join', 'left outer join');
    if (word === undefined) return left;
    const right = readOneSource(reader);
    let on: Expression | null = null;
    let using: string[] = [];
    if (word !== 'cross join') {
      if (reader.take('using')) using = reader.listed(() => reader.name());
      else {
        reader.expect('on');
        on = readExpression(reader);
      }
    }
    const kind = word.startsWith('left') ? 'left' : 'inner';
    left = { type: 'join', kind, left, right, on, using };
  }
}

function readOneSource(reader: Reader): Source {
  if (reader.sees('lateral')) reader.refuse('LATERAL');
  reader.take('only');
  if (reader.sees('(')) return readParenthesized(reader);
  if (reader.seesName && reader.seesAfter('(')) return readSeries(reader);
  const name = reader.table();
  reader.take('*');
  const alias = reader.alias();
  if (alias !== null && reader.sees('(')) reader.refuse('new names for the columns of a table');
  if (reader.sees('tablesample')) reader.refuse('TABLESAMPLE');
  return { type: 'table', name, alias };
}

function readParenthesized(reader: Reader): Source {
  reader.expect('(');
  if (!reader.seesQuery) {
    const inside = readSource(reader);
    reader.expect(')');
    return inside;
  }
  const select = readSelect(reader);
  reader.expect(')');
  // PostgreSQL 15 demands a name.
  const alias = reader.alias();
  if (alias === null && !reader.error) {
    const what = select.values === null ? 'subquery' : 'VALUES';
    reader.reject('42601', `${what} in FROM must have an alias`);
  }
  const columns = reader.sees('(') ? reader.listed(() => reader.name()) : [];
  return { type: 'subquery', select, alias: alias ?? '', columns };
}

function tooManyNames(reader: Reader, what: string, has: number, named: number): void {
  reader.reject('42P10', `${what} has ${has} columns available but ${named} columns specified`);
}

function readSeries(reader: Reader): Source {
  const name = reader.name();
  if (name !== 'generate_series') reader.refuse(`the function ${name} in FROM`);
  const args = reader.listed(() => readExpression(reader));
  const alias = reader.alias() ?? name;
  const names = reader.sees('(') ? reader.listed(() => reader.name()) : [alias];
  if (names.length > 1) tooManyNames(reader, `table "${alias}"`, 1, names.length);
  if (reader.sees('with', 'ordinality')) reader.refuse('WITH ORDINALITY');
  const [column] = names;
  return { type: 'series', args, alias, column };
}

// INSERT, UPDATE, DELETE

function readInsert(reader: Reader, common: readonly Common[]): Insert {
  const table = reader.table();
  const alias = reader.take('as') ? reader.name() : null;
  const hasColumns = reader.sees('(') && !reader.sees('(', 'select') && !reader.sees('(', 'with');
  const columns = hasColumns ? reader.listed(() => reader.name()) : null;
  if (reader.sees('overriding')) reader.refuse('OVERRIDING');
  const source = readInsertSource(reader);
  const conflict = reader.take('on', 'conflict') ? readConflict(reader) : null;
  const returning = readReturning(reader);
  return { type: 'insert', with: common, table, alias, columns, source, conflict, returning };
}

function readInsertSource(reader: Reader): Insert['source'] {
  if (reader.take('default', 'values')) return { type: 'values', rows: [[]] };
  if (reader.take('values')) {
    const rows = reader.list(() => reader.listed(() => readValueOrDefault(reader)));
    return { type: 'values', rows };
  }
  if (reader.sees('(')) return { type: 'query', select: readSubquery(reader) };
  return { type: 'query', select: readSelect(reader) };
}

function readConflict(reader: Reader): Conflict {
  let target: Conflict['target'] = null;
  if (reader.take('on', 'constraint')) target = reader.name();
  else if (reader.sees('(')) {
    target = reader.listed(() => reader.name());
    if (reader.sees('where')) reader.refuse('partial indexes (ON CONFLICT … WHERE)');
  }
  reader.expect('do');
  if (reader.take('nothing')) return { target, set: null, where: null };
  reader.expect('update', 'set');
  if (target === null && !reader.error) {
    const what = 'ON CONFLICT DO UPDATE requires inference specification or constraint name';
    reader.reject('42601', what);
  }
  const set = readAssignments(reader);
  return { target, set, where: readWhere(reader) };
}

function readUpdate(reader: Reader, common: readonly Common[]): Update {
  const { table, alias } = readTarget(reader, 'set');
  reader.expect('set');
  const set = readAssignments(reader);
  const from = reader.take('from') ? reader.list(() => readSource(reader)) : [];
  const where = readCondition(reader);
  const returning = readReturning(reader);
  return { type: 'update', with: common, table, alias, set, from, where, returning };
}

function readDelete(reader: Reader, common: readonly Common[]): Delete {
  const { table, alias } = readTarget(reader, 'using');
  const from = reader.take('using') ? reader.list(() => readSource(reader)) : [];
  const where = readCondition(reader);
  const returning = readReturning(reader);
  return { type: 'delete', with: common, table, alias, from, where, returning };
}

function readTarget(reader: Reader, next: string): { table: string; alias: string | null } {
  reader.take('only');
  const table = reader.table();
  reader.take('*');
  return { table, alias: reader.sees(next) ? null : reader.alias() };
}

function readCondition(reader: Reader): Expression | null {
  if (reader.sees('where', 'current', 'of')) reader.refuse('cursors (WHERE CURRENT OF)');
  return readWhere(reader);
}

function readAssignments(reader: Reader): Assignment[] {
  return reader.list(() => readAssignment(reader)).flat();
}

/** Reads `a = 1`, or `(a, b) = (1, 2)`. */
function readAssignment(reader: Reader): Assignment[] {
  if (!reader.sees('(')) {
    const column = reader.name();
    if (reader.sees('[') || reader.sees('.')) reader.refuse('assignments to a part of a column');
    reader.expect('=');
    return [{ column, value: readValueOrDefault(reader) }];
  }
  const columns = reader.listed(() => reader.name());
  reader.expect('=');
  reader.take('row');
  if (reader.sees('(', 'select') || reader.sees('(', 'with')) {
    reader.refuse('a subquery that sets several columns');
  }
  const values = reader.listed(() => readValueOrDefault(reader));
  if (values.length !== columns.length && !reader.error) {
    reader.reject('42601', 'number of columns does not match number of values');
  }
  return columns.map((column, i) => ({ column, value: values[i] }));
}

function readValueOrDefault(reader: Reader): Expression | 'default' {
  return reader.take('default') ? 'default' : readExpression(reader);
}

function readRow(reader: Reader): Expression[] {
  return reader.listed(() => readExpression(reader));
}

function readReturning(reader: Reader): Item[] | null {
  return reader.take('returning') ? readItems(reader) : null;
}

function readWhere(reader: Reader): Expression | null {
  return reader.take('where') ? readExpression(reader) : null;
}
