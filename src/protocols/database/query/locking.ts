/** FOR UPDATE and the like: locks the rows of a query, one row of its result after the other. */
import { claim, lockRow } from '../locks/row-locks.ts';
import { isError, type SqlError, sqlError } from '../sql/errors.ts';
import { type Blocked, type Select, type Strength, strengths } from '../sql/syntax.ts';
import { rowName, versionAt } from '../versions.ts';
import type { Bound } from '../expressions/bound.ts';
import type { Execution } from './execution.ts';
import { test, tupleOf } from './scan.ts';
import {
  type Env, isStop, type Scope, type Stop, type Tuple, waits,
} from '../expressions/scope.ts';
import type { Origin } from './sources.ts';

/** How the rows of one source are locked. */
export interface Lock {
  readonly entry: number;
  readonly table: string;
  readonly strength: Strength;
  readonly blocked: Blocked;
}

/** The locks of a query; of several for the same table the strongest counts. */
export function bindLocks(
  { locking }: Select,
  scope: Scope,
  origins: readonly Origin[],
): Lock[] | SqlError {
  const found: Lock[] = [];
  for (const { strength, of, blocked } of locking) {
    const clause = `FOR ${strength.toUpperCase()}`;
    for (const name of of) {
      if (scope.entries.some((entry) => entry.name === name)) continue;
      const what = `relation "${name}" in ${clause} clause not found in FROM clause`;
      return sqlError('42P01', what);
    }
    for (const { name, table, index } of scope.entries) {
      if (of.length > 0 && !of.includes(name)) continue;
      if (table === null) continue;
      if (origins.some((origin) => isNullable(origin, index))) {
        const what = 'cannot be applied to the nullable side of an outer join';
        return sqlError('0A000', `${clause} ${what}`);
      }
      add(found, { entry: index, table, strength, blocked });
    }
  }
  return found;
}

function isNullable(origin: Origin, entry: number): boolean {
  if (origin.type === 'one') return origin.entry === entry && origin.nullable;
  return isNullable(origin.left, entry) || isNullable(origin.right, entry);
}

const patience: Readonly<Record<Blocked, number>> = { wait: 0, 'skip locked': 1, nowait: 2 };

function add(locks: Lock[], lock: Lock): void {
  const at = locks.findIndex(({ entry }) => entry === lock.entry);
  if (at < 0) {
    locks.push(lock);
    return;
  }
  const other = locks[at];
  const isStronger = strengths.indexOf(lock.strength) > strengths.indexOf(other.strength);
  const isStricter = patience[lock.blocked] > patience[other.blocked];
  locks[at] = {
    ...lock,
    strength: isStronger ? lock.strength : other.strength,
    blocked: isStricter ? lock.blocked : other.blocked,
  };
}

type Envs = () => Env | null | Stop;

/**
 * Locks the rows of each row that comes out. A row that has changed since the snapshot is tested
 * again in its newer version; the order of the rows stays what it was.
 */
export function locked(
  execution: Execution,
  envs: Envs,
  locks: readonly Lock[],
  conditions: readonly Bound[],
): Envs {
  return () => {
    for (;;) {
      const env = envs();
      if (env === null || isStop(env)) return env;
      const found = lockAll(execution, env, locks, conditions);
      if (found !== 'left out') return found;
    }
  };
}

function lockAll(
  execution: Execution,
  env: Env,
  locks: readonly Lock[],
  conditions: readonly Bound[],
): Env | 'left out' | Stop {
  const rows: (Tuple | null)[] = env.rows.slice();
  const moved: Lock[] = [];
  for (const lock of locks) {
    const seen = rows[lock.entry]?.version;
    if (seen === undefined || seen === null) continue;
    const found = execution.once(() => lockOne(execution, lock, seen));
    if (isStop(found)) return found;
    if (found === 'left out') return found;
    const table = execution.table(lock.table)!;
    rows[lock.entry] = tupleOf(table, versionAt(table, found));
    if (found !== seen.position) moved.push(lock);
  }
  if (moved.length === 0) return { ...env, rows };
  const now: Env = { ...env, rows };
  return testedAgain(execution, now, moved[0], conditions);
}

/** Locks a row; returns the position of its version, if it is not left out. */
function lockOne(
  { context }: Execution,
  { table, strength, blocked }: Lock,
  seen: NonNullable<Tuple['version']>,
): number | 'left out' | Stop {
  const claimed = claim(context, { table, seen, strength, blocked, changes: false });
  if (claimed === 'waits') return waits;
  if (isError(claimed)) return claimed;
  if (claimed.type !== 'free') return 'left out';
  lockRow(context, table, claimed.version, strength);
  return claimed.version.position;
}

/** The row if its newer version satisfies the conditions. */
export function testedAgain(
  execution: Execution,
  env: Env,
  { table: name, entry }: Pick<Lock, 'table' | 'entry'>,
  conditions: readonly Bound[],
): Env | 'left out' | Stop {
  const isSelected = test(conditions, env);
  if (isStop(isSelected)) return isSelected;
  execution.once(() => {
    const { node, session } = execution.context;
    const row = rowName(execution.table(name)!, env.rows[entry]!.version!);
    const { client } = node.state.sessions[session];
    node.event('WhereTestedAgain', { session: client, table: name, row, matches: isSelected });
    return true;
  });
  return isSelected ? env : 'left out';
}
