/** SELECT, UPDATE, INSERT and DELETE: each runs until it is done, fails, or must wait. */
import { faultIn, project, sorted, valuesToInsert } from './analysis.ts';
import { asType, matches, readsColumn, valueOf } from './expressions.ts';
import {
  changesKey, claim, inheritLockers, lockRow, replaceVersion, waitForKey,
} from './locks/row-locks.ts';
import { lockTable } from './locks/table-locks.ts';
import { advisory, isAdvisory } from './locks/advisory.ts';
import { sleep } from './locks/waits.ts';
import { parseSql } from './parser.ts';
import type { Blocked, Strength } from './sql/syntax.ts';
import { noteNewKey, noteSearch, noteVersion, noteWrite } from './serializable.ts';
import type { Context, Result, Running, Table, Version } from './state.ts';
import { watchedOf } from './transactions/transactions.ts';
import {
  type CreateTable, type Delete, type Insert, isError, type Select, type SqlError, sqlError,
  type Update, type Values,
} from './syntax.ts';
import {
  addVersion, assignXid, isKeyOpen, isOwn, isVisible, pathFor, rowName, searched, statusOf,
  versionAt,
} from './versions.ts';

/** A statement, and what it works on. */
export interface Work extends Context {
  readonly running: Running;
}

/** The statements of a Query, which a semicolon separates. */
export function textsOf(sql: string): string[] {
  const parts = sql.match(/(?:'[^']*'|--[^\n]*|[^;'])+/g) ?? [];
  return parts.filter((part) => part.trim() !== '');
}

/** Executes a statement; called again when its wait is over, it continues. */
export function executeRows(context: Context, text: string): Result | 'waits' {
  const { node, session } = context;
  const own = node.state.sessions[session];
  if (own.running === null) {
    const called = /^\s*select\s+(pg_\w+)\(([-\d,.\s]*)\)\s*$/i.exec(text);
    if (called !== null) {
      const [, name, list] = called;
      const args = list.trim() === '' ? [] : list.split(',').map(Number);
      const value =
        name === 'pg_sleep' ? (sleep(context, args[0]) === 'waits' ? 'waits' : '')
        : isAdvisory(name) ? advisory(context, name, args)
        : sqlError('42883', `function ${name} does not exist`);
      if (value === 'waits' || isError(value)) return value;
      return { type: 'rows', columns: [name], rows: [[value]] };
    }
    const end = /\sfor\s+(no key update|update|key share|share)(?:\s+(nowait|skip locked))?\s*$/i;
    const locking = end.exec(text);
    const strength = (locking?.[1].toLowerCase() ?? 'update') as Strength;
    const blocked = (locking?.[2]?.toLowerCase() ?? 'wait') as Blocked;
    const statement = parseSql(text.replace(end, ' for update'));
    if (isError(statement)) return statement;
    if (statement.type === 'create table') return createTable(context, statement);
    if (!('table' in statement)) return sqlError('42601', 'syntax error');
    const fault = faultIn(statement, node.state.tables);
    if (fault !== undefined) return fault;
    own.running = { statement, targets: [], at: -1, count: 0, rows: [], strength, blocked };
  }
  const work: Work = { ...context, running: own.running };
  const { statement } = own.running;
  if (own.running.at < 0) {
    const mode =
      statement.type !== 'select'
        ? 'row exclusive'
        : statement.forUpdate
          ? 'row share'
          : 'access share';
    const locked = lockTable(context, statement.table, mode);
    if (locked !== 'locked') return locked;
    own.running.at = 0;
    const failed = prepareStatement(work);
    if (failed !== undefined) return failed;
  }
  return proceed(work);
}

function createTable({ node, transaction }: Context, statement: CreateTable): Result {
  const { table, columns, primaryKey } = statement;
  if (transaction.explicit) {
    return sqlError('25001', 'CREATE TABLE inside a transaction block is not supported here');
  }
  if (Object.hasOwn(node.state.tables, table)) {
    return sqlError('42P07', `relation "${table}" already exists`);
  }
  node.state.tables[table] = { columns, primaryKey, versions: [], lastPosition: 0 };
  node.state.committed[table] = [];
  return { type: 'done', tag: 'CREATE TABLE', count: 0 };
}

/** Finds the rows that a statement selects; `proceed` does the rest. */
export function prepareStatement(work: Work): SqlError | undefined {
  const { statement } = work.running;
  if (statement.type === 'insert') return undefined;
  const found = search(work, statement);
  if (isError(found)) return found;
  work.running.targets = found.map(({ position }) => position);
  return undefined;
}

/** Continues a statement; returns `waits` if it must wait for another transaction. */
export function proceed(work: Work): Result | 'waits' {
  const { statement } = work.running;
  switch (statement.type) {
    case 'select':
      return statement.forUpdate ? selectForUpdate(work, statement) : select(work, statement);
    case 'update':
    case 'delete':
      return change(work, statement);
    case 'insert':
      return insert(work, statement);
  }
}

// Search

