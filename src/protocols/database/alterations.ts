/** ALTER TABLE: changes the columns and constraints of a table, and checks its rows. */
import { bind } from './expressions/bind.ts';
import type { Place } from './expressions/bound.ts';
import { readsColumn } from './expressions/conditions.ts';
import { envOf, isStop, Scope } from './expressions/scope.ts';
import { convert, fitted } from './expressions/values.ts';
import { referredKeys } from './changes/constraints.ts';
import { assigned, noColumn } from './changes/write.ts';
import { isError, notModelled, type SqlError, sqlError } from './sql/errors.ts';
import type {
  Alteration, Column, Constraint, Definition, Expression, Value,
} from './sql/syntax.ts';
import type { Context, Table, Version } from './state.ts';
import { rememberTable } from './transactions/undo.ts';
import { statusOf } from './versions.ts';

export function alterTable(
  context: Context,
  { table: name, alterations }: Extract<Definition, { type: 'alter table' }>,
): SqlError | undefined {
  const { state } = context.node;
  rememberTable(context, name, { rows: true });
  for (const alteration of alterations) {
    const changed = altered(context, name, state.tables[name], alteration);
    if (isError(changed)) return changed;
    state.tables[name] = changed;
  }
  return undefined;
}

function altered(
  context: Context,
  name: string,
  table: Table,
  alteration: Alteration,
): Table | SqlError {
  switch (alteration.type) {
    case 'add column':
      return addColumn(name, table, alteration.column, alteration.ifNotExists);
    case 'drop column':
      return dropColumn(context, name, table, alteration);
    case 'add constraint':
      return addConstraint(context, name, table, alteration.constraint);
    default:
      return changeColumn(context, name, table, alteration);
  }
}

function addColumn(
  name: string,
  table: Table,
  column: Column,
  ifNotExists: boolean,
): Table | SqlError {
  if (table.columns.some((one) => one.name === column.name)) {
    if (ifNotExists) return table;
    return sqlError('42701', `column "${column.name}" of relation "${name}" already exists`);
  }
  const fault = defaultFault(column);
  if (fault !== undefined) return fault;
  const value = column.default === undefined ? null : constantOf(column.default, column);
  if (isError(value)) return value;
  const sequences = { ...table.sequences };
  const valueFor = (): Value => {
    if (column.serial !== true) return value;
    sequences[column.name] = (sequences[column.name] ?? 0) + 1;
    return sequences[column.name];
  };
  if (value === null && column.notNull && column.serial !== true && table.versions.length > 0) {
    return nullsIn(name, column.name);
  }
  const versions = table.versions.map((version) => ({
    ...version, values: Object.freeze({ ...version.values, [column.name]: valueFor() }),
  }));
  return { ...table, columns: [...table.columns, column], versions, sequences };
}

function nullsIn(name: string, column: string): SqlError {
  return sqlError('23502', `column "${column}" of relation "${name}" contains null values`);
}

/** Why an expression cannot be the default of a column. */
export function defaultFault(column: Column): SqlError | undefined {
  if (column.default === undefined) return undefined;
  if (readsColumn(column.default)) {
    return sqlError('0A000', 'cannot use column reference in DEFAULT expression');
  }
  const bound = bind(column.default, {
    ...plainPlace(new Scope(null)),
    perform: () => null,
  });
  if (isError(bound)) return bound;
  const fitting = assigned(column, bound, 'default expression');
  return isError(fitting) ? fitting : undefined;
}

/** The value of a default, which existing rows get. */
function constantOf(expression: Expression, { type, size }: Column): Value | SqlError {
  const bound = bind(expression, plainPlace(new Scope(null)));
  if (isError(bound)) return bound;
  const value = bound.value(envOf([]));
  if (isStop(value)) return isError(value) ? value : notModelled('a default that waits');
  const converted = convert(value, bound.type, type);
  return size === undefined || isError(converted) ? converted : fitted(converted, type, size);
}

function plainPlace(scope: Scope): Place {
  return {
    scope, clause: 'DEFAULT expressions', totals: null, windows: null,
    bindSelect: () => sqlError('0A000', 'cannot use subquery in DEFAULT expression'),
    perform: (name) => notModelled(`${name}() as the default of a new column`),
  };
}

function dropColumn(
  { node }: Context,
  name: string,
  table: Table,
  { column, ifExists, cascade }: Extract<Alteration, { type: 'drop column' }>,
): Table | SqlError {
  if (!table.columns.some((one) => one.name === column)) {
    return ifExists ? table : noColumn(name, column);
  }
  const { tables } = node.state;
  if (isReferredTo(tables, name, column)) {
    if (cascade) return notModelled('DROP COLUMN … CASCADE of a column that other tables refer to');
    const what = `cannot drop column ${column} of table ${name}`;
    return sqlError('2BP01', `${what} because other objects depend on it`);
  }
  const columns = table.columns.filter((one) => one.name !== column);
  const constraints = table.constraints.filter((one) =>
    one.type === 'check' ? !readsColumn(one.condition, column) : !one.columns.includes(column),
  );
  const versions = table.versions.map((version) => {
    const { [column]: _, ...values } = version.values;
    return { ...version, values: Object.freeze(values) };
  });
  const primaryKey = table.primaryKey === column ? null : table.primaryKey;
  return { ...table, columns, constraints, versions, primaryKey };
}

