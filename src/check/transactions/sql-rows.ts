/** What an operation of a client reads and writes: keys, or columns of single rows. */
import type { HistoryOperation } from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

export type Effect =
  | { readonly type: 'nothing' }
  | { readonly type: 'begin' }
  | { readonly type: 'end'; readonly isCommit: boolean }
  /** Micro-operations, as in `[:r k v]`. */
  | { readonly type: 'parts'; readonly parts: readonly Json[] };

const nothing: Effect = { type: 'nothing' };

/** Operations that neither read nor write keys. */
const idle: ReadonlySet<string> = new Set(['split', 'abdicate', 'disconnect']);

/** Returns undefined if the operation reads or writes in another way. */
export function effectOf(operation: HistoryOperation, rows: SqlRows): Effect | undefined {
  const { name, args, outcome, result = null } = operation;
  if (idle.has(name)) return nothing;
  switch (name) {
    case 'begin':
      return { type: 'begin' };
    case 'commit':
    case 'rollback':
      return endOf(name, result);
    case 'read':
    case 'get':
      if (outcome !== 'ok') return nothing;
      return { type: 'parts', parts: [['r', args.key ?? null, result]] };
    case 'write':
    case 'put':
      return { type: 'parts', parts: [['w', args.key ?? null, args.value]] };
    case 'sql':
      return rows.effectOf(String(args.statement), operation);
    default:
      return undefined;
  }
}

/** A database answers ROLLBACK to the commit of a transaction that failed. */
function endOf(name: string, result: Json): Effect {
  return { type: 'end', isCommit: name.toLowerCase() !== 'rollback' && result !== 'ROLLBACK' };
}

const constant = String.raw`('(?:[^']|'')*'|-?\d+(?:\.\d+)?|true|false|null)`;
const select = new RegExp(
  String.raw`^select\s+(\w+)\s+from\s+(\w+)\s+where\s+(\w+)\s*=\s*${constant}`
    + String.raw`(?:\s+for\s+(?:update|share))?$`,
  'i',
);
const update = new RegExp(
  String.raw`^update\s+(\w+)\s+set\s+(\w+)\s*=\s*${constant}\s+where\s+(\w+)\s*=\s*${constant}$`,
  'i',
);
const insert = /^insert\s+into\s+(\w+)\s*(?:\(([\w\s,]+)\)\s*)?values\s*(\(.*\))$/is;
const insertedRow = new RegExp(String.raw`\(\s*((?:${constant}\s*,?\s*)+)\)`, 'gi');
const create = /^create\s+table\s+(?:if\s+not\s+exists\s+)?(\w+)\s*\((.*)\)$/is;

/** The tables that the statements of a run created: their first column is taken as the key. */
export class SqlRows {
  private readonly columns = new Map<string, readonly string[]>();

  effectOf(written: string, { outcome, result = null }: HistoryOperation): Effect | undefined {
    const statement = written.trim().replace(/\s*;$/, '');
    const [word] = statement.toLowerCase().split(/\s+/, 1);
    if (word === 'begin' || word === 'start') return { type: 'begin' };
    if (word === 'commit' || word === 'end') return endOf('commit', result);
    if (word === 'rollback' || word === 'abort') return endOf('rollback', result);
    const created = create.exec(statement);
    if (created !== null) return this.create(created[1], created[2]);
    // What failed read nothing; its transaction is at its end, and has no effect.
    if (outcome === 'failed') return nothing;
    const read = select.exec(statement);
    if (read !== null) {
      const [, column, table, key, value] = read;
      return this.isKey(table, key) ? row('r', table, value, column, result) : undefined;
    }
    const changed = update.exec(statement);
    if (changed !== null) {
      const [, table, column, to, key, value] = changed;
      if (!this.isKey(table, key) || this.isKey(table, column)) return undefined;
      if (result === 'UPDATE 0') return nothing;
      return row('w', table, value, column, valueOf(to));
    }
    return this.insert(statement);
  }

  private create(table: string, definition: string): Effect {
    const columns = definition.split(',').map((one) => one.trim().split(/\s+/, 1)[0].toLowerCase());
    this.columns.set(table.toLowerCase(), columns);
    return nothing;
  }

  private isKey(table: string, column: string): boolean {
    return this.columns.get(table.toLowerCase())?.[0] === column.toLowerCase();
  }

  private insert(statement: string): Effect | undefined {
    const [whole, table = '', named, rows = ''] = insert.exec(statement) ?? [];
    const columns = named?.split(',').map((one) => one.trim().toLowerCase())
      ?? this.columns.get(table.toLowerCase());
    if (whole === undefined || columns === undefined || !this.isKey(table, columns[0])) {
      return undefined;
    }
    const parts: Json[] = [];
    let length = 0;
    for (const [text, values] of rows.matchAll(insertedRow)) {
      length += text.length;
      const [key, ...others] = [...values.matchAll(new RegExp(constant, 'gi'))].map(([one]) => one);
      others.forEach((value, at) => {
        parts.push(['w', keyOf(table, key, columns[at + 1] ?? ''), valueOf(value)]);
      });
    }
    // What is between the rows is commas; anything more is an expression or a clause.
    const between = rows.replace(insertedRow, '').replaceAll(/[\s,]/g, '');
    return between === '' && length > 0 ? { type: 'parts', parts } : undefined;
  }
}

function row(kind: 'r' | 'w', table: string, key: string, column: string, value: Json): Effect {
  return { type: 'parts', parts: [[kind, keyOf(table, key, column), value]] };
}

/** `doctors.alice.on_call`. */
function keyOf(table: string, key: string, column: string): string {
  return [table.toLowerCase(), String(valueOf(key)), column.toLowerCase()].join('.');
}

function valueOf(written: string): Json {
  if (written.startsWith("'")) return written.slice(1, -1).replaceAll("''", "'");
  const word = written.toLowerCase();
  if (word === 'null') return null;
  if (word === 'true' || word === 'false') return word === 'true';
  return Number(written);
}