/** The visible versions that the condition selects, in the order of the search. */
function search(work: Work, statement: Select | Update | Delete): Version[] | SqlError {
  const { node, transaction } = work;
  const { state } = node;
  const table = state.tables[statement.table];
  const order = statement.type === 'select' ? (statement.order?.column ?? null) : null;
  const path = pathFor(table, statement.where, order);
  const watched = watchedOf(node, transaction);
  const isSeen = (version: Version) =>
    isVisible(state, version, transaction.snapshot!, transaction);
  if (watched !== undefined) noteSearch(watched, statement.table, table, path);
  const found: Version[] = [];
  for (const version of searched(state, statement.table, path, isSeen)) {
    if (watched !== undefined && (path === 'table' || isFound(statement, table, version))) {
      const seen = isSeen(version);
      const failed = noteVersion(node, watched, statement.table, version, seen);
      if (failed !== undefined) return failed;
    }
    if (!isSeen(version)) continue;
    const isSelected = matches(statement.where, version.values);
    if (isError(isSelected)) return isSelected;
    if (isSelected) found.push(version);
  }
  // Rows are locked in this order: with the same ORDER BY everywhere, there is no deadlock.
  return statement.type === 'select' ? sorted(statement, found) : found;
}

/** Whether a search by the index finds the version, which depends only on its key. */
function isFound(statement: Select | Update | Delete, table: Table, version: Version): boolean {
  const key = table.primaryKey;
  if (key === null || statement.where === null) return true;
  return keyMatches(statement.where, key, version.values);
}

function keyMatches(where: NonNullable<Select['where']>, key: string, values: Values): boolean {
  if (where.type === 'binary' && where.operator === 'and') {
    return keyMatches(where.left, key, values) && keyMatches(where.right, key, values);
  }
  const others = Object.keys(values).some((name) => name !== key && readsColumn(where, name));
  return others || matches(where, values) === true;
}

// SELECT

function select(work: Work, statement: Select): Result {
  const { node, running } = work;
  const table = node.state.tables[statement.table];
  for (const position of running.targets) {
    const version = versionAt(table, position);
    remember(work, statement.table, version, version.values);
    running.rows.push(version.values);
  }
  return project(statement, table, running.rows);
}

function selectForUpdate(work: Work, statement: Select): Result | 'waits' {
  const { node, running } = work;
  const table = node.state.tables[statement.table];
  while (running.at < running.targets.length) {
    const version = take(work, statement);
    if (version === 'waits' || isError(version)) return version;
    running.at++;
    if (version === 'gone') continue;
    lockRow(work, statement.table, version, running.strength);
    remember(work, statement.table, version, version.values);
    running.rows.push(version.values);
  }
  return project(statement, table, running.rows);
}

/** Returns the version of the next target to change or lock, once no other transaction has it. */
function take(
  work: Work,
  statement: Select | Update | Delete,
): Version | 'waits' | 'gone' | SqlError {
  const { node, session, running } = work;
  const { state } = node;
  const table = state.tables[statement.table];
  const seen = versionAt(table, running.targets[running.at]);
  const early = statement.type === 'update' ? newValues(statement, table, seen.values) : null;
  if (isError(early)) return early;
  const keeps = early !== null && !changesKey(table, seen.values, early);
  const write = keeps ? 'no key update' : 'update';
  const strength = statement.type === 'select' ? running.strength : write;
  const claimed = claim(work, {
    table: statement.table, seen, strength, blocked: running.blocked,
    changes: statement.type !== 'select',
  });
  if (claimed === 'waits' || claimed.type === 'error') return claimed;
  if (claimed.type !== 'free') return 'gone';
  const { version, moved } = claimed;
  if (!moved) return version;
  // The snapshot shows an older version: lock the current one, and test WHERE on it again.
  lockRow(work, statement.table, version, strength);
  const isSelected = matches(statement.where, version.values);
  if (isError(isSelected)) return isSelected;
  const row = rowName(table, version);
  const { client } = state.sessions[session];
  node.event('WhereTestedAgain', {
    session: client, table: statement.table, row, matches: isSelected,
  });
  return isSelected ? version : 'gone';
}

// UPDATE and DELETE

function change(work: Work, statement: Update | Delete): Result | 'waits' {
  const { running } = work;
  while (running.at < running.targets.length) {
    const table = work.node.state.tables[statement.table];
    const seen = versionAt(table, running.targets[running.at]);
    const early = newValues(statement, table, seen.values);
    if (isError(early)) return early;
    const version = take(work, statement);
    if (version === 'waits' || isError(version)) return version;
    running.at++;
    if (version === 'gone') continue;
    const failed = write(work, statement, version);
    if (failed !== undefined) return failed;
    running.count++;
  }
  const tag = `${statement.type.toUpperCase()} ${running.count}`;
  return { type: 'done', tag, count: running.count };
}

/** The new values of a row; `null` if the statement deletes it. */
function newValues(
  statement: Update | Delete,
  table: Table,
  values: Values,
): Values | null | SqlError {
  if (statement.type === 'delete') return null;
  const changed = { ...values };
  for (const { column, value } of statement.set) {
    const result = valueOf(value, values);
    if (isError(result)) return result;
    changed[column] = asType(result, table.columns.find(({ name }) => name === column)!.type);
  }
  return changed;
}

