/** The supported SQL as syntax trees: plain data, so that a waiting statement can be stored. */

/** A timestamp or an interval is a number of microseconds; its type says which it is. */
export type Value = null | boolean | number | string;

export const columnTypes = [
  'integer', 'bigint', 'numeric', 'text', 'boolean', 'timestamp', 'timestamptz', 'interval',
  'json', 'jsonb',
] as const;
export type ColumnType = (typeof columnTypes)[number];
/** The values of a row by column. */
export type Values = Readonly<Record<string, Value>>;
export type Level = 'read committed' | 'repeatable read' | 'serializable';

// Expressions

export type Comparison = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type Arithmetic = '+' | '-' | '*' | '/' | '%';
/** `data -> 'a'` gives JSON, `data ->> 'a'` text. */
export type JsonOperator = '->' | '->>';
export type Operator = 'and' | 'or' | '||' | Comparison | Arithmetic | JsonOperator;

export type Expression =
  /** A quoted literal has no type of its own: it takes the type that its place demands. */
  | { readonly type: 'literal'; readonly value: Value; readonly quoted?: boolean }
  | { readonly type: 'column'; readonly table: string | null; readonly name: string }
  | { readonly type: 'not'; readonly of: Expression }
  | { readonly type: 'minus'; readonly of: Expression }
  | { readonly type: 'is'; readonly of: Expression; readonly what: null | boolean }
  | { readonly type: 'is distinct'; readonly left: Expression; readonly right: Expression }
  | { readonly type: 'in'; readonly of: Expression; readonly list: readonly Expression[] }
  /** `of = ANY (SELECT …)`, `of < ALL (SELECT …)`; IN is `= ANY`. */
  | {
      readonly type: 'compared select';
      readonly operator: Comparison;
      readonly quantifier: 'any' | 'all';
      readonly of: Expression;
      readonly select: Select;
    }
  /** `of = ANY (array)`, of an array that is computed. */
  | {
      readonly type: 'compared array';
      readonly operator: Comparison;
      readonly quantifier: 'any' | 'all';
      readonly of: Expression;
      readonly array: Expression;
    }
  | { readonly type: 'exists'; readonly select: Select }
  /** A subquery in place of a value. */
  | { readonly type: 'subquery'; readonly select: Select }
  | {
      readonly type: 'like';
      readonly of: Expression;
      readonly pattern: Expression;
      readonly anyCase: boolean;
    }
  | {
      readonly type: 'case';
      /** `CASE of WHEN value …`; null in `CASE WHEN condition …`. */
      readonly of: Expression | null;
      readonly branches: readonly { readonly when: Expression; readonly then: Expression }[];
      readonly otherwise: Expression | null;
    }
  | { readonly type: 'cast'; readonly of: Expression; readonly to: ColumnType }
  | Call
  | {
      readonly type: 'binary';
      readonly operator: Operator;
      readonly left: Expression;
      readonly right: Expression;
    };

export interface Call {
  readonly type: 'call';
  readonly name: string;
  readonly args: readonly Expression[];
  /** `count(*)`. */
  readonly star: boolean;
  readonly distinct: boolean;
  /** The condition of `FILTER (WHERE …)`. */
  readonly filter: Expression | null;
  /** The window of OVER; null for a call that is not one of a window function. */
  readonly over: Over | null;
}

/** The rows that a window function sees, and their order. Its frame is that of the default. */
export interface Over {
  readonly partition: readonly Expression[];
  readonly order: readonly Order[];
}

// Queries

/** A column of a result. */
export type Item =
  /** `*`, or `t.*`. */
  | { readonly type: 'all'; readonly table: string | null }
  | { readonly type: 'expression'; readonly of: Expression; readonly alias: string | null };

export type Source =
  | {
      readonly type: 'table';
      readonly name: string;
      readonly alias: string | null;
    }
  | {
      readonly type: 'subquery';
      readonly select: Select;
      readonly alias: string;
      /** The names of its columns, as far as given. */
      readonly columns: readonly string[];
    }
  | {
      readonly type: 'series';
      readonly args: readonly Expression[];
      readonly alias: string;
      readonly column: string;
    }
  | {
      readonly type: 'join';
      readonly kind: JoinKind;
      readonly left: Source;
      readonly right: Source;
      readonly on: Expression | null;
      /** The columns of USING. */
      readonly using: readonly string[];
    };

