/** Evaluates SQL expressions: types, three-valued logic, and errors. */
import {
  type ColumnType, type Expression, isError, type Operator, type SqlError, sqlError, type Value,
  type Values,
} from './syntax.ts';

/** The columns of a table by name, with their types. */
export type ColumnTypes = Readonly<Record<string, ColumnType>>;
/** `null` fits every type; a quoted literal takes the type that it is compared with. */
type Known = ColumnType | 'null' | 'unknown';

// Types, which are checked before any row is read

/** Returns why an expression is invalid for these columns; undefined if it is valid. */
export function typeFault(expression: Expression, columns: ColumnTypes): SqlError | undefined {
  const type = typeOf(expression, columns);
  return isError(type) ? type : undefined;
}

/** The same for a WHERE condition, which must be boolean. */
export function whereFault(where: Expression | null, columns: ColumnTypes): SqlError | undefined {
  if (where === null) return undefined;
  const type = typeOf(where, columns);
  if (isError(type)) return type;
  if (type === 'boolean' || type === 'null') return undefined;
  if (type === 'unknown') return quotedFault(where, 'boolean');
  return sqlError('42804', `argument of WHERE must be type boolean, not type ${type}`);
}

/** The same for a value that is stored in a column. */
export function assignmentFault(
  column: string,
  value: Expression,
  columns: ColumnTypes,
): SqlError | undefined {
  const type = typeOf(value, columns);
  if (isError(type)) return type;
  const wanted = columns[column];
  if (type === wanted || type === 'null') return undefined;
  if (type === 'unknown') return quotedFault(value, wanted);
  const message = `column "${column}" is of type ${wanted} but expression is of type ${type}`;
  return sqlError('42804', message);
}

function typeOf(expression: Expression, columns: ColumnTypes): Known | SqlError {
  switch (expression.type) {
    case 'literal':
      return literalType(expression.value);
    case 'column':
      if (Object.hasOwn(columns, expression.name)) return columns[expression.name];
      return sqlError('42703', `column "${expression.name}" does not exist`);
    case 'not':
      return booleanOperand('NOT', expression.of, columns);
    case 'minus': {
      const type = typeOf(expression.of, columns);
      if (isError(type) || type === 'integer' || type === 'null') return type;
      return sqlError('42883', `operator does not exist: - ${type}`);
    }
    case 'is null': {
      const type = typeOf(expression.of, columns);
      return isError(type) ? type : 'boolean';
    }
    case 'in':
      for (const item of expression.list) {
        const type = comparedType('=', expression.of, item, columns);
        if (isError(type)) return type;
      }
      return 'boolean';
    case 'binary':
      return binaryType(expression.operator, expression.left, expression.right, columns);
  }
}

function literalType(value: Value): Known {
  if (value === null) return 'null';
  return typeof value === 'number' ? 'integer' : typeof value === 'string' ? 'unknown' : 'boolean';
}

/** Why a quoted literal cannot be read as a value of this type. */
function quotedFault(literal: Expression, type: Known): SqlError | undefined {
  if (type === 'null' || type === 'unknown' || literal.type !== 'literal') return undefined;
  if (typeof asType(String(literal.value), type) === typeof asType('0', type)) return undefined;
  const message = `invalid input syntax for type ${type}: "${literal.value}"`;
  return sqlError('22P02', message);
}

/** Converts a quoted literal to a type; returns it unchanged if that is not possible. */
export function asType(value: Value, type: ColumnType): Value {
  if (typeof value !== 'string' || type === 'text') return value;
  if (type === 'integer') return /^\s*[-+]?\d+\s*$/.test(value) ? Number(value) : value;
  if (/^\s*(t|true|y|yes|on|1)\s*$/i.test(value)) return true;
  return /^\s*(f|false|n|no|off|0)\s*$/i.test(value) ? false : value;
}

function binaryType(
  operator: Operator,
  left: Expression,
  right: Expression,
  columns: ColumnTypes,
): Known | SqlError {
  if (operator === 'and' || operator === 'or') {
    const word = operator.toUpperCase();
    const first = booleanOperand(word, left, columns);
    return isError(first) ? first : booleanOperand(word, right, columns);
  }
  if (!isSign(operator)) return comparedType(operator, left, right, columns);
  const types = [typeOf(left, columns), typeOf(right, columns)];
  for (const type of types) if (isError(type)) return type;
  if (types.every((type) => type === 'integer' || type === 'null')) return 'integer';
  return sqlError('42883', `operator does not exist: ${types.join(` ${operator} `)}`);
}

function booleanOperand(
  word: string,
  of: Expression,
  columns: ColumnTypes,
): 'boolean' | SqlError {
  const type = typeOf(of, columns);
  if (isError(type)) return type;
  if (type === 'boolean' || type === 'null') return 'boolean';
  return sqlError('42804', `argument of ${word} must be type boolean, not type ${type}`);
}

function comparedType(
  operator: string,
  left: Expression,
  right: Expression,
  columns: ColumnTypes,
): 'boolean' | SqlError {
  const first = typeOf(left, columns);
  if (isError(first)) return first;
  const second = typeOf(right, columns);
  if (isError(second)) return second;
  if (first === second || first === 'null' || second === 'null') return 'boolean';
  const fault =
    first === 'unknown'
      ? quotedFault(left, second)
      : second === 'unknown'
        ? quotedFault(right, first)
        : sqlError('42883', `operator does not exist: ${first} ${operator} ${second}`);
  return fault ?? 'boolean';
}

