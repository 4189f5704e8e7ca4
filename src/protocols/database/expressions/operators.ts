/** Operators of two bound operands. */
import { isError, notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Comparison, Value } from '../sql/syntax.ts';
import { type Bound, coerced, made } from './bound.ts';
import { isStop } from './scope.ts';
import { commonType, compared, type Type, typeName } from './values.ts';

export function noOperator(operator: string, a: Bound, b: Bound): SqlError {
  const types = `${typeName(a.type)} ${operator} ${typeName(b.type)}`;
  return sqlError('42883', `operator does not exist: ${types}`);
}

export function noFunction(name: string, args: readonly Bound[]): SqlError {
  const types = args.map(({ type }) => typeName(type)).join(', ');
  return sqlError('42883', `function ${name}(${types}) does not exist`);
}

/** Evaluates both operands; the result is null if one of them is. */
export function strict(
  type: Type,
  a: Bound,
  b: Bound,
  apply: (x: NonNullable<Value>, y: NonNullable<Value>) => Value | SqlError,
): Bound {
  return made(type, (env) => {
    const x = a.value(env);
    if (isStop(x)) return x;
    const y = b.value(env);
    if (isStop(y)) return y;
    return x === null || y === null ? null : apply(x, y);
  });
}

export function compare(operator: Comparison, a: Bound, b: Bound): Bound | SqlError {
  const found = comparable(operator, a, b);
  if (isError(found)) return found;
  const [x, y, type] = found;
  return strict('boolean', x, y, (one, other) => compared(operator, type, one, other));
}

/** The operands with the type in which they are compared. */
export function comparable(operator: string, a: Bound, b: Bound): [Bound, Bound, Type] | SqlError {
  const type = commonType(a.type, b.type);
  if (type === undefined || type === 'void' || type === 'json') return noOperator(operator, a, b);
  if (type === 'jsonb' && operator !== '=' && operator !== '<>') {
    return notModelled('the order of jsonb values');
  }
  const x = coerced(a, type);
  if (isError(x)) return x;
  const y = coerced(b, type);
  return isError(y) ? y : [x, y, type];
}