export type JoinKind = 'inner' | 'left' | 'right' | 'full';

export interface Order {
  readonly of: Expression;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

export const strengths = ['key share', 'share', 'no key update', 'update'] as const;
/** How strongly a row is locked, from the weakest to the strongest. */
export type Strength = (typeof strengths)[number];
/** What a statement does about a row that another transaction has locked. */
export type Blocked = 'wait' | 'nowait' | 'skip locked';

/** `FOR UPDATE OF t SKIP LOCKED`; without `of`, it applies to all tables of the query. */
export interface Locking {
  readonly strength: Strength;
  readonly of: readonly string[];
  readonly blocked: Blocked;
}

/** `WITH name (columns) AS (statement)`. */
export interface Common {
  readonly name: string;
  readonly columns: readonly string[];
  readonly statement: RowStatement;
}

export interface Select {
  readonly type: 'select';
  readonly with: readonly Common[];
  readonly distinct: boolean;
  /** The expressions of DISTINCT ON. */
  readonly distinctOn: readonly Expression[];
  readonly items: readonly Item[];
  readonly from: readonly Source[];
  readonly where: Expression | null;
  readonly group: readonly Expression[];
  readonly having: Expression | null;
  readonly order: readonly Order[];
  readonly limit: Expression | null;
  readonly offset: Expression | null;
  readonly locking: readonly Locking[];
  /** The rows of VALUES, which has no items and no sources. */
  readonly values: readonly (readonly Expression[])[] | null;
  /** The queries that UNION and the like combine, which has none either. */
  readonly combined: Combined | null;
}

export interface Combined {
  readonly operator: 'union' | 'intersect' | 'except';
  /** Whether equal rows stay (UNION ALL). */
  readonly all: boolean;
  readonly left: Select;
  readonly right: Select;
}

export interface Assignment {
  readonly column: string;
  readonly value: Expression | 'default';
}

export interface Update {
  readonly type: 'update';
  readonly with: readonly Common[];
  readonly table: string;
  readonly alias: string | null;
  readonly set: readonly Assignment[];
  readonly from: readonly Source[];
  readonly where: Expression | null;
  readonly returning: readonly Item[] | null;
}

export interface Delete {
  readonly type: 'delete';
  readonly with: readonly Common[];
  readonly table: string;
  readonly alias: string | null;
  /** The tables of USING. */
  readonly from: readonly Source[];
  readonly where: Expression | null;
  readonly returning: readonly Item[] | null;
}

export interface Conflict {
  /** The columns of a unique index, the name of its constraint, or any conflict. */
  readonly target: readonly string[] | string | null;
  /** What DO UPDATE sets; null for DO NOTHING. */
  readonly set: readonly Assignment[] | null;
  readonly where: Expression | null;
}

export interface Insert {
  readonly type: 'insert';
  readonly with: readonly Common[];
  readonly table: string;
  readonly alias: string | null;
  /** `null` stands for all columns, in the order of the table. */
  readonly columns: readonly string[] | null;
  readonly source:
    | { readonly type: 'values'; readonly rows: readonly (readonly (Expression | 'default')[])[] }
    | { readonly type: 'query'; readonly select: Select };
  readonly conflict: Conflict | null;
  readonly returning: readonly Item[] | null;
}

/** A statement that reads or changes rows, and may have to wait for another transaction. */
export type RowStatement = Select | Update | Insert | Delete;

// Definitions

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
  /** The length of `varchar(20)`, or precision and scale of `numeric(10, 2)`. */
  readonly size?: readonly number[];
  readonly notNull?: boolean;
  readonly default?: Expression;
  /** Whether its default is the next number of a sequence (`serial`, `identity`). */
  readonly serial?: boolean;
}

/** What happens to rows that refer to a key which is deleted or changed. */
export type KeyAction = 'no action' | 'restrict' | 'cascade' | 'set null';

export type Constraint =
  | { readonly type: 'primary key'; readonly name: string; readonly columns: readonly string[] }
  | {
      readonly type: 'unique';
      readonly name: string;
      readonly columns: readonly string[];
      /** Whether it is an index without a constraint, which DROP INDEX can drop. */
      readonly isIndex?: boolean;
    }
  /** An index that is not unique: it only counts for what changes may stay on their page. */
  | { readonly type: 'index'; readonly name: string; readonly columns: readonly string[] }
  | { readonly type: 'check'; readonly name: string; readonly condition: Expression }
  | {
      readonly type: 'references';
      readonly name: string;
      readonly columns: readonly string[];
      readonly table: string;
      /** The columns of the other table; empty for its primary key. */
      readonly keys: readonly string[];
      readonly onDelete: KeyAction;
      readonly onUpdate: KeyAction;
    };

