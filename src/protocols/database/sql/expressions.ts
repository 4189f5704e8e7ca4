/** Parses expressions, from the operators that bind loosest to those that bind tightest. */
import { call, readCall } from './calls.ts';
import type { Reader } from './reader.ts';
import type { ColumnType, Comparison, Expression, Operator } from './syntax.ts';
import { readArrayType, readType, types } from './types.ts';

const binary = (operator: Operator, left: Expression, right: Expression): Expression =>
  ({ type: 'binary', operator, left, right });
const not = (of: Expression): Expression => ({ type: 'not', of });
const nothing: Expression = { type: 'literal', value: null };

export function readExpression(reader: Reader): Expression {
  let left = readConjunction(reader);
  while (reader.take('or')) left = binary('or', left, readConjunction(reader));
  return left;
}

function readConjunction(reader: Reader): Expression {
  let left = readNegation(reader);
  while (reader.take('and')) left = binary('and', left, readNegation(reader));
  return left;
}

function readNegation(reader: Reader): Expression {
  return reader.take('not') ? not(readNegation(reader)) : readTest(reader);
}

function readTest(reader: Reader): Expression {
  let left = readComparison(reader);
  for (;;) {
    if (reader.take('isnull')) left = { type: 'is', of: left, what: null };
    else if (reader.take('notnull')) left = not({ type: 'is', of: left, what: null });
    else if (reader.take('is')) left = readIs(reader, left);
    else return left;
  }
}

function readIs(reader: Reader, of: Expression): Expression {
  const isNot = reader.take('not');
  const word = reader.takeOne('null', 'true', 'false', 'unknown', 'distinct from');
  if (word === undefined) reader.fail();
  const found: Expression =
    word === 'distinct from'
      ? { type: 'is distinct', left: of, right: readComparison(reader) }
      : { type: 'is', of, what: word === 'true' || word === 'false' ? word === 'true' : null };
  return isNot ? not(found) : found;
}

const comparisons = ['=', '<>', '!=', '<=', '>=', '<', '>'] as const;

function readComparison(reader: Reader): Expression {
  let left = readPattern(reader);
  for (;;) {
    const sign = reader.takeOne(...comparisons);
    if (sign === undefined) return left;
    const operator = sign === '!=' ? '<>' : sign;
    const quantifier = reader.takeOne('any', 'some', 'all');
    left =
      quantifier === undefined
        ? binary(operator, left, readPattern(reader))
        : readQuantified(reader, operator, quantifier === 'all' ? 'all' : 'any', left);
  }
}

/** Reads `ANY (SELECT …)`, or `ANY (ARRAY[…])`. */
function readQuantified(
  reader: Reader,
  operator: Comparison,
  quantifier: 'any' | 'all',
  of: Expression,
): Expression {
  reader.expect('(');
  let found: Expression = nothing;
  if (reader.seesQuery || reader.seesQueryInside) {
    found = { type: 'compared select', operator, quantifier, of, select: reader.select(reader) };
  } else if (reader.take('array', '[')) {
    const list = reader.sees(']') ? [] : reader.list(() => readExpression(reader));
    reader.expect(']');
    found = amongItems(operator, quantifier, of, list, readItemType(reader));
  } else if (reader.sees('pg_blocking_pids')) {
    const array = readNamed(reader);
    found = { type: 'compared array', operator, quantifier, of, array };
  } else {
    const array = reader.takeKind('string');
    const list = array === undefined ? undefined : arrayItems(array);
    if (list === undefined) reader.refuse('arrays other than ARRAY[…] and \'{…}\' in ANY and ALL');
    else found = amongItems(operator, quantifier, of, list, readItemType(reader));
  }
  reader.expect(')');
  return found;
}

/** `::integer[]` behind an array. */
function readItemType(reader: Reader): ColumnType | undefined {
  return reader.take('::') ? readArrayType(reader) : undefined;
}

/** An array whose items are known stands for a list of comparisons. */
function amongItems(
  operator: Comparison,
  quantifier: 'any' | 'all',
  of: Expression,
  items: readonly Expression[],
  to: ColumnType | undefined,
): Expression {
  const cast = (one: Expression): Expression =>
    to === undefined ? one : { type: 'cast', of: one, to };
  const typed = items.map(cast);
  const tests = typed.map((one) => binary(operator, of, one));
  const join = quantifier === 'any' ? 'or' : 'and';
  const none: Expression = { type: 'literal', value: quantifier === 'all' };
  return tests.length === 0 ? none : tests.reduce((all, one) => binary(join, all, one));
}

