/** Conditions as lists of conjuncts, and which of them narrow a search by an index. */
import type { Expression } from '../sql/syntax.ts';

/** The conditions that AND joins. */
export function conjuncts(condition: Expression | null): readonly Expression[] {
  if (condition === null) return [];
  if (condition.type !== 'binary' || condition.operator !== 'and') return [condition];
  return [...conjuncts(condition.left), ...conjuncts(condition.right)];
}

/** The expressions directly inside an expression, without those of subqueries. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.type) {
    case 'literal':
    case 'column':
    case 'exists':
    case 'subquery':
      return [];
    case 'not':
    case 'minus':
    case 'is':
    case 'cast':
    case 'compared select':
      return [expression.of];
    case 'is distinct':
    case 'binary':
      return [expression.left, expression.right];
    case 'in':
      return [expression.of, ...expression.list];
    case 'like':
      return [expression.of, expression.pattern];
    case 'case':
      return [
        ...(expression.of === null ? [] : [expression.of]),
        ...expression.branches.flatMap(({ when, then }) => [when, then]),
        ...(expression.otherwise === null ? [] : [expression.otherwise]),
      ];
    case 'compared array':
      return [expression.of, expression.array];
    case 'call': {
      const { args, filter, over } = expression;
      const ofWindow = over === null ? [] : [...over.partition, ...over.order.map(({ of }) => of)];
      return [...args, ...(filter === null ? [] : [filter]), ...ofWindow];
    }
  }
}

/** Whether the expression reads a column, or the one of this name, outside of its subqueries. */
export function readsColumn(expression: Expression, name?: string): boolean {
  if (expression.type === 'column') return name === undefined || expression.name === name;
  return partsOf(expression).some((one) => readsColumn(one, name));
}

/** Whether an index on the column finds the rows that a condition selects. */
export function isIndexCondition(condition: Expression, column: string, table: string): boolean {
  const isColumn = (one: Expression) =>
    one.type === 'column' && one.name === column && (one.table === null || one.table === table);
  if (condition.type === 'in') {
    return isColumn(condition.of) && !condition.list.some((one) => readsColumn(one));
  }
  if (condition.type === 'compared select') {
    return condition.operator === '=' && condition.quantifier === 'any' && isColumn(condition.of);
  }
  if (condition.type !== 'binary') return false;
  const { operator, left, right } = condition;
  if (!['=', '<', '<=', '>', '>='].includes(operator)) return false;
  if (isColumn(left)) return !readsColumn(right);
  return isColumn(right) && !readsColumn(left);
}

/** Whether a condition on an index finds its keys one by one, instead of all of them at once. */
export function isEquality(condition: Expression): boolean {
  if (condition.type === 'compared select') return true;
  return condition.type === 'binary' && condition.operator === '=';
}
