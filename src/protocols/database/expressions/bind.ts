/** Binds expressions: finds their columns and types, and makes functions that evaluate them. */
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Comparison, Expression, JsonOperator, Value } from '../sql/syntax.ts';
import {
  asBoolean, type Bound, coerced, made, type Place, unified,
} from './bound.ts';
import { bindCall } from './calls.ts';
import { arrayItems } from './functions.ts';
import { partOf } from './json.ts';
import { likePattern } from './like.ts';
import { comparable, compare, noOperator, strict } from './operators.ts';
import { isStop, type Stop } from './scope.ts';
import { comparedSelect, quantified, subquery } from './subqueries.ts';
import { joinedText } from './texts.ts';
import {
  arithmeticRule, calculated, canCast, isJson, isNumber, order, type Type, typeName,
} from './values.ts';

export function bind(expression: Expression, place: Place): Bound | SqlError {
  switch (expression.type) {
    case 'literal':
      return literal(expression.value, expression.quoted === true);
    case 'column':
      return column(expression.table, expression.name, place);
    case 'not': {
      const of = bindBoolean(expression.of, place, 'NOT');
      if (isError(of)) return of;
      return made('boolean', (env) => not(of.value(env)));
    }
    case 'minus':
      return minus(expression.of, place);
    case 'is':
      return isTest(expression.of, expression.what, place);
    case 'is distinct':
      return isDistinct(expression.left, expression.right, place);
    case 'in':
      return isAmong(expression.of, expression.list, place);
    case 'like':
      return like(expression, place);
    case 'case':
      return caseOf(expression, place);
    case 'cast':
      return cast(expression.of, expression.to, place);
    case 'call':
      return bindCall(expression, place, bind);
    case 'exists':
    case 'subquery':
      return subquery(expression, place);
    case 'compared select':
      return leftOf(expression, place);
    case 'compared array':
      return comparedArray(expression, place);
    case 'binary':
      return binary(expression, place);
  }
}

/** Binds a condition, as of WHERE. */
export function bindBoolean(
  expression: Expression,
  place: Place,
  word = place.clause,
): Bound | SqlError {
  const bound = bind(expression, place);
  return isError(bound) ? bound : asBoolean(bound, word);
}

function literal(value: Value, quoted: boolean): Bound {
  const type: Type =
    value === null || quoted
      ? 'unknown'
      : typeof value === 'number'
        ? Math.abs(value) > 2_147_483_647 ? 'bigint' : 'integer'
        : 'boolean';
  return { type, literal: value, value: () => value };
}

function column(table: string | null, name: string, { scope }: Place): Bound | SqlError {
  const found = scope.resolve(table, name);
  if (isError(found)) return found;
  const { depth, entry, column: at, type } = found;
  return made(type, (env) => {
    let own = env;
    for (let i = 0; i < depth; i++) own = own.outer!;
    const row = own.rows[entry.index] ?? null;
    if (row === null) return null;
    return typeof at === 'number' ? row.values[at] : row[at];
  });
}

function minus(of: Expression, place: Place): Bound | SqlError {
  const bound = bind(of, place);
  if (isError(bound)) return bound;
  const { type } = bound;
  if (!isNumber(type) && type !== 'interval' && bound.literal !== null) {
    return sqlError('42883', `operator does not exist: - ${typeName(type)}`);
  }
  const rule = arithmeticRule('-', type, type);
  const zero = type === 'numeric' ? '0' : 0;
  return made(type, (env) => {
    const value = bound.value(env);
    if (isStop(value) || value === null || rule === undefined) return value;
    return calculated('-', rule, zero, value);
  });
}

// Three-valued logic

function not(value: Value | Stop): Value | Stop {
  return typeof value === 'boolean' ? !value : value;
}

function isTest(of: Expression, what: null | boolean, place: Place): Bound | SqlError {
  const word = `IS ${what === null ? 'NULL' : String(what).toUpperCase()}`;
  const bound = what === null ? bind(of, place) : bindBoolean(of, place, word);
  if (isError(bound)) return bound;
  return made('boolean', (env) => {
    const value = bound.value(env);
    return isStop(value) ? value : value === what;
  });
}

