/** Sequences, each of a serial column: `jobs_id_seq` gives the numbers of `jobs.id`. */
import { type SqlError, sqlError } from './sql/errors.ts';
import type { Context, Table } from './state.ts';

/** The column whose numbers a sequence gives; undefined if there is no such sequence. */
export function sequenceNamed(
  tables: Readonly<Record<string, Table>>,
  name: string,
): { readonly table: string; readonly column: string } | undefined {
  for (const [table, { columns }] of Object.entries(tables)) {
    const found = columns.find((one) => one.serial && name === `${table}_${one.name}_seq`);
    if (found !== undefined) return { table, column: found.name };
  }
  return undefined;
}

/** `nextval`: draws a number, which no rollback gives back. */
export function nextValue(context: Context, name: string): number | SqlError {
  return changed(context, name, (last) => last + 1);
}

/** `setval`: the last number that the sequence gave, or the next if it is not `called`. */
export function setValue(
  context: Context,
  name: string,
  value: number,
  called: boolean,
): number | SqlError {
  const set = changed(context, name, () => (called ? value : value - 1));
  return typeof set === 'number' ? value : set;
}

function changed(
  { node }: Context,
  name: string,
  next: (last: number) => number,
): number | SqlError {
  const found = sequenceNamed(node.state.tables, name);
  if (found === undefined) return sqlError('42P01', `relation "${name}" does not exist`);
  const { sequences } = node.state.tables[found.table];
  sequences[found.column] = next(sequences[found.column] ?? 0);
  return sequences[found.column];
}
