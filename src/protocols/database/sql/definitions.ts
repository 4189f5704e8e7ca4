/** Parses CREATE, ALTER, DROP, TRUNCATE, VACUUM and ANALYZE. */
import { partsOf } from '../expressions/conditions.ts';
import { readExpression } from './expressions.ts';
import type { Reader } from './reader.ts';
import type {
  Alteration, Column, Constraint, CreateTable, Definition, Expression, KeyAction,
} from './syntax.ts';
import { readSizedType } from './types.ts';

/** Reads a definition; undefined if none comes next. */
export function readDefinition(reader: Reader): Definition | undefined {
  const kind = reader.takeOne('create', 'alter', 'drop', 'truncate', 'vacuum', 'analyze');
  switch (kind) {
    case undefined:
      return undefined;
    case 'create':
      return readCreate(reader);
    case 'alter':
      return readAlter(reader);
    case 'drop':
      return readDrop(reader);
    case 'truncate': {
      reader.take('table');
      const tables = reader.list(() => readTruncated(reader));
      const restart = reader.take('restart', 'identity');
      if (!restart) reader.take('continue', 'identity');
      return { type: 'truncate', tables, restart, cascade: readCascade(reader) };
    }
    default:
      return readMaintenance(reader, kind);
  }
}

/** ONLY and `*` concern tables that inherit from others, which the simulation does not have. */
function readTruncated(reader: Reader): string {
  reader.take('only');
  const table = reader.table();
  reader.take('*');
  return table;
}

function readCascade(reader: Reader): boolean {
  return reader.takeOne('cascade', 'restrict') === 'cascade';
}

function readMaintenance(reader: Reader, type: 'vacuum' | 'analyze'): Definition {
  if (reader.sees('(')) reader.refuse(`options of ${type.toUpperCase()} in parentheses`);
  const full = type === 'vacuum' && reader.take('full');
  for (const word of ['freeze', 'verbose']) {
    if (reader.sees(word)) reader.refuse(`${type.toUpperCase()} ${word.toUpperCase()}`);
  }
  if (type === 'vacuum') reader.take('analyze');
  const tables = reader.seesName ? reader.list(() => reader.table()) : [];
  if (reader.sees('(')) reader.refuse(`${type.toUpperCase()} of columns`);
  return type === 'vacuum' ? { type, tables, full } : { type, tables };
}

/** What else can be created, altered or dropped. */
const otherKinds = [
  'schema', 'view', 'materialized', 'sequence', 'function', 'procedure', 'trigger', 'type',
  'domain', 'extension', 'role', 'user', 'database', 'policy', 'rule', 'publication', 'index',
  'subscription', 'aggregate', 'operator', 'cast', 'collation', 'server', 'foreign', 'tablespace',
  'language', 'statistics', 'temp', 'temporary', 'unlogged', 'system', 'group', 'owned', 'or',
  'event', 'access', 'conversion', 'transform', 'text', 'default', 'recursive', 'large', 'global',
  'local', 'constraint',
];

function refuseOther(reader: Reader, verb: string): void {
  const word = reader.next?.value ?? '';
  if (otherKinds.includes(word)) reader.refuse(`${verb} ${word.toUpperCase()}`);
  else reader.fail();
}

const nothing: Definition = { type: 'analyze', tables: [] };

// CREATE

function readCreate(reader: Reader): Definition {
  if (reader.take('table')) return readCreateTable(reader);
  const unique = reader.take('unique');
  if (!reader.take('index')) {
    refuseOther(reader, 'CREATE');
    return nothing;
  }
  if (reader.sees('concurrently')) reader.refuse('CREATE INDEX CONCURRENTLY');
  const ifNotExists = reader.take('if', 'not', 'exists');
  const name = reader.sees('on') ? '' : reader.name();
  reader.expect('on');
  reader.take('only');
  const table = reader.table();
  if (reader.take('using') && !reader.take('btree')) reader.refuse('indexes other than B-trees');
  const columns = reader.listed(() => {
    if (!reader.seesName || reader.seesAfter('(')) reader.refuse('indexes on expressions');
    const column = reader.name();
    reader.takeOne('asc', 'desc');
    reader.takeOne('nulls first', 'nulls last');
    return column;
  });
  if (reader.sees('where')) reader.refuse('partial indexes (CREATE INDEX … WHERE)');
  if (reader.sees('include')) reader.refuse('INCLUDE in an index');
  if (reader.sees('nulls')) reader.refuse('NULLS NOT DISTINCT');
  return { type: 'create index', name, table, columns, unique, ifNotExists };
}

