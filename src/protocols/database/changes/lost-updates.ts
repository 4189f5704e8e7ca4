/** Lost updates: a client overwrites a value that it has not seen. */
import { rowName } from '../versions.ts';
import type { Expression, Values } from '../sql/syntax.ts';
import type { Context, Version } from '../state.ts';
import { readsColumn } from '../expressions/conditions.ts';

/** What SET assigns to a column, as written; null for DEFAULT. */
interface Assigned {
  readonly column: string;
  readonly syntax: Expression | null;
}

/** Notes what the client saw of a row last. Its next write is assumed to follow from that. */
export function remember(
  { node, session }: Context,
  name: string,
  version: Version,
  values: Values,
): void {
  node.state.sessions[session].seen[`${name}/${version.row}`] = values;
}

/**
 * An update is lost when it is overwritten by a value that does not follow from it: another client
 * saw an older version, computed a value from it, and writes that value. `qty = qty - 1` is safe,
 * because it reads the version that it replaces.
 */
export function reportLoss(
  { node, session }: Context,
  name: string,
  version: Version,
  values: Values,
  set: readonly Assigned[],
): void {
  const { client, seen: known } = node.state.sessions[session];
  const last = known[`${name}/${version.row}`];
  if (last === undefined) return;
  for (const { column, syntax } of set) {
    const seen = last[column];
    const overwritten = version.values[column];
    if (seen === overwritten || (syntax !== null && readsColumn(syntax, column))) continue;
    const row = rowName(node.state.tables[name], version);
    const written = values[column];
    const where = { session: client, table: name, row, column };
    node.event('LostUpdate', { ...where, seen, overwritten, written });
  }
}
