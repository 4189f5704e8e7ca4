/** Takes tokens one by one, and keeps the first error: after it, nothing fits any more. */
import { uncertainKeywords } from './keywords.ts';
import type { Token } from './lexer.ts';
import { notModelled, type Select, type SqlError, sqlError } from './syntax.ts';

/** Words that PostgreSQL reserves: they cannot name a table or a column without quotes. */
const reserved: ReadonlySet<string> = new Set(
  (
    'all analyse analyze and any array as asc asymmetric both case cast check collate column ' +
    'constraint create current_catalog current_date current_role current_time ' +
    'current_timestamp current_user default deferrable desc distinct do else end except false ' +
    'fetch for foreign from grant group having in initially intersect into lateral leading ' +
    'limit localtime localtimestamp not null offset on only or order placing primary ' +
    'references returning select session_user some symmetric table then to trailing true union ' +
    'unique user using variadic when where window with ' +
    // These may name a function.
    'authorization binary collation concurrently cross current_schema freeze full ilike inner ' +
    'is isnull join left like natural notnull outer overlaps right similar tablesample verbose'
  ).split(' '),
);

/** The system views that the simulation has. */
const systemViews: readonly string[] = ['pg_locks', 'pg_stat_activity'];

/** The columns of the system views that PostgreSQL 15 has and the simulation does not. */
const viewColumnsNotModelled: Readonly<Record<string, readonly string[]>> = {
  pg_locks: [
    'database', 'page', 'virtualxid', 'virtualtransaction', 'fastpath', 'waitstart',
  ],
  pg_stat_activity: [
    'datid', 'datname', 'leader_pid', 'usesysid', 'usename', 'client_addr', 'client_hostname',
    'client_port', 'backend_start', 'xact_start', 'query_start', 'state_change', 'backend_xmin',
    'query_id', 'query', 'backend_type',
  ],
};

export class Reader {
  /** The system views and the columns that the statement names so far. */
  readonly views = new Set<string>();
  readonly columns = new Set<string>();
  error: SqlError | undefined;
  private at = 0;
  constructor(
    private readonly tokens: readonly Token[],
    /** Reads a query; expressions contain queries, and queries expressions. */
    readonly select: (reader: Reader) => Select,
  ) {}

  get atEnd(): boolean {
    return this.error !== undefined || this.at >= this.tokens.length;
  }

  get next(): Token | undefined {
    return this.error ? undefined : this.tokens[this.at];
  }

  /** Whether these words or symbols come next. */
  sees(...words: string[]): boolean {
    if (this.error) return false;
    return words.every((word, i) => {
      const token = this.tokens[this.at + i];
      const isPlain = token?.kind === 'word' || token?.kind === 'symbol';
      return isPlain && token.value === word;
    });
  }

  /** Takes these words or symbols if all of them come next. */
  take(...words: string[]): boolean {
    const isNext = this.sees(...words);
    if (isNext) this.at += words.length;
    return isNext;
  }

  /** Takes the first of these that comes next. */
  takeOne<const Word extends string>(...words: readonly Word[]): Word | undefined {
    return words.find((word) => this.take(...word.split(' ')));
  }

  expect(...words: string[]): void {
    for (const word of words) if (!this.take(word)) this.fail();
  }

  /** Takes the next token if it is of this kind, and returns its value. */
  takeKind(kind: Token['kind']): string | undefined {
    const token = this.next;
    if (token?.kind !== kind) return undefined;
    this.at++;
    return token.value;
  }

  /** Whether a query comes next: what may stand in parentheses as a subquery. */
  get seesQuery(): boolean {
    return ['select', 'with', 'values'].some((word) => this.sees(word));
  }

  /** Whether a name comes next, that is not a reserved word. */
  get seesName(): boolean {
    const { next } = this;
    return next?.kind === 'name' || (next?.kind === 'word' && !reserved.has(next.value));
  }

  /** Whether the token after the next is this symbol. */
  seesAfter(symbol: string, ahead = 1): boolean {
    const token = this.error ? undefined : this.tokens[this.at + ahead];
    return token?.kind === 'symbol' && token.value === symbol;
  }

  /** Whether a string follows the next token, as in INTERVAL '1 s'. */
  get followedByString(): boolean {
    return this.error === undefined && this.tokens[this.at + 1]?.kind === 'string';
  }

  name(): string {
    if (!this.seesName) return this.fail();
    const { value } = this.next!;
    this.at++;
    return value;
  }

  /** A name after AS, or without it; null if there is none. */
  alias(): string | null {
    if (this.take('as')) return this.label();
    return this.seesName ? this.name() : null;
  }

  /** A name after AS, which may even be a reserved word. */
  label(): string {
    const { next } = this;
    if (next?.kind !== 'name' && next?.kind !== 'word') return this.fail();
    this.at++;
    return next.value;
  }

  /** The name of a table. The simulation has one schema. */
  table(): string {
    const first = this.name();
    if (!this.take('.')) return this.checked(first);
    if (first !== 'public' && first !== 'pg_catalog') this.refuse(`the schema ${first}`);
    return this.checked(this.name());
  }

  private checked(name: string): string {
    const isView = name.startsWith('pg_') && !systemViews.includes(name);
    if (isView) this.refuse(`the system view ${name}`);
    if (systemViews.includes(name)) this.views.add(name);
    return name;
  }

  /** Reads one or more items, separated by commas. */
  list<T>(read: () => T): T[] {
    const found = [read()];
    while (this.take(',')) found.push(read());
    return found;
  }

  /** Reads items in parentheses. */
  listed<T>(read: () => T): T[] {
    this.expect('(');
    const found = this.list(read);
    this.expect(')');
    return found;
  }

  /** Refuses columns of system views, when the whole statement is read: FROM follows them. */
  checkViews(): void {
    for (const view of this.views) {
      const column = viewColumnsNotModelled[view].find((one) => this.columns.has(one));
      if (column !== undefined) this.refuse(`the column ${column} of ${view}`);
    }
    this.views.clear();
    this.columns.clear();
  }

  fail(): never | string {
    const token = this.tokens[this.at];
    const before = this.tokens[this.at - 1];
    if (token?.kind === 'word' && uncertainKeywords.has(token.value)) {
      this.refuse(`${token.value.toUpperCase()} here`);
    } else if (token?.kind === 'string' && before?.kind === 'word') {
      this.refuse(`the literal ${before.text} ${token.text}`);
    } else if (token?.value === '.' || token?.value === '[') {
      this.refuse(`names and values with ${token.value} here`);
    }
    const place = token === undefined ? 'at end of input' : `at or near "${token.text}"`;
    this.error ??= sqlError('42601', `syntax error ${place}`);
    return '';
  }

  /** Reports another error of PostgreSQL. */
  reject(code: string, message: string): void {
    this.error ??= sqlError(code, message);
  }

  /** Refuses what PostgreSQL would accept, but the simulation does not have. */
  refuse(what: string): void {
    this.error ??= notModelled(what);
  }
}