function readCreateTable(reader: Reader): CreateTable {
  const ifNotExists = reader.take('if', 'not', 'exists');
  const table = reader.table();
  if (reader.sees('as')) reader.refuse('CREATE TABLE AS');
  const columns: Column[] = [];
  const constraints: Constraint[] = [];
  reader.expect('(');
  reader.list(() => {
    const own = readConstraint(reader, table);
    if (own !== undefined) constraints.push(own);
    else if (reader.sees('like')) reader.refuse('CREATE TABLE … (LIKE …)');
    else {
      const read = readColumn(reader, table);
      columns.push(read.column);
      constraints.push(...read.constraints);
    }
  });
  reader.expect(')');
  for (const word of ['inherits', 'partition', 'with', 'tablespace']) {
    if (reader.sees(word)) reader.refuse(`CREATE TABLE … ${word.toUpperCase()}`);
  }
  return { type: 'create table', table, ifNotExists, columns, constraints };
}

interface ReadColumn {
  readonly column: Column;
  readonly constraints: readonly Constraint[];
}

function readColumn(reader: Reader, table: string): ReadColumn {
  const name = reader.name();
  const serial = reader.takeOne('serial', 'bigserial', 'serial4', 'serial8');
  let column: Column = serial
    ? { name, type: serial.includes('4') || serial === 'serial' ? 'integer' : 'bigint',
        notNull: true, serial: true }
    : { name, ...readSizedType(reader) };
  const constraints: Constraint[] = [];
  for (;;) {
    if (reader.take('not', 'null')) column = { ...column, notNull: true };
    else if (reader.take('default')) column = { ...column, default: readExpression(reader) };
    else if (reader.take('generated')) {
      column = { ...column, notNull: true, serial: true };
      if (!reader.take('by', 'default', 'as', 'identity')) reader.refuse('GENERATED ALWAYS');
    } else if (!reader.take('null')) {
      const own = readConstraint(reader, table, name);
      if (own === undefined) return { column, constraints };
      constraints.push(own);
    }
    if (reader.error) return { column, constraints };
  }
}

/** Reads a constraint of a table, or of its column `of`; undefined if none comes next. */
function readConstraint(reader: Reader, table: string, of?: string): Constraint | undefined {
  const given = reader.take('constraint') ? reader.name() : '';
  const kind = of === undefined
    ? reader.takeOne('primary key', 'unique', 'check', 'foreign key')
    : reader.takeOne('primary key', 'unique', 'check', 'references');
  if (reader.sees('exclude')) reader.refuse('EXCLUDE');
  if (kind === undefined) {
    if (given !== '') reader.fail();
    return undefined;
  }
  if (reader.sees('nulls')) reader.refuse('NULLS NOT DISTINCT');
  if (kind === 'check') {
    reader.expect('(');
    const condition = readExpression(reader);
    reader.expect(')');
    // PostgreSQL puts the column into the name if the condition reads one only.
    const read = new Set(of === undefined ? columnsIn(condition) : [of]);
    const column = read.size === 1 ? `_${[...read][0]}` : '';
    readDeferral(reader);
    return { type: 'check', name: given || `${table}${column}_check`, condition };
  }
  const columns = of === undefined ? reader.listed(() => reader.name()) : [of];
  if (kind === 'primary key') {
    readDeferral(reader);
    return { type: 'primary key', name: given || `${table}_pkey`, columns };
  }
  const suffix = `${table}_${columns.join('_')}`;
  const constraint: Constraint =
    kind === 'unique'
      ? { type: 'unique', name: given || `${suffix}_key`, columns }
      : readReference(reader, given || `${suffix}_fkey`, columns, kind === 'foreign key');
  readDeferral(reader);
  return constraint;
}

/** A constraint is checked at once by default. */
function readDeferral(reader: Reader): void {
  while (reader.take('not', 'deferrable') || reader.take('initially', 'immediate'));
  if (reader.sees('deferrable') || reader.sees('initially')) {
    reader.refuse('deferrable constraints');
  }
  if (reader.sees('not', 'valid')) reader.refuse('constraints that are NOT VALID');
  if (reader.sees('no', 'inherit')) reader.refuse('constraints with NO INHERIT');
}

