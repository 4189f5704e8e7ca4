/** Splits SQL into tokens: words, numbers, strings and symbols, without comments. */
import { notModelled, type SqlError, sqlError } from './errors.ts';

export interface Token {
  readonly kind: 'word' | 'name' | 'number' | 'string' | 'symbol' | 'parameter';
  /** As written, for errors. */
  readonly text: string;
  /** A word in lower case, a quoted name as it is, the contents of a string. */
  readonly value: string;
  /** Where it begins in the SQL. */
  readonly at: number;
}

const space = /(?:\s+|--[^\n]*)+/y;
const word = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const number = /(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const name = /"((?:[^"]|"")*)"/y;
const quoted = /'((?:[^']|'')*)'/y;
const parameter = /\$\d+/y;
const dollars = /\$([A-Za-z_]\w*)?\$/y;
const symbol = /::|:=|[(),;.[\]:]/y;
const operator = /[-+*/<>=~!@#%^&|`?]+/y;
const operators = [
  '+', '-', '*', '/', '%', '^', '<', '>', '=', '<=', '>=', '<>', '!=', '||', '=>', '~~', '~~*',
  '->', '->>',
];

/** PostgreSQL cuts longer names to this length. */
const nameLengthMax = 63;

export function tokenize(sql: string): Token[] | SqlError {
  const tokens: Token[] = [];
  let at = 0;
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(sql);
  };
  const add = (kind: Token['kind'], text: string, value: string): void => {
    tokens.push({ kind, text, value, at });
    at += text.length;
  };
  while (at < sql.length) {
    let found = match(space);
    if (found !== null) at += found[0].length;
    else if (sql.startsWith('/*', at)) {
      const end = commentEnd(sql, at);
      if (end < 0) return nearest('unterminated /* comment', sql, at);
      at = end;
    } else if ((found = match(word)) !== null) {
      if (sql[at + found[0].length] === "'" && /^[ebnx]$/i.test(found[0])) {
        return notModelled(`strings with the prefix ${found[0]}, such as ${found[0]}'…'`);
      }
      add('word', found[0], found[0].toLowerCase().slice(0, nameLengthMax));
    } else if ((found = match(number)) !== null) add('number', found[0], found[0]);
    else if ((found = match(name)) !== null) {
      if (found[1] === '') return nearest('zero-length delimited identifier', sql, at);
      add('name', found[0], found[1].replaceAll('""', '"').slice(0, nameLengthMax));
    } else if ((found = match(quoted)) !== null) {
      add('string', found[0], found[1].replaceAll("''", "'"));
    } else if ((found = match(dollars)) !== null) {
      const end = sql.indexOf(found[0], at + found[0].length);
      if (end < 0) return nearest('unterminated dollar-quoted string', sql, at);
      const inner = sql.slice(at + found[0].length, end);
      add('string', sql.slice(at, end + found[0].length), inner);
    } else if ((found = match(parameter)) !== null) add('parameter', found[0], found[0]);
    else if ((found = match(symbol)) !== null) add('symbol', found[0], found[0]);
    else if ((found = match(operator)) !== null) {
      const text = operatorIn(found[0]);
      if (!operators.includes(text)) return notModelled(`the operator ${text}`);
      add('symbol', text, text);
    } else return strange(sql, at);
  }
  return tokens;
}

/**
 * The operator at the beginning of some signs: the longest, up to a comment. It ends with a sign of
 * a number only if it contains one of the characters that no operator of the SQL standard has.
 */
function operatorIn(signs: string): string {
  let text = signs.replace(/(--|\/\*).*$/, '');
  while (text.length > 1 && /[-+]$/.test(text) && !/[~!@#%^&|`?]/.test(text)) {
    text = text.slice(0, -1);
  }
  return text;
}

function strange(sql: string, at: number): SqlError {
  if (sql[at] === "'") return nearest('unterminated quoted string', sql, at);
  if (sql[at] === '"') return nearest('unterminated quoted identifier', sql, at);
  return sqlError('42601', `syntax error at or near "${sql[at]}"`);
}

function nearest(what: string, sql: string, at: number): SqlError {
  return sqlError('42601', `${what} at or near "${sql.slice(at)}"`);
}

/** Where a comment ends, which may contain others; -1 if it does not end. */
function commentEnd(sql: string, from: number): number {
  const pattern = /\/\*|\*\//g;
  pattern.lastIndex = from;
  let depth = 0;
  for (let found = pattern.exec(sql); found !== null; found = pattern.exec(sql)) {
    depth += found[0] === '/*' ? 1 : -1;
    if (depth === 0) return pattern.lastIndex;
  }
  return -1;
}
