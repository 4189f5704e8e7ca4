/** CREATE, ALTER, DROP, TRUNCATE, VACUUM and ANALYZE, with the locks that they take. */
import { lockTable, lockTables, mayExist } from './locks/table-locks.ts';
import { alterTable, constraintFault, defaultFault, uniqueFault } from './alterations.ts';
import { type SqlError, sqlError } from './sql/errors.ts';
import type { Constraint, CreateTable, Definition } from './sql/syntax.ts';
import type { Context, Result, Table } from './state.ts';
import { primaryColumns } from './changes/constraints.ts';
import { notice } from './sessions/notices.ts';
import { rememberTable } from './transactions/undo.ts';
import { tableNamed } from './versions.ts';

/** Executes a definition; called again after each wait for a lock. */
export function define(context: Context, statement: Definition): Result | 'waits' {
  switch (statement.type) {
    case 'create table':
      return createTable(context, statement);
    case 'alter table': {
      const added = statement.alterations.flatMap((one) =>
        one.type === 'add constraint' ? [one.constraint] : [],
      );
      const isForeignKey = ({ type }: Constraint) => type === 'references';
      const isWeak = added.length === statement.alterations.length && added.every(isForeignKey);
      const mode = isWeak ? 'share row exclusive' : 'access exclusive';
      const locked = lockTables(context, [statement.table], mode);
      if (locked !== 'locked') return locked;
      const referred = lockReferred(context, statement.table, added);
      if (referred !== 'locked') return referred;
      return alterTable(context, statement) ?? done('ALTER TABLE');
    }
    case 'create index':
      return createIndex(context, statement);
    case 'drop table':
      return dropTables(context, statement);
    case 'drop index':
      return dropIndexes(context, statement);
    case 'truncate':
      return truncate(context, statement);
    case 'vacuum':
      if (context.transaction.explicit) {
        return sqlError('25001', 'VACUUM cannot run inside a transaction block');
      }
      return maintain(context, statement.tables, 'VACUUM', statement.full);
    case 'analyze':
      return maintain(context, statement.tables, 'ANALYZE', false);
  }
}

function done(tag: string): Result {
  return { type: 'done', tag, count: 0 };
}

function skip(context: Context, message: string): void {
  notice(context, '00000', message);
}

/** A new foreign key keeps the writers of the table that it refers to away. */
function lockReferred(
  context: Context,
  table: string,
  constraints: readonly Constraint[],
): 'locked' | 'waits' | SqlError {
  const others = constraints.flatMap((one) =>
    one.type === 'references' && one.table !== table ? [one.table] : [],
  );
  return lockTables(context, others, 'share row exclusive');
}

// CREATE

export function emptyTable(
  columns: Table['columns'],
  constraints: readonly Constraint[],
): Table {
  const keys = primaryColumns(constraints);
  const primaryKey = keys.length === 1 ? keys[0] : null;
  return { columns, constraints, primaryKey, sequences: {}, versions: [], lastPosition: 0 };
}

function createTable(context: Context, statement: CreateTable): Result | 'waits' {
  const { table: name, columns, constraints, ifNotExists } = statement;
  const { state } = context.node;
  if (tableNamed(state, name) !== undefined) {
    if (!ifNotExists) return sqlError('42P07', `relation "${name}" already exists`);
    skip(context, `relation "${name}" already exists, skipping`);
    return done('CREATE TABLE');
  }
  const names = columns.map((column) => column.name);
  const twice = names.find((column, i) => names.indexOf(column) < i);
  if (twice !== undefined) return sqlError('42701', `column "${twice}" specified more than once`);
  if (constraints.filter(({ type }) => type === 'primary key').length > 1) {
    return sqlError('42P16', `multiple primary keys for table "${name}" are not allowed`);
  }
  for (const column of columns) {
    const fault = defaultFault(column);
    if (fault !== undefined) return fault;
  }
  const table = emptyTable(columns, constraints);
  const referred = lockReferred(context, name, constraints);
  if (referred !== 'locked') return referred;
  for (const constraint of constraints) {
    const fault = constraintFault(state.tables, name, table, constraint);
    if (fault !== undefined) return fault;
  }
  const locked = lockTable(context, name, 'access exclusive');
  if (locked !== 'locked') return locked;
  rememberTable(context, name, { rows: true });
  state.tables[name] = table;
  state.committed[name] = [];
  return done('CREATE TABLE');
}

function createIndex(
  context: Context,
  { name, table: on, columns, unique, ifNotExists }: Extract<Definition, { type: 'create index' }>,
): Result | 'waits' {
  const locked = lockTables(context, [on], 'share');
  if (locked !== 'locked') return locked;
  const { state } = context.node;
  const table = tableNamed(state, on)!;
  const missing = columns.find((column) => !table.columns.some((one) => one.name === column));
  if (missing !== undefined) return sqlError('42703', `column "${missing}" does not exist`);
  const isTaken = (one: string) =>
    tableNamed(state, one) !== undefined || indexNamed(context, one) !== undefined;
  if (name !== '' && isTaken(name)) {
    if (!ifNotExists) return sqlError('42P07', `relation "${name}" already exists`);
    skip(context, `relation "${name}" already exists, skipping`);
    return done('CREATE INDEX');
  }
  let chosen = name === '' ? `${on}_${columns.join('_')}_idx` : name;
  for (let number = 1; isTaken(chosen); number++) {
    chosen = `${on}_${columns.join('_')}_idx${number}`;
  }
  const fault = unique ? uniqueFault(table, chosen, columns) : undefined;
  if (fault !== undefined) return fault;
  rememberTable(context, on, { rows: false });
  const index: Constraint = unique
    ? { type: 'unique', name: chosen, columns, isIndex: true }
    : { type: 'index', name: chosen, columns };
  state.tables[on] = { ...table, constraints: [...table.constraints, index] };
  return done('CREATE INDEX');
}

