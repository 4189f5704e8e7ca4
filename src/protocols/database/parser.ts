/** Parses a small part of SQL; anything else is an error in the words of PostgreSQL. */
import {
  type Aggregate, type Assignment, type Column, type ColumnType, type Expression, type Item,
  type Level, type Operator, type SqlError, sqlError, type Statement,
} from './syntax.ts';

interface Token {
  /** As written. */
  readonly text: string;
  readonly kind: 'word' | 'number' | 'string' | 'symbol';
}

/** Returns the statement, or the error at the first token that is not supported. */
export function parseSql(text: string): Statement | SqlError {
  const tokens = tokenize(text);
  if (!Array.isArray(tokens)) return tokens;
  const reader = new Reader(tokens);
  const statement = readStatement(reader);
  reader.take(';');
  if (!reader.atEnd) reader.fail();
  return reader.error ?? statement;
}

const pattern = /\s+|--[^\n]*|([A-Za-z_]\w*)|(\d+)|('(?:[^']|'')*')|(<=|>=|<>|!=|[-+*/%=<>(),;])/y;

function tokenize(text: string): Token[] | SqlError {
  const tokens: Token[] = [];
  pattern.lastIndex = 0;
  while (pattern.lastIndex < text.length) {
    const at = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) {
      if (text[at] === "'") {
        return sqlError('42601', `unterminated quoted string at or near "${text.slice(at)}"`);
      }
      return sqlError('42601', `syntax error at or near "${text[at]}"`);
    }
    const [found, word, number, quoted, symbol] = match;
    if (word !== undefined) tokens.push({ text: found, kind: 'word' });
    else if (number !== undefined) tokens.push({ text: found, kind: 'number' });
    else if (quoted !== undefined) tokens.push({ text: found, kind: 'string' });
    else if (symbol !== undefined) tokens.push({ text: found, kind: 'symbol' });
  }
  return tokens;
}

/** Words that cannot be the name of a table or a column. */
const reserved: ReadonlySet<string> = new Set([
  ...['select', 'from', 'where', 'for', 'order', 'and', 'or', 'not', 'in', 'null', 'true'],
  ...['false', 'into', 'table', 'create', 'primary', 'default', 'asc', 'desc', 'group', 'limit'],
  ...['having', 'union', 'returning', 'as', 'on', 'using', 'with', 'distinct', 'all', 'case'],
  ...['check', 'unique', 'references', 'constraint', 'end', 'else', 'when', 'then', 'user'],
]);

/** Takes tokens one by one. The first that does not fit is the error; after it, nothing fits. */
class Reader {
  error: SqlError | undefined;
  private at = 0;
  constructor(private readonly tokens: readonly Token[]) {}

  get atEnd(): boolean {
    return this.at >= this.tokens.length;
  }

  get next(): Token | undefined {
    return this.error ? undefined : this.tokens[this.at];
  }

  /** Takes these words or symbols if all of them come next. */
  take(...words: string[]): boolean {
    if (this.error) return false;
    const isNext = words.every((word, i) => this.isWord(word, i));
    if (isNext) this.at += words.length;
    return isNext;
  }

  private isWord(word: string, ahead: number): boolean {
    const token = this.tokens[this.at + ahead];
    return token !== undefined && token.kind !== 'string' && token.text.toLowerCase() === word;
  }

  expect(...words: string[]): void {
    for (const word of words) if (!this.take(word)) this.fail();
  }

  /** Takes the next token if it is of this kind, and returns its text. */
  takeKind(kind: Token['kind']): string | undefined {
    const token = this.next;
    if (token?.kind !== kind) return undefined;
    this.at++;
    return token.text;
  }

  name(): string {
    const word = this.next?.text.toLowerCase();
    if (this.next?.kind !== 'word' || reserved.has(word!)) return this.fail();
    this.at++;
    return word!;
  }