export interface CreateTable {
  readonly type: 'create table';
  readonly table: string;
  readonly ifNotExists: boolean;
  readonly columns: readonly Column[];
  readonly constraints: readonly Constraint[];
}

export type Alteration =
  | { readonly type: 'add column'; readonly column: Column; readonly ifNotExists: boolean }
  | {
      readonly type: 'drop column';
      readonly column: string;
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | { readonly type: 'add constraint'; readonly constraint: Constraint }
  | { readonly type: 'set default'; readonly column: string; readonly value: Expression | null }
  | { readonly type: 'set not null'; readonly column: string; readonly notNull: boolean };

export type Definition =
  | CreateTable
  | {
      readonly type: 'alter table';
      readonly table: string;
      readonly alterations: readonly Alteration[];
    }
  | {
      readonly type: 'create index';
      /** Empty if PostgreSQL chooses the name. */
      readonly name: string;
      readonly table: string;
      readonly columns: readonly string[];
      readonly unique: boolean;
      readonly ifNotExists: boolean;
    }
  | {
      readonly type: 'drop table';
      readonly tables: readonly string[];
      readonly ifExists: boolean;
      readonly cascade: boolean;
    }
  | {
      readonly type: 'drop index';
      readonly names: readonly string[];
      readonly ifExists: boolean;
    }
  | {
      readonly type: 'truncate';
      readonly tables: readonly string[];
      readonly cascade: boolean;
      readonly restart: boolean;
    }
  | { readonly type: 'vacuum'; readonly tables: readonly string[]; readonly full: boolean }
  | { readonly type: 'analyze'; readonly tables: readonly string[] };

// Sessions and transactions

export const tableModes = [
  'access share', 'row share', 'row exclusive', 'share update exclusive', 'share',
  'share row exclusive', 'exclusive', 'access exclusive',
] as const;
export type TableMode = (typeof tableModes)[number];

export type Control =
  | { readonly type: 'begin'; readonly level: Level | null }
  | { readonly type: 'set level'; readonly level: Level }
  | { readonly type: 'commit' }
  | { readonly type: 'rollback' }
  | { readonly type: 'savepoint'; readonly name: string }
  | { readonly type: 'rollback to'; readonly name: string }
  | { readonly type: 'release'; readonly name: string }
  | {
      readonly type: 'lock table';
      readonly tables: readonly string[];
      readonly mode: TableMode;
      readonly nowait: boolean;
    }
  /** `null` restores the default. */
  | {
      readonly type: 'set';
      readonly name: string;
      readonly value: string | null;
      readonly local: boolean;
    }
  | { readonly type: 'show'; readonly name: string }
  /** `null` resets all settings. */
  | { readonly type: 'reset'; readonly name: string | null }
  | { readonly type: 'listen'; readonly channel: string }
  /** `null` stands for all channels. */
  | { readonly type: 'unlisten'; readonly channel: string | null }
  | { readonly type: 'notify'; readonly channel: string; readonly payload: string }
  | { readonly type: 'discard all' };

// Blocks of PL/pgSQL

export interface Block {
  readonly type: 'block';
  readonly statements: readonly BlockStatement[];
  /** The handlers of EXCEPTION; null if the block has none, and so is not a subtransaction. */
  readonly handlers: readonly Handler[] | null;
}

export interface Handler {
  /** The SQLSTATEs that it catches; null for all (`others`). */
  readonly codes: readonly string[] | null;
  readonly statements: readonly BlockStatement[];
}

export type BlockStatement =
  | Block
  | { readonly type: 'null' }
  | { readonly type: 'raise'; readonly level: 'exception' | 'notice'; readonly message: string }
  | { readonly type: 'perform'; readonly select: Select }
  | Exclude<Statement, { type: 'do' | 'begin' | 'commit' | 'rollback' }>;

export type Statement =
  | RowStatement
  | Definition
  | Control
  | { readonly type: 'do'; readonly block: Block };
