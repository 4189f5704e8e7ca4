/** Parses the body of DO: a small part of PL/pgSQL. */
import { readSelectItems } from './queries.ts';
import type { Reader } from './reader.ts';
import type { Block, BlockStatement, Handler, Statement } from './syntax.ts';

/** Statements that a block of PL/pgSQL has, and the simulation has not. */
const others = [
  'declare', 'if', 'for', 'foreach', 'while', 'loop', 'return', 'execute', 'get', 'open', 'close',
  'fetch', 'move', 'exit', 'continue', 'case', 'call', 'assert',
];

/** Reads a statement of SQL; undefined if it fails. */
type ReadStatement = (reader: Reader) => Statement | undefined;

export function readBlock(reader: Reader, read: ReadStatement): Block {
  if (reader.sees('declare')) reader.refuse('DECLARE in PL/pgSQL');
  reader.expect('begin');
  const statements = readStatements(reader, read);
  const handlers: Handler[] = [];
  const hasHandlers = reader.take('exception');
  while (hasHandlers && reader.take('when')) {
    const codes = readConditions(reader);
    reader.expect('then');
    handlers.push({ codes, statements: readStatements(reader, read) });
  }
  reader.expect('end');
  return { type: 'block', statements, handlers: hasHandlers ? handlers : null };
}

/** Names of errors in PL/pgSQL, with their SQLSTATEs. */
const conditions: Readonly<Record<string, string>> = {
  lock_not_available: '55P03', unique_violation: '23505', deadlock_detected: '40P01',
  serialization_failure: '40001', query_canceled: '57014', not_null_violation: '23502',
  check_violation: '23514', foreign_key_violation: '23503', division_by_zero: '22012',
  raise_exception: 'P0001',
};

function readConditions(reader: Reader): string[] | null {
  const codes: string[] = [];
  let all = false;
  do {
    if (reader.take('sqlstate')) codes.push(reader.takeKind('string') ?? reader.fail());
    else {
      const name = reader.name();
      if (name === 'others') all = true;
      else if (Object.hasOwn(conditions, name)) codes.push(conditions[name]);
      else if (!reader.error) {
        reader.refuse(`the condition ${name} in PL/pgSQL: use its SQLSTATE '…'`);
      }
    }
  } while (reader.take('or'));
  return all ? null : codes;
}

function readStatements(reader: Reader, read: ReadStatement): BlockStatement[] {
  const statements: BlockStatement[] = [];
  while (!reader.atEnd && !['end', 'exception', 'when'].some((word) => reader.sees(word))) {
    const statement = readBlockStatement(reader, read);
    if (statement !== undefined) statements.push(statement);
    reader.expect(';');
  }
  return statements;
}

function readBlockStatement(
  reader: Reader,
  read: ReadStatement,
): BlockStatement | undefined {
  if (reader.sees('begin')) return readBlock(reader, read);
  if (reader.take('null')) return { type: 'null' };
  if (reader.take('perform')) return { type: 'perform', select: readSelectItems(reader) };
  if (reader.take('raise')) return readRaise(reader);
  const word = reader.next?.value ?? '';
  if (others.includes(word)) reader.refuse(`${word.toUpperCase()} in PL/pgSQL`);
  if (reader.sees('commit') || reader.sees('rollback')) {
    reader.refuse(`${word.toUpperCase()} in PL/pgSQL`);
  }
  return asBlockStatement(read(reader));
}

function asBlockStatement(statement: Statement | undefined): BlockStatement | undefined {
  switch (statement?.type) {
    case 'do':
    case 'begin':
    case 'commit':
    case 'rollback':
    case undefined:
      return undefined;
    default:
      return statement;
  }
}

function readRaise(reader: Reader): BlockStatement {
  const word = reader.takeOne('exception', 'notice', 'warning', 'info', 'log', 'debug');
  if (word !== undefined && word !== 'exception' && word !== 'notice') {
    reader.refuse(`RAISE ${word.toUpperCase()}`);
  }
  const message = reader.takeKind('string');
  if (message === undefined) reader.refuse('RAISE without a message');
  if (reader.sees(',')) reader.refuse('arguments of RAISE');
  if (reader.sees('using')) reader.refuse('RAISE … USING');
  const level = word === 'notice' ? 'notice' : 'exception';
  return { type: 'raise', level, message: message ?? '' };
}