function columnsIn(expression: Expression): string[] {
  if (expression.type === 'column') return [expression.name];
  return partsOf(expression).flatMap(columnsIn);
}

function readReference(
  reader: Reader,
  name: string,
  columns: readonly string[],
  needsWord: boolean,
): Constraint {
  if (needsWord) reader.expect('references');
  const table = reader.table();
  const keys = reader.sees('(') ? reader.listed(() => reader.name()) : [];
  let onDelete: KeyAction = 'no action';
  let onUpdate: KeyAction = 'no action';
  while (!reader.error && (reader.sees('on') || reader.sees('match'))) {
    if (reader.take('on', 'delete')) onDelete = readKeyAction(reader, 'ON DELETE');
    else if (reader.take('on', 'update')) onUpdate = readKeyAction(reader, 'ON UPDATE');
    else if (!reader.take('match', 'simple')) reader.refuse('MATCH in a foreign key');
  }
  return { type: 'references', name, columns, table, keys, onDelete, onUpdate };
}

function readKeyAction(reader: Reader, when: string): KeyAction {
  const action = reader.takeOne('no action', 'restrict', 'cascade', 'set null');
  if (reader.sees('set', 'default')) reader.refuse(`${when} SET DEFAULT`);
  if (action === undefined) reader.fail();
  if (action === 'set null' && reader.sees('(')) reader.refuse(`${when} SET NULL with columns`);
  return action ?? 'no action';
}

// ALTER and DROP

function readAlter(reader: Reader): Definition {
  if (!reader.take('table')) {
    refuseOther(reader, 'ALTER');
    return nothing;
  }
  if (reader.sees('if')) reader.refuse('ALTER TABLE IF EXISTS');
  reader.take('only');
  const table = reader.table();
  const alterations = reader.list(() => readAlteration(reader, table)).flat();
  return { type: 'alter table', table, alterations };
}

function readAlteration(reader: Reader, table: string): Alteration[] {
  if (reader.take('add')) {
    const constraint = readConstraint(reader, table);
    if (constraint !== undefined) return [{ type: 'add constraint', constraint }];
    reader.take('column');
    const ifNotExists = reader.take('if', 'not', 'exists');
    const { column, constraints } = readColumn(reader, table);
    return [
      { type: 'add column', column, ifNotExists },
      ...constraints.map((one): Alteration => ({ type: 'add constraint', constraint: one })),
    ];
  }
  if (reader.sees('drop', 'constraint')) reader.refuse('ALTER TABLE … DROP CONSTRAINT');
  if (reader.take('drop')) {
    reader.take('column');
    const ifExists = reader.take('if', 'exists');
    const column = reader.name();
    return [{ type: 'drop column', column, ifExists, cascade: readCascade(reader) }];
  }
  if (reader.take('alter')) {
    reader.take('column');
    const column = reader.name();
    if (reader.take('set', 'default')) {
      return [{ type: 'set default', column, value: readExpression(reader) }];
    }
    if (reader.take('drop', 'default')) return [{ type: 'set default', column, value: null }];
    if (reader.take('set', 'not', 'null')) {
      return [{ type: 'set not null', column, notNull: true }];
    }
    if (reader.take('drop', 'not', 'null')) {
      return [{ type: 'set not null', column, notNull: false }];
    }
    reader.refuse('this form of ALTER TABLE … ALTER COLUMN');
    return [];
  }
  const word = reader.next?.value ?? '';
  if (/^(rename|owner|enable|disable|set|reset|validate|attach|detach|inherit|no)$/.test(word)) {
    reader.refuse(`ALTER TABLE … ${word.toUpperCase()}`);
  } else reader.fail();
  return [];
}

function readDrop(reader: Reader): Definition {
  if (reader.take('index')) return readDropIndex(reader);
  if (!reader.take('table')) {
    refuseOther(reader, 'DROP');
    return nothing;
  }
  const ifExists = reader.take('if', 'exists');
  const tables = reader.list(() => reader.table());
  return { type: 'drop table', tables, ifExists, cascade: readCascade(reader) };
}

function readDropIndex(reader: Reader): Definition {
  if (reader.sees('concurrently')) reader.refuse('DROP INDEX CONCURRENTLY');
  const ifExists = reader.take('if', 'exists');
  const names = reader.list(() => reader.table());
  // No other object depends on an index that is not the index of a constraint.
  readCascade(reader);
  return { type: 'drop index', names, ifExists };
}
