/** Takes tokens one by one, and keeps the first error: after it, nothing fits any more. */
import { uncertainKeywords } from './keywords.ts';
import type { Token } from './lexer.ts';
import { notModelled, type SqlError, sqlError } from './errors.ts';
import type { Select } from './syntax.ts';
import { isSystemView, type SystemView, viewColumnsNotModelled } from './system-views.ts';

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

const continuesQuery = [
  'union', 'intersect', 'except', 'order', 'limit', 'offset', 'fetch', 'for',
];

function isQuery(token: Token | undefined): boolean {
  return token?.kind === 'word' && ['select', 'with', 'values', 'table'].includes(token.value);
}

function isSymbol(token: Token | undefined, symbol: string): boolean {
  return token?.kind === 'symbol' && token.value === symbol;
}

export class Reader {
  /** The names of the system views in the statement so far, and the columns that it reads. */
  private readonly views = new Map<string, SystemView>();
  private readonly columns: { readonly table: string | null; readonly name: string }[] = [];
  private hasOtherSources = false;
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
    return isQuery(this.next);
  }

  /** Whether a query in parentheses comes next, which may be in more of them. */
  get seesQueryIn(): boolean {
    return this.sees('(') && isQuery(this.tokens[this.afterOpening(this.at)]);
  }

  /** Whether a query comes next that begins with one in parentheses, as `(SELECT …) UNION …`. */
  get seesQueryInside(): boolean {
    if (!this.seesQueryIn) return false;
    const next = this.tokens[this.afterClosing(this.at)];
    if (next?.value === ')') {
      return this.tokens[this.at + 1].value !== '(' || this.isBareAt(this.at);
    }
    return next?.kind === 'word' && continuesQuery.includes(next.value);
  }

  /** Whether the parentheses at this place contain another pair, and nothing else. */
  private isBareAt(at: number): boolean {
    return this.tokens[this.afterClosing(at + 1)]?.value === ')';
  }

  private afterOpening(from: number): number {
    let at = from;
    while (isSymbol(this.tokens[at], '(')) at++;
    return at;
  }

  /** The index of the token after the parenthesis that closes the one at `from`. */
  private afterClosing(from: number): number {
    let depth = 0;
    for (let at = from; at < this.tokens.length; at++) {
      if (isSymbol(this.tokens[at], '(')) depth++;
      else if (isSymbol(this.tokens[at], ')') && --depth === 0) return at + 1;
    }
    return this.tokens.length;
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
    if (name.startsWith('pg_') && !isSystemView(name)) this.refuse(`the system view ${name}`);
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

  /** Notes a source of the statement; null for one that is not a table. */
  addSource(table: string | null, alias: string | null): void {
    if (table !== null && isSystemView(table)) this.views.set(alias ?? table, table);
    else this.hasOtherSources = true;
  }

  addColumn(table: string | null, name: string): void {
    this.columns.push({ table, name });
  }

  /** Refuses columns of system views, when the whole statement is read: FROM follows them. */
  checkViews(): void {
    for (const { table, name } of this.columns) {
      const views = [...this.views].filter(([alias]) =>
        table === null ? !this.hasOtherSources : alias === table,
      );
      const view = views.find(([, one]) => viewColumnsNotModelled[one].includes(name))?.[1];
      if (view !== undefined) this.refuse(`the column ${name} of ${view}`);
    }
    this.views.clear();
    this.columns.length = 0;
    this.hasOtherSources = false;
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