// Values

/** Evaluates an expression, whose types have been checked, for a row. */
export function valueOf(expression: Expression, row: Values): Value | SqlError {
  switch (expression.type) {
    case 'literal':
      return expression.value;
    case 'column':
      return row[expression.name] ?? null;
    case 'not': {
      const value = valueOf(expression.of, row);
      return typeof value === 'boolean' ? !value : value;
    }
    case 'minus': {
      const value = valueOf(expression.of, row);
      return typeof value === 'number' ? inRange(-value) : value;
    }
    case 'is null': {
      const value = valueOf(expression.of, row);
      return isError(value) ? value : value === null;
    }
    case 'in':
      return isAmong(expression.of, expression.list, row);
    case 'binary':
      return binaryValue(expression.operator, expression.left, expression.right, row);
  }
}

/** Whether a WHERE selects a row. Unknown (null) counts as false. */
export function matches(where: Expression | null, row: Values): boolean | SqlError {
  if (where === null) return true;
  const value = valueOf(where, row);
  return isError(value) ? value : value === true;
}

function isAmong(
  of: Expression,
  list: readonly Expression[],
  row: Values,
): Value | SqlError {
  let found: Value = false;
  for (const item of list) {
    const isEqual = binaryValue('=', of, item, row);
    if (isError(isEqual) || isEqual === true) return isEqual;
    if (isEqual === null) found = null;
  }
  return found;
}

function binaryValue(
  operator: Operator,
  left: Expression,
  right: Expression,
  row: Values,
): Value | SqlError {
  const a = valueOf(left, row);
  if (isError(a)) return a;
  // One operand may decide: `false AND null` is false, `true OR null` is true.
  if (operator === 'and' && a === false) return false;
  if (operator === 'or' && a === true) return true;
  const b = valueOf(right, row);
  if (isError(b)) return b;
  if (operator === 'and' && b === false) return false;
  if (operator === 'or' && b === true) return true;
  if (a === null || b === null) return null;
  if (operator === 'and' || operator === 'or') return operator === 'and';
  if (isSign(operator)) return calculated(operator, Number(a), Number(b));
  return compared(operator, asTypeOf(a, b), asTypeOf(b, a));
}

type Sign = '+' | '-' | '*' | '/' | '%';
type Comparison = Exclude<Operator, Sign | 'and' | 'or'>;

function isSign(operator: Operator): operator is Sign {
  return '+-*/%'.includes(operator);
}

/** Converts a quoted literal to the type of the value that it is compared with. */
function asTypeOf(value: NonNullable<Value>, other: NonNullable<Value>): NonNullable<Value> {
  if (typeof other === 'string') return value;
  return asType(value, typeof other === 'number' ? 'integer' : 'boolean')!;
}

function compared(operator: Comparison, a: NonNullable<Value>, b: NonNullable<Value>): boolean {
  switch (operator) {
    case '=':
      return a === b;
    case '<>':
      return a !== b;
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
  }
}

function calculated(operator: Sign, a: number, b: number): Value | SqlError {
  if ((operator === '/' || operator === '%') && b === 0) {
    return sqlError('22012', 'division by zero');
  }
  switch (operator) {
    case '+':
      return inRange(a + b);
    case '-':
      return inRange(a - b);
    case '*':
      return inRange(a * b);
    case '/':
      return inRange(Math.trunc(a / b));
    case '%':
      return inRange(a % b);
  }
}

/** An integer has 32 bits. */
function inRange(number: number): Value | SqlError {
  if (number > 2_147_483_647 || number < -2_147_483_648) {
    return sqlError('22003', 'integer out of range');
  }
  // Turns −0 into 0.
  return number === 0 ? 0 : number;
}

// The columns of an expression

/** Whether the expression reads a column, or the one of this name; if none, it is constant. */
export function readsColumn(expression: Expression, name?: string): boolean {
  switch (expression.type) {
    case 'literal':
      return false;
    case 'column':
      return name === undefined || expression.name === name;
    case 'not':
    case 'minus':
    case 'is null':
      return readsColumn(expression.of, name);
    case 'in':
      return [expression.of, ...expression.list].some((one) => readsColumn(one, name));
    case 'binary':
      return readsColumn(expression.left, name) || readsColumn(expression.right, name);
  }
}

/** Whether an index on `column` narrows the search for the rows of a WHERE. */
export function narrows(where: Expression | null, column: string): boolean {
  if (where === null) return false;
  if (where.type === 'in') {
    return isColumn(where.of, column) && !where.list.some((one) => readsColumn(one));
  }
  if (where.type !== 'binary') return false;
  const { operator, left, right } = where;
  if (operator === 'and') return narrows(left, column) || narrows(right, column);
  if (!['=', '<', '<=', '>', '>='].includes(operator)) return false;
  if (isColumn(left, column)) return !readsColumn(right);
  return isColumn(right, column) && !readsColumn(left);
}

function isColumn(expression: Expression, name: string): boolean {
  return expression.type === 'column' && expression.name === name;
}