/** The items of `'{1, 2}'`; undefined if it is not a plain array. */
function arrayItems(array: string): Expression[] | undefined {
  const inside = /^\s*\{([^{}"\\]*)\}\s*$/.exec(array)?.[1];
  if (inside === undefined) return undefined;
  if (inside.trim() === '') return [];
  const items = inside.split(',').map((one) => one.trim());
  if (items.includes('')) return undefined;
  return items.map((value): Expression =>
    /^null$/i.test(value) ? nothing : { type: 'literal', value, quoted: true },
  );
}

function readPattern(reader: Reader): Expression {
  const left = readConcatenation(reader);
  const isNot = ['in', 'between', 'like', 'ilike', 'similar'].some((w) => reader.sees('not', w));
  if (isNot) reader.take('not');
  const found = readPredicate(reader, left);
  return isNot ? not(found) : found;
}

function readPredicate(reader: Reader, of: Expression): Expression {
  const word = reader.takeOne('in', 'between', 'like', 'ilike', 'similar', '~~*', '~~');
  switch (word) {
    case undefined:
      return of;
    case 'in':
      return readIn(reader, of);
    case 'between': {
      if (reader.take('symmetric')) reader.refuse('BETWEEN SYMMETRIC');
      const low = readConcatenation(reader);
      reader.expect('and');
      return binary(
        'and',
        binary('>=', of, low),
        binary('<=', of, readConcatenation(reader)),
      );
    }
    case 'similar':
      reader.refuse('SIMILAR TO');
      return nothing;
    default: {
      const pattern = readConcatenation(reader);
      if (reader.sees('escape')) reader.refuse('ESCAPE in LIKE');
      return { type: 'like', of, pattern, anyCase: word === 'ilike' || word === '~~*' };
    }
  }
}

function readIn(reader: Reader, of: Expression): Expression {
  reader.expect('(');
  let found: Expression;
  if (reader.seesQuery || reader.seesQueryInside) {
    const select = reader.select(reader);
    found = { type: 'compared select', operator: '=', quantifier: 'any', of, select };
  } else found = { type: 'in', of, list: reader.list(() => readExpression(reader)) };
  reader.expect(')');
  return found;
}

function readConcatenation(reader: Reader): Expression {
  let left = readSum(reader);
  for (;;) {
    const operator = reader.takeOne('||', '->>', '->');
    if (operator === undefined) return left;
    left = binary(operator, left, readSum(reader));
  }
}

function readSum(reader: Reader): Expression {
  let left = readProduct(reader);
  for (;;) {
    const sign = reader.takeOne('+', '-');
    if (sign === undefined) return left;
    left = binary(sign, left, readProduct(reader));
  }
}

function readProduct(reader: Reader): Expression {
  let left = readSigned(reader);
  for (;;) {
    const sign = reader.takeOne('*', '/', '%');
    if (sign === undefined) break;
    left = binary(sign, left, readSigned(reader));
  }
  if (reader.sees('^')) reader.refuse('the operator ^');
  return left;
}

function readSigned(reader: Reader): Expression {
  if (reader.take('-')) return { type: 'minus', of: readSigned(reader) };
  if (reader.take('+')) return readSigned(reader);
  let of = readPrimary(reader);
  for (;;) {
    if (reader.take('::')) of = { type: 'cast', of, to: readType(reader) };
    else if (reader.sees('at', 'time', 'zone')) reader.refuse('AT TIME ZONE');
    else if (reader.sees('collate')) reader.refuse('COLLATE');
    else if (reader.sees('[')) reader.refuse('arrays');
    else return of;
    if (reader.error) return of;
  }
}

function readPrimary(reader: Reader): Expression {
  if (reader.sees('(')) return readParenthesis(reader);
  if (reader.take('null')) return nothing;
  if (reader.take('true')) return { type: 'literal', value: true };
  if (reader.take('false')) return { type: 'literal', value: false };
  const number = reader.takeKind('number');
  if (number !== undefined) return readNumber(reader, number);
  const quoted = reader.takeKind('string');
  if (quoted !== undefined) return { type: 'literal', value: quoted, quoted: true };
  const parameter = reader.takeKind('parameter');
  if (parameter !== undefined) reader.reject('42P02', `there is no parameter ${parameter}`);
  if (reader.take('case')) return readCase(reader);
  if (reader.take('exists')) {
    reader.expect('(');
    const select = reader.select(reader);
    reader.expect(')');
    return { type: 'exists', select };
  }
  if (reader.take('cast', '(')) {
    const of = readExpression(reader);
    reader.expect('as');
    const to = readType(reader);
    reader.expect(')');
    return { type: 'cast', of, to };
  }
  if (reader.sees('array')) reader.refuse('arrays');
  if (reader.sees('row') && reader.seesAfter('(')) reader.refuse('rows as values');
  return readNamed(reader);
}

function readParenthesis(reader: Reader): Expression {
  reader.expect('(');
  if (reader.seesQuery || reader.seesQueryInside) {
    const select = reader.select(reader);
    reader.expect(')');
    return { type: 'subquery', select };
  }
  const inside = readExpression(reader);
  if (reader.sees(',')) reader.refuse('rows as values, such as (a, b)');
  reader.expect(')');
  return inside;
}

function readNumber(reader: Reader, text: string): Expression {
  const value = Number(text);
  const isExact = !/^\d+$/.test(text) || Number.isSafeInteger(value);
  if (!isExact) reader.refuse(`integers beyond ${Number.MAX_SAFE_INTEGER}, such as ${text}`);
  if (/^\d+$/.test(text)) return { type: 'literal', value };
  return { type: 'cast', of: { type: 'literal', value: text, quoted: true }, to: 'numeric' };
}

function readCase(reader: Reader): Expression {
  const of = reader.sees('when') ? null : readExpression(reader);
  const branches: { when: Expression; then: Expression }[] = [];
  if (!reader.sees('when')) reader.fail();
  while (reader.take('when')) {
    const when = readExpression(reader);
    reader.expect('then');
    branches.push({ when, then: readExpression(reader) });
  }
  const otherwise = reader.take('else') ? readExpression(reader) : null;
  reader.expect('end');
  return { type: 'case', of, branches, otherwise };
}

/** Functions that are called without parentheses. */
const constants: Readonly<Record<string, string>> = {
  current_timestamp: 'now', current_user: 'current_user', session_user: 'current_user',
  user: 'current_user',
};

/** A column, a call, a constant such as CURRENT_TIMESTAMP, or a literal such as INTERVAL '1 s'. */
function readNamed(reader: Reader): Expression {
  const { next } = reader;
  if (next?.kind === 'word' && Object.hasOwn(constants, next.value)) {
    reader.take(next.value);
    return call(constants[next.value], []);
  }
  const dates = ['current_date', 'current_time', 'localtime', 'localtimestamp'];
  for (const word of dates) if (reader.sees(word)) reader.refuse(word.toUpperCase());
  const side = reader.seesAfter('(') ? reader.takeOne('left', 'right') : undefined;
  if (side !== undefined) return readCall(reader, side, readExpression);
  const typed = readTypedLiteral(reader);
  if (typed) return typed;
  const name = reader.name();
  if (reader.sees('(')) return readCall(reader, name, readExpression);
  if (!reader.take('.')) return column(reader, null, name);
  if (name === 'pg_catalog') return readCall(reader, reader.name(), readExpression);
  return column(reader, name, reader.label());
}

const systemColumns = ['ctid', 'cmin', 'cmax', 'tableoid'];

function column(reader: Reader, table: string | null, name: string): Expression {
  if (systemColumns.includes(name)) reader.refuse(`the system column ${name}`);
  reader.addColumn(table, name);
  return { type: 'column', table, name };
}

const intervalUnits = ['year', 'month', 'day', 'hour', 'minute', 'second'];

/** `INTERVAL '5 minutes'`. */
function readTypedLiteral(reader: Reader): Expression | undefined {
  const { next } = reader;
  if (next?.kind !== 'word') return undefined;
  const to = types[next.value];
  if (to === undefined || !reader.followedByString) return undefined;
  reader.label();
  const value = reader.takeKind('string')!;
  const unit = reader.next?.value ?? '';
  if (to === 'interval' && intervalUnits.includes(unit)) {
    reader.refuse(`intervals with a unit behind the string: write it inside, as '5 ${unit}'`);
  }
  return { type: 'cast', of: { type: 'literal', value, quoted: true }, to };
}
