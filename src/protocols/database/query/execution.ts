/** The execution of one statement, which may wait and is then repeated up to where it waited. */
// A journal holds everything that a statement does, and everything it learns that might be
// different later. After a wait the statement is executed again from its beginning: it reads the
// journal instead of doing those things twice. Apart from them it depends only on its snapshot and
// on the number of its command, by which it finds the same rows as before.
import type { Json } from '../../../protocol/types.ts';
import { notModelled, type SqlError } from '../sql/errors.ts';
import type { Value } from '../sql/syntax.ts';
import type { Context, Running, Table } from '../state.ts';
import { tableNamed } from '../versions.ts';
import { isStop, type Stop, waits } from '../expressions/scope.ts';
import type { Type } from '../expressions/values.ts';

/** The rows of a subquery in FROM or of a CTE, one after the other; null after the last. */
export type Rows = () => readonly Value[] | null | Stop;

/** Reads all rows. */
export function allRows<T>(next: () => T | null | Stop): T[] | Stop {
  const found: T[] = [];
  for (;;) {
    const row = next();
    if (isStop(row)) return row;
    if (row === null) return found;
    found.push(row);
  }
}

/** Gives the items of a list, which is made when the first is read; null after the last. */
export function oneByOne<T>(make: () => readonly T[] | Stop): () => T | null | Stop {
  let list: readonly T[] | undefined;
  let at = 0;
  return () => {
    if (list === undefined) {
      const found = make();
      if (isStop(found)) return found;
      list = found;
    }
    return at < list.length ? list[at++] : null;
  };
}

/** A CTE: its columns, and a new reader of its rows. */
export interface CommonTable {
  readonly names: readonly string[];
  readonly types: readonly Type[];
  open(): Rows;
}

/** Calls a function that acts on the session, or whose result depends on it or on the time. */
export type PerformFunction = (
  running: Running,
  name: string,
  args: readonly Value[],
) => Value | SqlError | 'waits';

/** The rows that a statement reads, of tables, series and joins: more would take too long. */
const rowsMax = 100_000;
const tooManyRows = notModelled('statements that read more than 100,000 rows');

/** The effects of a Query, such as writing a row: a step reports 10,000 events at most. */
const effectsMax = 4_000;
const tooManyEffects = notModelled('statements that write or lock thousands of rows');

export class Execution {
  private at = 0;
  private rows = 0;
  constructor(
    readonly context: Context,
    private readonly running: Running,
    private readonly performFunction: PerformFunction,
  ) {}

  table(name: string): Table | undefined {
    return tableNamed(this.context.node.state, name);
  }

  /** The rows of the statements before in the same Query, which belong to the same step. */
  private rowsBefore(): number {
    const { node, session } = this.context;
    const { results } = node.state.sessions[session].query!;
    return results.reduce((sum, one) => (one.type === 'notice' ? sum : sum + one.count), 0);
  }

  /** Counts a row that the statement reads. */
  countRow(): SqlError | undefined {
    return ++this.rows > rowsMax ? tooManyRows : undefined;
  }

  /** Does something once, however often the statement is executed. */
  once<T extends Json>(act: () => T | Stop): T | Stop {
    const { journal } = this.running;
    if (this.at < journal.length) return journal[this.at++] as T;
    if (journal.length + this.rowsBefore() > effectsMax) return tooManyEffects;
    const result = act();
    if (isStop(result)) return result;
    journal.push(result);
    this.at++;
    return result;
  }

  /** Calls a function that acts on the session or depends on the time. */
  perform(name: string, args: readonly Value[]): Value | Stop {
    return this.once(() => {
      const result = this.performFunction(this.running, name, args);
      return result === 'waits' ? waits : result;
    });
  }
}