/** The index of this name, of a constraint or by itself, and its table. */
function indexNamed(
  { node }: Context,
  name: string,
): { readonly table: string; readonly index: Constraint } | undefined {
  for (const [table, { constraints }] of Object.entries(node.state.tables)) {
    const index = constraints.find((one) => one.name === name);
    if (index === undefined || index.type === 'check' || index.type === 'references') continue;
    return { table, index };
  }
  return undefined;
}

// DROP and TRUNCATE

/** The tables that refer to others, which are not among them. */
function referring(
  { node }: Context,
  tables: readonly string[],
): { readonly table: string; readonly to: string; readonly constraint: string }[] {
  return Object.entries(node.state.tables)
    .filter(([name]) => !tables.includes(name))
    .flatMap(([table, { constraints }]) =>
      constraints.flatMap((one) =>
        one.type === 'references' && tables.includes(one.table)
          ? [{ table, to: one.table, constraint: one.name }]
          : [],
      ),
    );
}

function referredTo({ constraints }: Table): string[] {
  return constraints.flatMap((one) => (one.type === 'references' ? [one.table] : []));
}

function dropTables(
  context: Context,
  { tables, ifExists, cascade }: Extract<Definition, { type: 'drop table' }>,
): Result | 'waits' {
  const { state } = context.node;
  const found: string[] = [];
  for (const name of tables) {
    if (mayExist(context, name)) found.push(name);
    else if (ifExists) skip(context, `table "${name}" does not exist, skipping`);
    else return sqlError('42P01', `table "${name}" does not exist`);
  }
  const locked = lockTables(context, found, 'access exclusive');
  if (locked !== 'locked') return locked;
  const dependents = referring(context, found);
  if (dependents.length > 0 && !cascade) {
    const what = `cannot drop table ${dependents[0].to} because other objects depend on it`;
    return sqlError('2BP01', what);
  }
  // A reference between two tables is dropped at both.
  const others = [
    ...dependents.map(({ table }) => table),
    ...found.flatMap((name) => referredTo(state.tables[name])),
  ];
  const both = lockTables(context, others, 'access exclusive');
  if (both !== 'locked') return both;
  for (const { table: name, constraint } of dependents) {
    rememberTable(context, name, { rows: false });
    const table = state.tables[name];
    const constraints = table.constraints.filter((one) => one.name !== constraint);
    state.tables[name] = { ...table, constraints };
  }
  for (const name of found) {
    rememberTable(context, name, { rows: true });
    delete state.tables[name];
    delete state.committed[name];
  }
  return done('DROP TABLE');
}

function dropIndexes(
  context: Context,
  { names, ifExists }: Extract<Definition, { type: 'drop index' }>,
): Result | 'waits' {
  for (const name of names) {
    const found = indexNamed(context, name);
    if (found === undefined) {
      if (!ifExists) return sqlError('42704', `index "${name}" does not exist`);
      skip(context, `index "${name}" does not exist, skipping`);
      continue;
    }
    const { table, index } = found;
    const locked = lockTables(context, [table], 'access exclusive');
    if (locked !== 'locked') return locked;
    if (index.type !== 'index' && !(index.type === 'unique' && index.isIndex === true)) {
      const needs = `because constraint ${name} on table ${table} requires it`;
      return sqlError('2BP01', `cannot drop index ${name} ${needs}`);
    }
    rememberTable(context, table, { rows: false });
    const before = context.node.state.tables[table];
    const constraints = before.constraints.filter((one) => one.name !== name);
    context.node.state.tables[table] = { ...before, constraints };
  }
  return done('DROP INDEX');
}

function truncate(
  context: Context,
  { tables, cascade, restart }: Extract<Definition, { type: 'truncate' }>,
): Result | 'waits' {
  const { state } = context.node;
  const all = tables.slice();
  for (const name of all) {
    const locked = lockTables(context, [name], 'access exclusive');
    if (locked !== 'locked') return locked;
    for (const { table } of cascade ? referring(context, all) : []) all.push(table);
  }
  const [dependent] = referring(context, all);
  if (dependent !== undefined) {
    const what = 'cannot truncate a table referenced in a foreign key constraint';
    return sqlError('0A000', what);
  }
  for (const name of all) {
    rememberTable(context, name, { rows: true });
    const table = state.tables[name];
    table.versions = [];
    if (restart) table.sequences = {};
  }
  return done('TRUNCATE TABLE');
}

function maintain(
  context: Context,
  tables: readonly string[],
  tag: string,
  full: boolean,
): Result | 'waits' {
  const all = tables.length > 0 ? tables : Object.keys(context.node.state.tables);
  const locked = lockTables(context, all, full ? 'access exclusive' : 'share update exclusive');
  return locked === 'locked' ? done(tag) : locked;
}