function write(work: Work, statement: Update | Delete, version: Version): SqlError | undefined {
  const { node, session, transaction } = work;
  const table = node.state.tables[statement.table];
  const values = newValues(statement, table, version.values);
  if (isError(values)) return values;
  const watched = watchedOf(node, transaction);
  const failed = watched && noteWrite(node, watched, statement.table, version);
  if (failed !== undefined) return failed;
  if (statement.type === 'update') reportLoss(work, statement, version);
  replaceVersion(work, version, values === null || changesKey(table, version.values, values));
  const row = rowName(table, version);
  const to = values ?? {};
  const { client } = node.state.sessions[session];
  node.event('RowWritten', {
    session: client, table: statement.table, row, from: version.values, to,
  });
  if (values === null) return undefined;
  const made = addVersion(table, values, transaction.xid, transaction.command, version.row);
  inheritLockers(node.state, version, made);
  remember(work, statement.table, made, made.values);
  return undefined;
}

// The lost update

/** Notes what the client saw of a row last. Its next write is assumed to follow from that. */
function remember(work: Work, name: string, version: Version, values: Values): void {
  const { node, session } = work;
  node.state.sessions[session].seen[`${name}/${version.row}`] = values;
}

/**
 * An update is lost when it is overwritten by a value that does not follow from it: another client
 * saw an older version, computed a value from it, and writes that value. `qty = qty - 1` is safe,
 * because it reads the version that it replaces.
 */
function reportLoss(work: Work, statement: Update, version: Version): void {
  const { node, session } = work;
  const known = node.state.sessions[session].seen[`${statement.table}/${version.row}`];
  if (known === undefined) return;
  for (const { column, value } of statement.set) {
    const seen = known[column];
    const overwritten = version.values[column];
    if (seen === overwritten || readsColumn(value, column)) continue;
    const written = valueOf(value, version.values);
    if (isError(written)) continue;
    const row = rowName(node.state.tables[statement.table], version);
    const { client } = node.state.sessions[session];
    const where = { session: client, table: statement.table, row, column };
    node.event('LostUpdate', { ...where, seen, overwritten, written });
  }
}

// INSERT

function insert(work: Work, statement: Insert): Result | 'waits' {
  const { node, running, transaction } = work;
  const table = node.state.tables[statement.table];
  while (running.at < statement.rows.length) {
    // After a wait, the row has already been added.
    if (running.targets.length === running.at) {
      const failed = addRow(work, statement, table);
      if (failed !== undefined) return failed;
    }
    const version = versionAt(table, running.targets[running.at]);
    const rival = table.primaryKey === null ? 'none' : rivalOf(work, statement.table, version);
    const watched = watchedOf(node, transaction);
    if (rival === 'none' || rival === 'duplicate') {
      const hasIndex = table.primaryKey !== null;
      const failed = watched && hasIndex && noteNewKey(node, watched, statement.table);
      if (failed) return failed;
    }
    if (rival === 'duplicate') {
      const constraint = `${statement.table}_pkey`;
      const what = 'duplicate key value violates unique constraint';
      return sqlError('23505', `${what} "${constraint}"`);
    }
    if (rival !== 'none') {
      return waitForKey(work, statement.table, version, rival);
    }
    running.at++;
    running.count++;
  }
  return { type: 'done', tag: `INSERT 0 ${running.count}`, count: running.count };
}

function addRow(work: Work, statement: Insert, table: Table): SqlError | undefined {
  const { node, session, running, transaction } = work;
  const values = valuesToInsert(statement, table, running.at);
  if (isError(values)) return values;
  const xid = assignXid(node.state, transaction);
  const watched = watchedOf(node, transaction);
  const failed = watched && noteWrite(node, watched, statement.table);
  if (failed !== undefined) return failed;
  const version = addVersion(table, values, xid, transaction.command);
  running.targets.push(version.position);
  remember(work, statement.table, version, values);
  const row = rowName(table, version);
  const { client } = node.state.sessions[session];
  node.event('RowWritten', {
    session: client, table: statement.table, row, from: {}, to: values,
  });
  return undefined;
}

/** What conflicts with a new key: a row that has it, or a running transaction that may keep it. */
function rivalOf(work: Work, name: string, own: Version): 'none' | 'duplicate' | number {
  const { state } = work.node;
  const { transaction } = work;
  const table = state.tables[name];
  const key = table.primaryKey!;
  for (const version of table.versions) {
    if (version === own || version.values[key] !== own.values[key]) continue;
    if (isKeyOpen(state, name, version)) continue;
    const made = statusOf(state, version.xmin);
    if (made === 'aborted') continue;
    if (made === 'running' && !isOwn(transaction, version.xmin)) return version.xmin;
    if (version.xmax === 0) return 'duplicate';
    const ended = statusOf(state, version.xmax);
    if (ended === 'aborted') return 'duplicate';
    if (ended === 'running' && !isOwn(transaction, version.xmax)) return version.xmax;
  }
  return 'none';
}
