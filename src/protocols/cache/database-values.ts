/** What the database had when: invariants and stale reads are judged by it. */
import type { Observed } from '../../protocol/types.ts';
import type { DatabaseState } from '../database/state.ts';

export interface DatabaseValues {
  /** The committed value of each key. */
  now: Record<string, number>;
  /** For each key and value: the step in which the database had it. */
  since: Record<string, number>;
  /** For each key and value that was replaced: the step in which it was. */
  replaced: Record<string, number>;
  /** The steps so far. */
  step: number;
}

export const noValues = (): DatabaseValues => ({ now: {}, since: {}, replaced: {}, step: 0 });

/** A key and one of its values. */
export function pairOf(key: string, value: unknown): string {
  return `${key}=${String(value)}`;
}

/** Brings the values up to date; must be called in each step. */
export function follow(values: DatabaseValues, nodes: readonly Observed[]): void {
  values.step++;
  const database = nodes.find(({ role }) => role === 'database') as
    | Observed<DatabaseState>
    | undefined;
  for (const { id, qty } of database?.state.committed.items ?? []) {
    const key = `k${String(id)}`;
    const value = Number(qty);
    const before = values.now[key];
    if (before === value) continue;
    if (before !== undefined) values.replaced[pairOf(key, before)] = values.step;
    values.since[pairOf(key, value)] = values.step;
    // A value that comes back is a current one.
    delete values.replaced[pairOf(key, value)];
    values.now[key] = value;
  }
}

/** Whether the database has, or once had, this value of the key. */
export function wasThere({ now, replaced }: DatabaseValues, key: string, value: unknown): boolean {
  return now[key] === value || replaced[pairOf(key, value)] !== undefined;
}
