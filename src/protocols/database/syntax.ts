/** The supported SQL as syntax trees: plain data, so that a waiting statement can be stored. */

export type Value = null | boolean | number | string;
export type ColumnType = 'integer' | 'text' | 'boolean';
/** The values of a row by column. */
export type Values = Readonly<Record<string, Value>>;
export type Level = 'read committed' | 'repeatable read' | 'serializable';

export type Operator =
  'and' | 'or' | '=' | '<>' | '<' | '<=' | '>' | '>=' | '+' | '-' | '*' | '/' | '%';

export type Expression =
  | { readonly type: 'literal'; readonly value: Value }
  | { readonly type: 'column'; readonly name: string }
  | { readonly type: 'not'; readonly of: Expression }
  | { readonly type: 'minus'; readonly of: Expression }
  | { readonly type: 'is null'; readonly of: Expression }
  | { readonly type: 'in'; readonly of: Expression; readonly list: readonly Expression[] }
  | {
      readonly type: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export type Aggregate = 'count' | 'sum' | 'min' | 'max';

/** A column of a SELECT; `of` is `null` in `count(*)`. */
export type Item =
  | { readonly type: 'expression'; readonly of: Expression }
  | { readonly type: 'aggregate'; readonly name: Aggregate; readonly of: Expression | null };

export interface Select {
  readonly type: 'select';
  readonly table: string;
  /** `*` stands for all columns, in the order of the table. */
  readonly items: readonly Item[] | '*';
  readonly where: Expression | null;
  readonly order: { readonly column: string; readonly descending: boolean } | null;
  readonly forUpdate: boolean;
}

export interface Assignment {
  readonly column: string;
  readonly value: Expression;
}

export interface Update {
  readonly type: 'update';
  readonly table: string;
  readonly set: readonly Assignment[];
  readonly where: Expression | null;
}

export interface Insert {
  readonly type: 'insert';
  readonly table: string;
  /** `null` stands for all columns, in the order of the table. */
  readonly columns: readonly string[] | null;
  readonly rows: readonly (readonly Expression[])[];
}

export interface Delete {
  readonly type: 'delete';
  readonly table: string;
  readonly where: Expression | null;
}

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

export interface CreateTable {
  readonly type: 'create table';
  readonly table: string;
  readonly columns: readonly Column[];
  readonly primaryKey: string | null;
}

/** A statement that reads or changes rows, and may have to wait for another transaction. */
export type RowStatement = Select | Update | Insert | Delete;

export type Statement =
  | RowStatement
  | CreateTable
  | { readonly type: 'begin'; readonly level: Level | null }
  | { readonly type: 'set level'; readonly level: Level }
  | { readonly type: 'commit' }
  | { readonly type: 'rollback' };

/** Why a statement failed: the SQLSTATE and, as far as possible, the message of PostgreSQL. */
export interface SqlError {
  readonly type: 'error';
  readonly code: string;
  readonly message: string;
}

export function sqlError(code: string, message: string): SqlError {
  return Object.freeze({ type: 'error', code, message });
}

export function isError(value: unknown): value is SqlError {
  return typeof value === 'object' && value !== null && 'code' in value;
}