function logical(
  operator: 'and' | 'or',
  left: Expression,
  right: Expression,
  place: Place,
): Bound | SqlError {
  const word = operator.toUpperCase();
  const first = bindBoolean(left, place, word);
  if (isError(first)) return first;
  const second = bindBoolean(right, place, word);
  if (isError(second)) return second;
  // One operand may decide: `false AND null` is false, `true OR null` is true.
  const decides = operator === 'or';
  return made('boolean', (env) => {
    const a = first.value(env);
    if (isStop(a) || a === decides) return a;
    const b = second.value(env);
    if (isStop(b) || b === decides) return b;
    return a === null || b === null ? null : !decides;
  });
}

// Operators

function binary(
  { operator, left, right }: Extract<Expression, { type: 'binary' }>,
  place: Place,
): Bound | SqlError {
  switch (operator) {
    case 'and':
    case 'or':
      return logical(operator, left, right, place);
    case '||':
      return concatenation(left, right, place);
    case '->':
    case '->>':
      return jsonPart(operator, left, right, place);
    case '+':
    case '-':
    case '*':
    case '/':
    case '%':
      return arithmetic(operator, left, right, place);
    default:
      return comparison(operator, left, right, place);
  }
}

function pair(left: Expression, right: Expression, place: Place): [Bound, Bound] | SqlError {
  const a = bind(left, place);
  if (isError(a)) return a;
  const b = bind(right, place);
  return isError(b) ? b : [a, b];
}

function comparison(
  operator: Comparison,
  left: Expression,
  right: Expression,
  place: Place,
): Bound | SqlError {
  const operands = pair(left, right, place);
  return isError(operands) ? operands : compare(operator, ...operands);
}

function isDistinct(left: Expression, right: Expression, place: Place): Bound | SqlError {
  const operands = pair(left, right, place);
  if (isError(operands)) return operands;
  const found = comparable('=', ...operands);
  if (isError(found)) return found;
  const [a, b, type] = found;
  return made('boolean', (env) => {
    const x = a.value(env);
    if (isStop(x)) return x;
    const y = b.value(env);
    if (isStop(y)) return y;
    return x === null || y === null ? x !== y : order(type, x, y) !== 0;
  });
}

function arithmetic(
  operator: '+' | '-' | '*' | '/' | '%',
  left: Expression,
  right: Expression,
  place: Place,
): Bound | SqlError {
  const operands = pair(left, right, place);
  if (isError(operands)) return operands;
  const [a, b] = operands;
  if (a.type === 'unknown' && b.type === 'unknown') {
    const both = `unknown ${operator} unknown`;
    return sqlError('42725', `operator is not unique: ${both}`);
  }
  const rule = arithmeticRule(operator, a.type, b.type);
  if (rule === undefined) return noOperator(operator, a, b);
  const x = coerced(a, rule.left);
  if (isError(x)) return x;
  const y = coerced(b, rule.right);
  if (isError(y)) return y;
  return strict(rule.type, x, y, (one, other) => calculated(operator, rule, one, other));
}

function concatenation(left: Expression, right: Expression, place: Place): Bound | SqlError {
  const operands = pair(left, right, place);
  if (isError(operands)) return operands;
  const [a, b] = operands;
  const others = [a, b].find(({ type }) => isJson(type) || type === 'integer[]');
  if (others !== undefined) return notModelled(`the operator || of ${others.type}`);
  const hasText = [a, b].some(({ type }) => type === 'text' || type === 'unknown');
  if (!hasText || a.type === 'void' || b.type === 'void') return noOperator('||', a, b);
  const x = coerced(a, 'text');
  if (isError(x)) return x;
  const y = coerced(b, 'text');
  if (isError(y)) return y;
  return strict('text', x, y, (one, other) => joinedText([String(one), String(other)]));
}

