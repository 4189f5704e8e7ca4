/** Parses SELECT, INSERT, UPDATE and DELETE. */
import { readExpression } from './expressions.ts';
import { readOrders } from './order.ts';
import type { Reader } from './reader.ts';
import { readSource } from './sources.ts';
import type {
  Assignment, Blocked, Combined, Common, Conflict, Delete, Expression, Insert, Item, Locking,
  RowStatement, Select, Source, Strength, Update,
} from './syntax.ts';

/** Reads a SELECT, INSERT, UPDATE or DELETE, with its CTEs; undefined if none comes next. */
export function readRowStatement(reader: Reader): RowStatement | undefined {
  const common = readCommon(reader);
  if (reader.seesQuery || reader.sees('(')) return readSelectAfter(reader, common);
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
  const first = { ...emptySelect([]), ...readSelectBody(reader) };
  return withTail(reader, combined(reader, first), false);
}

function emptySelect(common: readonly Common[]): Select {
  return {
    type: 'select', with: common, distinct: false, distinctOn: [], items: [], from: [],
    where: null, group: [], having: null, order: [], limit: null, offset: null, locking: [],
    values: null, combined: null,
  };
}

/** A query after its WITH, with UNION and the like, which bind tighter than ORDER BY. */
function readSelectAfter(reader: Reader, common: readonly Common[]): Select {
  const isInParentheses = reader.sees('(');
  const first = readOperand(reader);
  const whole = combined(reader, first);
  const select = withTail(reader, whole, isInParentheses && whole === first);
  if (common.length > 0 && select.with.length > 0) reader.refuse('WITH before another WITH');
  return common.length === 0 ? select : { ...select, with: common };
}

/** ORDER BY and LIMIT of a whole query, which may follow a query in parentheses. */
function withTail(reader: Reader, select: Select, isInParentheses: boolean): Select {
  const tail = readTail(reader);
  const { order, limit, offset, locking } = tail;
  const isBare = order.length + locking.length === 0 && limit === null && offset === null;
  if (!isInParentheses) return { ...select, ...tail };
  if (!isBare) reader.refuse('clauses behind a query in parentheses');
  return select;
}

function readOperand(reader: Reader): Select {
  if (reader.take('(')) {
    const inside = readSelect(reader);
    reader.expect(')');
    return inside;
  }
  const select = emptySelect([]);
  if (reader.take('values')) {
    return { ...select, values: reader.list(() => readRow(reader)) };
  }
  if (reader.take('table')) {
    reader.take('only');
    const name = reader.table();
    reader.take('*');
    reader.addSource(name, null);
    const from: Source = { type: 'table', name, alias: null };
    return { ...select, items: [{ type: 'all', table: null }], from: [from] };
  }
  reader.expect('select');
  return { ...select, ...readSelectBody(reader) };
}

/** UNION and EXCEPT, from the left; INTERSECT binds tighter. */
function combined(reader: Reader, first: Select): Select {
  let left = intersected(reader, first);
  for (;;) {
    const operator = reader.takeOne('union', 'except');
    if (operator === undefined) return left;
    const all = readAll(reader);
    left = pairOf(operator, all, left, intersected(reader, readOperand(reader)));
  }
}

function intersected(reader: Reader, first: Select): Select {
  let left = first;
  while (reader.take('intersect')) {
    left = pairOf('intersect', readAll(reader), left, readOperand(reader));
  }
  return left;
}

function pairOf(
  operator: Combined['operator'],
  all: boolean,
  left: Select,
  right: Select,
): Select {
  return { ...emptySelect([]), combined: { operator, all, left, right } };
}

function readAll(reader: Reader): boolean {
  return reader.takeOne('all', 'distinct') === 'all';
}

function readSelectBody(reader: Reader): Partial<Select> {
  const distinct = reader.take('distinct');
  const distinctOn = distinct && reader.take('on') ? readRow(reader) : [];
  if (!distinct) reader.take('all');
  const isBare = ['from', 'where', ';', ')'].some((word) => reader.sees(word));
  const hasItems = !reader.atEnd && !isBare;
  const items = hasItems ? readItems(reader) : [];
  if (reader.sees('into')) reader.refuse('SELECT INTO');
  const from = reader.take('from') ? reader.list(() => readSource(reader)) : [];
  const where = readWhere(reader);
  const group = reader.take('group', 'by') ? readGroup(reader) : [];
  const having = reader.take('having') ? readExpression(reader) : null;
  if (reader.sees('window')) reader.refuse('windows with a name (WINDOW …)');
  return { distinct, distinctOn, items, from, where, group, having };
}

function readGroup(reader: Reader): Expression[] {
  for (const word of ['rollup', 'cube', 'grouping']) {
    if (reader.sees(word)) reader.refuse(`GROUP BY ${word.toUpperCase()}`);
  }
  return reader.list(() => readExpression(reader));
}

/** ORDER BY, LIMIT, OFFSET and FOR UPDATE; the last two may come in any order. */
function readTail(reader: Reader): Pick<Select, 'order' | 'limit' | 'offset' | 'locking'> {
  const order = readOrders(reader, readExpression);
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

// INSERT, UPDATE, DELETE

function readInsert(reader: Reader, common: readonly Common[]): Insert {
  const table = reader.table();
  const alias = reader.take('as') ? reader.name() : null;
  reader.addSource(table, alias);
  const hasColumns = reader.sees('(') && !reader.seesQueryIn;
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
  const alias = reader.sees(next) ? null : reader.alias();
  reader.addSource(table, alias);
  return { table, alias };
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
  if (reader.seesQueryIn) reader.refuse('a subquery that sets several columns');
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
