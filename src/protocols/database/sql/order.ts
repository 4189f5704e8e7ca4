/** Parses what rows are sorted by: in ORDER BY of a query, and in OVER of a window function. */
import type { Reader } from './reader.ts';
import type { Expression, Order } from './syntax.ts';

/** Reads an expression: expressions contain calls with ORDER BY, and ORDER BY expressions. */
export type ReadExpression = (reader: Reader) => Expression;

export function readOrders(reader: Reader, read: ReadExpression): Order[] {
  return reader.take('order', 'by') ? reader.list(() => readOrder(reader, read)) : [];
}

function readOrder(reader: Reader, read: ReadExpression): Order {
  const of = read(reader);
  const descending = reader.takeOne('asc', 'desc') === 'desc';
  if (reader.sees('using')) reader.refuse('ORDER BY … USING');
  const place = reader.takeOne('nulls first', 'nulls last');
  // Null is greater than all other values.
  return { of, descending, nullsFirst: place ? place === 'nulls first' : descending };
}