  /** Reads one or more items, separated by commas. */
  list<T>(read: () => T): T[] {
    const found = [read()];
    while (this.take(',')) found.push(read());
    return found;
  }

  fail(): never | string {
    const token = this.tokens[this.at];
    const place = token === undefined ? 'at end of input' : `at or near "${token.text}"`;
    this.error ??= sqlError('42601', `syntax error ${place}`);
    return '';
  }
}

// Statements

function readStatement(reader: Reader): Statement {
  if (reader.take('select')) return readSelect(reader);
  if (reader.take('update')) return readUpdate(reader);
  if (reader.take('insert', 'into')) return readInsert(reader);
  if (reader.take('delete', 'from')) {
    return { type: 'delete', table: reader.name(), where: readWhere(reader) };
  }
  if (reader.take('create', 'table')) return readCreateTable(reader);
  if (reader.take('start', 'transaction') || reader.take('begin')) return readBegin(reader);
  if (reader.take('set', 'transaction')) {
    const level = readLevel(reader);
    if (level === null) reader.fail();
    return { type: 'set level', level: level ?? 'read committed' };
  }
  if (reader.take('commit') || reader.take('end')) return readEnd(reader, 'commit');
  if (reader.take('rollback') || reader.take('abort')) return readEnd(reader, 'rollback');
  reader.fail();
  return { type: 'rollback' };
}

function readSelect(reader: Reader): Statement {
  const items = reader.take('*') ? '*' : reader.list(() => readItem(reader));
  reader.expect('from');
  const table = reader.name();
  const where = readWhere(reader);
  let order: { column: string; descending: boolean } | null = null;
  if (reader.take('order', 'by')) {
    order = { column: reader.name(), descending: reader.take('desc') };
    if (!order.descending) reader.take('asc');
  }
  const forUpdate = reader.take('for', 'update');
  return { type: 'select', table, items, where, order, forUpdate };
}

function readItem(reader: Reader): Item {
  for (const name of ['count', 'sum', 'min', 'max'] as const satisfies readonly Aggregate[]) {
    if (!reader.take(name, '(')) continue;
    const isAll = name === 'count' && reader.take('*');
    const of = isAll ? null : readExpression(reader);
    reader.expect(')');
    return { type: 'aggregate', name, of };
  }
  return { type: 'expression', of: readExpression(reader) };
}

function readUpdate(reader: Reader): Statement {
  const table = reader.name();
  reader.expect('set');
  const set = reader.list((): Assignment => {
    const column = reader.name();
    reader.expect('=');
    return { column, value: readExpression(reader) };
  });
  return { type: 'update', table, set, where: readWhere(reader) };
}

function readInsert(reader: Reader): Statement {
  const table = reader.name();
  let columns: string[] | null = null;
  if (reader.take('(')) {
    columns = reader.list(() => reader.name());
    reader.expect(')');
  }
  reader.expect('values');
  const rows = reader.list(() => {
    reader.expect('(');
    const row = reader.list(() => readExpression(reader));
    reader.expect(')');
    return row;
  });
  return { type: 'insert', table, columns, rows };
}

function readCreateTable(reader: Reader): Statement {
  const table = reader.name();
  let primaryKey: string | null = null;
  reader.expect('(');
  const columns = reader.list((): Column => {
    const name = reader.name();
    const type = readType(reader);
    if (reader.take('primary', 'key')) primaryKey = name;
    return { name, type };
  });
  reader.expect(')');
  return { type: 'create table', table, columns, primaryKey };
}

function readType(reader: Reader): ColumnType {
  if (reader.take('int') || reader.take('integer')) return 'integer';
  if (reader.take('boolean') || reader.take('bool')) return 'boolean';
  if (!reader.take('text')) reader.fail();
  return 'text';
}

function readBegin(reader: Reader): Statement {
  if (!reader.take('transaction')) reader.take('work');
  return { type: 'begin', level: readLevel(reader) };
}