/** Whether another table has a reference to this column. */
function isReferredTo(
  tables: Readonly<Record<string, Table>>,
  name: string,
  column: string,
): boolean {
  const refers = (one: Constraint) =>
    one.type === 'references' && one.table === name &&
    referredKeys(one, tables[name]).includes(column);
  return Object.entries(tables).some(
    ([other, { constraints }]) => other !== name && constraints.some(refers),
  );
}

function changeColumn(
  context: Context,
  name: string,
  table: Table,
  alteration: Extract<Alteration, { type: 'set default' | 'set not null' }>,
): Table | SqlError {
  const { column: wanted } = alteration;
  if (!table.columns.some((column) => column.name === wanted)) return noColumn(name, wanted);
  const isEmpty = (version: Version) => version.values[wanted] === null;
  if (alteration.type === 'set not null' && alteration.notNull) {
    if (liveRows(context, table).some(isEmpty)) return nullsIn(name, wanted);
  }
  if (alteration.type === 'set default' && alteration.value !== null) {
    const target = table.columns.find(({ name: one }) => one === wanted)!;
    const fault = defaultFault({ ...target, default: alteration.value });
    if (fault !== undefined) return fault;
  }
  const columns = table.columns.map((column): Column => {
    if (column.name !== wanted) return column;
    if (alteration.type === 'set not null') return { ...column, notNull: alteration.notNull };
    const { default: _, ...rest } = column;
    return alteration.value === null ? rest : { ...rest, default: alteration.value };
  });
  return { ...table, columns };
}

/** The rows that are not deleted. The table is locked, so no other transaction changes them. */
function liveRows({ node }: Context, { versions }: Table): Version[] {
  const counts = (xid: number) => statusOf(node.state, xid) !== 'aborted';
  return versions.filter(({ xmin, xmax }) => counts(xmin) && (xmax === 0 || !counts(xmax)));
}

function addConstraint(
  context: Context,
  name: string,
  table: Table,
  constraint: Constraint,
): Table | SqlError {
  const { tables } = context.node.state;
  const isTwice = constraint.type === 'primary key' &&
    table.constraints.some(({ type }) => type === 'primary key');
  if (isTwice) {
    return sqlError('42P16', `multiple primary keys for table "${name}" are not allowed`);
  }
  if (constraint.type === 'check' || constraint.type === 'references') {
    if (liveRows(context, table).length > 0) {
      return notModelled('ALTER TABLE … ADD CHECK or FOREIGN KEY on a table that has rows');
    }
  }
  const fault =
    constraintFault(tables, name, table, constraint) ??
    (constraint.type === 'unique' || constraint.type === 'primary key'
      ? uniqueFault(
          { ...table, versions: liveRows(context, table) }, constraint.name, constraint.columns,
        )
      : undefined);
  if (fault !== undefined) return fault;
  const keys = constraint.type === 'primary key' ? constraint.columns : [];
  const primaryKey = keys.length === 1 ? keys[0] : table.primaryKey;
  return { ...table, constraints: [...table.constraints, constraint], primaryKey };
}

/** Why a unique index cannot be built on the rows of a table. */
export function uniqueFault(
  { versions }: Pick<Table, 'versions'>,
  name: string,
  columns: readonly string[],
): SqlError | undefined {
  const seen = new Set<string>();
  for (const { values, xmax } of versions) {
    if (xmax !== 0 || columns.some((column) => values[column] === null)) continue;
    const key = JSON.stringify(columns.map((column) => values[column]));
    if (seen.has(key)) return sqlError('23505', `could not create unique index "${name}"`);
    seen.add(key);
  }
  return undefined;
}

/** Why a constraint does not fit its table, or the table that it refers to. */
export function constraintFault(
  tables: Readonly<Record<string, Table>>,
  name: string,
  { columns }: Table,
  constraint: Constraint,
): SqlError | undefined {
  if (constraint.type === 'check') {
    const scope = new Scope(null);
    scope.add({ name, table: name, columns, index: 0 });
    const bound = bind(constraint.condition, plainPlace(scope));
    return isError(bound) ? bound : undefined;
  }
  const absent = constraint.columns.find((column) => !columns.some((one) => one.name === column));
  if (absent !== undefined) {
    const isReference = constraint.type === 'references';
    const where = isReference ? 'referenced in foreign key constraint' : 'named in key';
    return sqlError('42703', `column "${absent}" ${where} does not exist`);
  }
  if (constraint.type !== 'references' || constraint.table === name) return undefined;
  const other = tables[constraint.table];
  if (other === undefined) {
    return sqlError('42P01', `relation "${constraint.table}" does not exist`);
  }
  const { keys } = constraint;
  const isKey = other.constraints.some((one) => {
    if (one.type !== 'primary key' && one.type !== 'unique') return false;
    if (keys.length === 0) return one.type === 'primary key';
    return one.columns.length === keys.length && keys.every((key) => one.columns.includes(key));
  });
  if (isKey) return undefined;
  const what = 'there is no unique constraint matching given keys for referenced table';
  return sqlError('42830', `${what} "${constraint.table}"`);
}