/** `data -> 'a'` and `data ->> 'a'`; a number is the index of an array. */
function jsonPart(
  operator: JsonOperator,
  left: Expression,
  right: Expression,
  place: Place,
): Bound | SqlError {
  const operands = pair(left, right, place);
  if (isError(operands)) return operands;
  const [a, b] = operands;
  const { type } = a;
  if (!isJson(type) || !['text', 'unknown', 'integer'].includes(b.type)) {
    if (type !== 'unknown') return noOperator(operator, a, b);
    return sqlError('42725', `operator is not unique: unknown ${operator} ${typeName(b.type)}`);
  }
  const isIndex = b.type === 'integer';
  const asText = operator === '->>';
  return strict(asText ? 'text' : type, a, b, (json, key) =>
    partOf(String(json), isIndex ? Number(key) : String(key), type, asText),
  );
}

function like(
  { of, pattern, anyCase }: Extract<Expression, { type: 'like' }>,
  place: Place,
): Bound | SqlError {
  const operands = pair(of, pattern, place);
  if (isError(operands)) return operands;
  for (const { type } of operands) {
    if (type !== 'text' && type !== 'unknown') {
      return noOperator(anyCase ? '~~*' : '~~', ...operands);
    }
  }
  return strict('boolean', ...operands, (text, by) =>
    likePattern(String(by), anyCase, String(text)),
  );
}

function cast(of: Expression, to: Type, place: Place): Bound | SqlError {
  const bound = bind(of, place);
  if (isError(bound)) return bound;
  if (canCast(bound.type, to)) return coerced(bound, to);
  if (bound.type === 'jsonb') return notModelled(`casts of jsonb to ${typeName(to)}: use ->>`);
  const from = typeName(bound.type);
  return sqlError('42846', `cannot cast type ${from} to ${typeName(to)}`);
}

function isAmong(of: Expression, list: readonly Expression[], place: Place): Bound | SqlError {
  const tests: Bound[] = [];
  for (const item of list) {
    const test = comparison('=', of, item, place);
    if (isError(test)) return test;
    tests.push(test);
  }
  return made('boolean', (env) => {
    let result: Value = false;
    for (const test of tests) {
      const isEqual = test.value(env);
      if (isStop(isEqual) || isEqual === true) return isEqual;
      if (isEqual === null) result = null;
    }
    return result;
  });
}

function caseOf(
  { of, branches, otherwise }: Extract<Expression, { type: 'case' }>,
  place: Place,
): Bound | SqlError {
  const tests: Bound[] = [];
  const values: Bound[] = [];
  for (const { when, then } of branches) {
    const test =
      of === null ? bindBoolean(when, place, 'CASE/WHEN') : comparison('=', of, when, place);
    if (isError(test)) return test;
    tests.push(test);
    const value = bind(then, place);
    if (isError(value)) return value;
    values.push(value);
  }
  const last = bind(otherwise ?? { type: 'literal', value: null }, place);
  if (isError(last)) return last;
  const results = unified('CASE', [...values, last]);
  if (isError(results)) return results;
  return made(results[0].type, (env) => {
    for (let i = 0; i < tests.length; i++) {
      const isTrue = tests[i].value(env);
      if (isStop(isTrue)) return isTrue;
      if (isTrue === true) return results[i].value(env);
    }
    return results[tests.length].value(env);
  });
}

function leftOf(
  expression: Extract<Expression, { type: 'compared select' }>,
  place: Place,
): Bound | SqlError {
  const left = bind(expression.of, place);
  return isError(left) ? left : comparedSelect(expression, left, place);
}

function comparedArray(
  { operator, quantifier, of, array }: Extract<Expression, { type: 'compared array' }>,
  place: Place,
): Bound | SqlError {
  const operands = pair(of, array, place);
  if (isError(operands)) return operands;
  const [left, items] = operands;
  if (items.type !== 'integer[]') {
    return sqlError('42809', 'op ANY/ALL (array) requires array on right side');
  }
  let current: Value = null;
  const test = compare(operator, left, made('integer', () => current));
  if (isError(test)) return test;
  return made('boolean', (env) => {
    const list = items.value(env);
    if (isStop(list) || list === null) return list;
    return quantified(arrayItems(list), quantifier, (item) => {
      current = item;
      return test.value(env);
    });
  });
}