function readLevel(reader: Reader): Level | null {
  if (!reader.take('isolation', 'level')) return null;
  if (reader.take('serializable')) return 'serializable';
  if (reader.take('repeatable', 'read')) return 'repeatable read';
  // PostgreSQL has no dirty reads: its read uncommitted is read committed.
  if (!reader.take('read', 'committed') && !reader.take('read', 'uncommitted')) reader.fail();
  return 'read committed';
}

function readEnd(reader: Reader, type: 'commit' | 'rollback'): Statement {
  if (!reader.take('transaction')) reader.take('work');
  return { type };
}

function readWhere(reader: Reader): Expression | null {
  return reader.take('where') ? readExpression(reader) : null;
}

// Expressions, from the operators that bind loosest to those that bind tightest

const binary = (operator: Operator, left: Expression, right: Expression): Expression => ({
  type: 'binary', operator, left, right,
});
const not = (of: Expression): Expression => ({ type: 'not', of });

function readExpression(reader: Reader): Expression {
  let left = readConjunction(reader);
  while (reader.take('or')) left = binary('or', left, readConjunction(reader));
  return left;
}

function readConjunction(reader: Reader): Expression {
  let left = readNegation(reader);
  while (reader.take('and')) left = binary('and', left, readNegation(reader));
  return left;
}

function readNegation(reader: Reader): Expression {
  return reader.take('not') ? not(readNegation(reader)) : readPredicate(reader);
}

const comparisons = ['=', '<>', '<=', '>=', '<', '>'] as const;

function readPredicate(reader: Reader): Expression {
  const left = readSum(reader);
  if (reader.take('is')) {
    const isNot = reader.take('not');
    reader.expect('null');
    const isNull: Expression = { type: 'is null', of: left };
    return isNot ? not(isNull) : isNull;
  }
  const isNot = reader.take('not', 'in') ? 'in' : reader.take('not', 'between') ? 'between' : '';
  if (isNot === 'in' || reader.take('in')) {
    reader.expect('(');
    const list = reader.list(() => readExpression(reader));
    reader.expect(')');
    const found: Expression = { type: 'in', of: left, list };
    return isNot ? not(found) : found;
  }
  if (isNot === 'between' || reader.take('between')) {
    const low = readSum(reader);
    reader.expect('and');
    const inside = binary('and', binary('>=', left, low), binary('<=', left, readSum(reader)));
    return isNot ? not(inside) : inside;
  }
  if (reader.take('!=')) return binary('<>', left, readSum(reader));
  for (const operator of comparisons) {
    if (reader.take(operator)) return binary(operator, left, readSum(reader));
  }
  return left;
}

function readSum(reader: Reader): Expression {
  let left = readProduct(reader);
  for (;;) {
    if (reader.take('+')) left = binary('+', left, readProduct(reader));
    else if (reader.take('-')) left = binary('-', left, readProduct(reader));
    else return left;
  }
}

function readProduct(reader: Reader): Expression {
  let left = readFactor(reader);
  for (;;) {
    if (reader.take('*')) left = binary('*', left, readFactor(reader));
    else if (reader.take('/')) left = binary('/', left, readFactor(reader));
    else if (reader.take('%')) left = binary('%', left, readFactor(reader));
    else return left;
  }
}

function readFactor(reader: Reader): Expression {
  if (reader.take('-')) return { type: 'minus', of: readFactor(reader) };
  if (reader.take('(')) {
    const inside = readExpression(reader);
    reader.expect(')');
    return inside;
  }
  if (reader.take('null')) return { type: 'literal', value: null };
  if (reader.take('true')) return { type: 'literal', value: true };
  if (reader.take('false')) return { type: 'literal', value: false };
  const number = reader.takeKind('number');
  if (number !== undefined) return { type: 'literal', value: Number(number) };
  const quoted = reader.takeKind('string');
  if (quoted === undefined) return { type: 'column', name: reader.name() };
  return { type: 'literal', value: quoted.slice(1, -1).replaceAll("''", "'") };
}
