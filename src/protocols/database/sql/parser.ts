/** Parses SQL. What PostgreSQL would accept and the simulation does not have is refused by name. */
import { readBlock } from './blocks.ts';
import { readControl } from './control.ts';
import { readDefinition } from './definitions.ts';
import { tokenize } from './lexer.ts';
import { readRowStatement, readSelect } from './queries.ts';
import { Reader } from './reader.ts';
import { isError, isOurs, type SqlError } from './errors.ts';
import type { Statement } from './syntax.ts';

/** Returns the statements between semicolons, or the error at the first token that does not fit. */
export function parseSql(sql: string): Statement[] | SqlError {
  const tokens = tokenize(sql);
  if (isError(tokens)) return tokens;
  const reader = new Reader(tokens, readSelect);
  const statements: Statement[] = [];
  while (!reader.atEnd) {
    if (reader.take(';')) continue;
    const statement = readStatement(reader);
    reader.checkViews();
    if (statement !== undefined) statements.push(statement);
    if (!reader.atEnd && !reader.take(';')) reader.fail();
  }
  return reader.error ?? statements;
}

/** What the simulation does not have of this SQL, in a sentence; undefined if it has all. */
export function sqlFault(sql: string): string | undefined {
  const parsed = parseSql(sql);
  return isError(parsed) && isOurs(parsed) ? parsed.message : undefined;
}

/** Statements of PostgreSQL that the simulation does not have, by their first word. */
const others = [
  'alter', 'call', 'checkpoint', 'close', 'cluster', 'comment', 'copy', 'deallocate', 'declare',
  'execute', 'explain', 'fetch', 'grant', 'import', 'load', 'merge', 'move', 'prepare', 'reassign',
  'refresh', 'reindex', 'revoke', 'security',
];

function readStatement(reader: Reader): Statement | undefined {
  if (reader.take('do')) return readDo(reader);
  const statement = readRowStatement(reader) ?? readControl(reader) ?? readDefinition(reader);
  if (statement !== undefined) return statement;
  const word = reader.next?.value ?? '';
  if (others.includes(word)) reader.refuse(word.toUpperCase());
  else reader.fail();
  return undefined;
}

function readDo(reader: Reader): Statement | undefined {
  if (reader.take('language') && !reader.take('plpgsql')) reader.refuse('DO in this language');
  const body = reader.takeKind('string');
  if (reader.take('language') && !reader.take('plpgsql')) reader.refuse('DO in this language');
  if (body === undefined) {
    reader.fail();
    return undefined;
  }
  const tokens = tokenize(body);
  const inner = new Reader(Array.isArray(tokens) ? tokens : [], readSelect);
  if (isError(tokens)) inner.error = tokens;
  const block = readBlock(inner, readStatement);
  inner.take(';');
  if (!inner.atEnd) inner.fail();
  reader.error ??= inner.error;
  return { type: 'do', block };
}
