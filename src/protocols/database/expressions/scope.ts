/** The names that an expression can use: the tables of its query, and of the queries around it. */
import { notModelled, type SqlError, sqlError } from '../sql/errors.ts';
import type { Value } from '../sql/syntax.ts';
import type { Version } from '../state.ts';
import type { Type } from './values.ts';

/** The statement must wait; afterwards it is executed again, up to where it waited. */
interface Waiting {
  readonly type: 'waits';
}
export const waits: Waiting = Object.freeze({ type: 'waits' });

/** Why an evaluation has no value: an error, or a wait. */
export type Stop = SqlError | Waiting;

export function isStop(value: unknown): value is Stop {
  if (typeof value !== 'object' || value === null || !('type' in value)) return false;
  return value.type === 'error' || value.type === 'waits';
}

/** A row of a table, of a subquery or of a CTE. */
export interface Tuple {
  readonly values: readonly Value[];
  /** The version of the table's row that it is. */
  readonly version: Version | null;
  /** What the system columns show. */
  readonly xmin: number;
  readonly xmax: number;
}

/** The rows that an expression is evaluated for: one of each source, or null after a LEFT JOIN. */
export interface Env {
  readonly rows: readonly (Tuple | null)[];
  readonly outer: Env | null;
  /** The values of the aggregates. */
  readonly totals: readonly Value[];
  /** The values of the window functions. */
  readonly windows: readonly Value[];
}

export function envOf(rows: Env['rows'], outer: Env | null = null): Env {
  return { rows, outer, totals: [], windows: [] };
}

/** A row that is not a version of a table's row. */
export function plainTuple(values: Tuple['values']): Tuple {
  return { values, version: null, xmin: 0, xmax: 0 };
}

/** The row of one source of a query, without rows of the others. */
export function rowOf(entry: number, tuple: Tuple, width: number): Env['rows'] {
  return Array.from({ length: width }, (_, index) => (index === entry ? tuple : null));
}

export interface SourceColumn {
  readonly name: string;
  readonly type: Type;
}

/** A source of a query. */
interface Entry {
  readonly name: string;
  /** The name of the table; null for a subquery or a CTE. */
  readonly table: string | null;
  readonly columns: readonly SourceColumn[];
  /** The columns that a system view has in PostgreSQL, and not in the simulation. */
  readonly notModelled?: readonly string[];
  /** Its index in the rows of the environment. */
  readonly index: number;
}

/** A column that a name without a table finds. */
export interface Visible {
  readonly entry: Entry;
  readonly column: number;
}

interface Found {
  readonly depth: number;
  readonly entry: Entry;
  /** The index of the column, or the name of a system column. */
  readonly column: number | 'xmin' | 'xmax';
  readonly type: Type;
}

export class Scope {
  readonly entries: Entry[] = [];
  /** What `*` stands for. A column of USING is there once. */
  visible: Visible[] = [];
  /** The sources that the expression being bound reads. */
  reads = new Set<number>();
  /** The columns read outside of aggregates, as far as they count for GROUP BY. */
  plain: Found[] = [];
  /** Whether the query reads columns of a query around it. */
  isCorrelated = false;

  constructor(readonly outer: Scope | null) {}

  add(entry: Entry): void {
    this.entries.push(entry);
    this.visible.push(...entry.columns.map((_, column) => ({ entry, column })));
  }

  resolve(table: string | null, name: string): Found | SqlError {
    return this.find(table, name, 0) ?? missing(this, table, name);
  }

  private find(table: string | null, name: string, depth: number): Found | SqlError | undefined {
    const own = table === null ? this.byName(name, depth) : this.byTable(table, name, depth);
    if (own !== undefined) {
      if ('entry' in own) {
        this.reads.add(own.entry.index);
        if (depth === 0) this.plain.push(own);
      }
      return own;
    }
    const found = this.outer?.find(table, name, depth + 1);
    if (found !== undefined && 'entry' in found) this.isCorrelated = true;
    return found;
  }

  private byName(name: string, depth: number): Found | SqlError | undefined {
    const found = this.visible.filter(({ entry, column }) => entry.columns[column].name === name);
    if (found.length > 1) return sqlError('42702', `column reference "${name}" is ambiguous`);
    if (found.length === 0) {
      const view = this.entries.find((entry) => entry.notModelled?.includes(name));
      if (view !== undefined) return notModelled(`the column ${name} of ${view.name}`);
      const tables = this.entries.filter((entry) => entry.table !== null);
      return tables.length === 1 ? systemColumn(tables[0], name, depth) : undefined;
    }
    const [{ entry, column }] = found;
    return { depth, entry, column, type: entry.columns[column].type };
  }

  private byTable(table: string, name: string, depth: number): Found | SqlError | undefined {
    const entry = this.entries.find((one) => one.name === table);
    if (entry === undefined) return undefined;
    const column = entry.columns.findIndex((one) => one.name === name);
    if (column >= 0) return { depth, entry, column, type: entry.columns[column].type };
    if (entry.notModelled?.includes(name)) return notModelled(`the column ${table}.${name}`);
    const system = entry.table === null ? undefined : systemColumn(entry, name, depth);
    return system ?? sqlError('42703', `column ${table}.${name} does not exist`);
  }
}

/** The parser refuses the other system columns. */
function systemColumn(entry: Entry, name: string, depth: number): Found | undefined {
  if (name !== 'xmin' && name !== 'xmax') return undefined;
  return { depth, entry, column: name, type: 'bigint' };
}

function missing(scope: Scope, table: string | null, name: string): SqlError {
  if (table !== null) {
    // The table is there, but has another name in this query.
    const isRenamed = scope.entries.some((entry) => entry.table === table);
    const what = isRenamed ? 'invalid reference to' : 'missing';
    return sqlError('42P01', `${what} FROM-clause entry for table "${table}"`);
  }
  for (let at: Scope | null = scope; at !== null; at = at.outer) {
    if (at.entries.some((entry) => entry.name === name)) return notModelled('rows as values');
  }
  return sqlError('42703', `column "${name}" does not exist`);
}
