/** What an SQL statement reads and writes, for models of transactions: columns of single rows. */
import type {
  HistoryOperation, MicroOperation, TransactionEffect, Transactions,
} from '../../protocol/history.ts';
import type { Json } from '../../protocol/types.ts';

/** By table that a statement created, its columns: the first one is taken as the key. */
type Tables = Record<string, readonly string[]>;

const nothing: TransactionEffect = [];

export const transactions: Transactions<Tables> = {
  doc: 'From BEGIN to COMMIT, or a statement; rows are read and written by their first column.',
  remember: () => ({}),
  effect(operation, tables) {
    const { name, args, result = null } = operation;
    switch (name) {
      case 'disconnect':
      case 'promote':
        return nothing;
      case 'begin':
        return 'begin';
      case 'commit':
      case 'rollback':
        return endOf(name, result);
      case 'sql':
        return effectOf(String(args.statement), operation, tables);
      default:
        return undefined;
    }
  },
};

/** A database answers ROLLBACK to the commit of a transaction that failed. */
function endOf(name: 'commit' | 'rollback', result: Json): TransactionEffect {
  return result === 'ROLLBACK' ? 'rollback' : name;
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

function effectOf(
  written: string,
  { outcome, result = null }: HistoryOperation,
  tables: Tables,
): TransactionEffect | undefined {
  const statement = written.trim().replace(/\s*;$/, '');
  const [word] = statement.toLowerCase().split(/\s+/, 1);
  if (word === 'begin' || word === 'start') return 'begin';
  if (word === 'commit' || word === 'end') return endOf('commit', result);
  if (word === 'rollback' || word === 'abort') return endOf('rollback', result);
  const created = create.exec(statement);
  if (created !== null) {
    const columns = created[2].split(',').map((one) => one.trim().split(/\s+/, 1)[0].toLowerCase());
    tables[created[1].toLowerCase()] = columns;
    return nothing;
  }
  // What failed read nothing; its transaction is at its end, and has no effect.
  if (outcome === 'failed') return nothing;
  const read = select.exec(statement);
  if (read !== null) {
    const [, column, table, key, value] = read;
    return isKey(tables, table, key) ? row('read', table, value, column, result) : undefined;
  }
  const changed = update.exec(statement);
  if (changed !== null) {
    const [, table, column, to, key, value] = changed;
    if (!isKey(tables, table, key) || isKey(tables, table, column)) return undefined;
    if (result === 'UPDATE 0') return nothing;
    return row('write', table, value, column, valueOf(to));
  }
  return inserted(statement, tables);
}

function isKey(tables: Tables, table: string, column: string): boolean {
  const name = table.toLowerCase();
  return Object.hasOwn(tables, name) && tables[name][0] === column.toLowerCase();
}

function inserted(statement: string, tables: Tables): TransactionEffect | undefined {
  const [whole, table = '', named, rows = ''] = insert.exec(statement) ?? [];
  const columns = named?.split(',').map((one) => one.trim().toLowerCase())
    ?? tables[table.toLowerCase()];
  if (whole === undefined || columns === undefined || !isKey(tables, table, columns[0])) {
    return undefined;
  }
  const parts: MicroOperation[] = [];
  let length = 0;
  for (const [text, values] of rows.matchAll(insertedRow)) {
    length += text.length;
    const [key, ...others] = [...values.matchAll(new RegExp(constant, 'gi'))].map(([one]) => one);
    others.forEach((value, at) => {
      parts.push(['write', keyOf(table, key, columns[at + 1] ?? ''), valueOf(value)]);
    });
  }
  // What is between the rows is commas; anything more is an expression or a clause.
  const between = rows.replace(insertedRow, '').replaceAll(/[\s,]/g, '');
  return between === '' && length > 0 ? parts : undefined;
}

function row(
  kind: 'read' | 'write',
  table: string,
  key: string,
  column: string,
  value: Json,
): TransactionEffect {
  return [[kind, keyOf(table, key, column), value]];
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
