/** Parses FROM: tables, subqueries, series and joins. */
import { readExpression } from './expressions.ts';
import type { Reader } from './reader.ts';
import type { Expression, Source } from './syntax.ts';

export function readSource(reader: Reader): Source {
  let left = readOneSource(reader);
  for (;;) {
    if (reader.sees('natural')) reader.refuse('NATURAL JOIN');
    const word = reader.takeOne(
      'join', 'inner join', 'cross join', 'left join', 'left outer join', 'right join',
      'right outer join', 'full join', 'full outer join',
    );
    if (word === undefined) return left;
    const right = readOneSource(reader);
    let on: Expression | null = null;
    let using: string[] = [];
    if (word !== 'cross join') {
      if (reader.take('using')) using = reader.listed(() => reader.name());
      else {
        reader.expect('on');
        on = readExpression(reader);
      }
    }
    const outer = (['left', 'right', 'full'] as const).find((one) => word.startsWith(one));
    const kind = outer ?? 'inner';
    if (kind === 'full' && using.length > 0) reader.refuse('FULL JOIN … USING: use ON');
    left = { type: 'join', kind, left, right, on, using };
  }
}

function readOneSource(reader: Reader): Source {
  if (reader.sees('lateral')) reader.refuse('LATERAL');
  reader.take('only');
  if (reader.sees('(')) return readParenthesized(reader);
  if (reader.seesName && reader.seesAfter('(')) return readSeries(reader);
  const name = reader.table();
  reader.take('*');
  const alias = reader.alias();
  reader.addSource(name, alias);
  if (alias !== null && reader.sees('(')) reader.refuse('new names for the columns of a table');
  if (reader.sees('tablesample')) reader.refuse('TABLESAMPLE');
  return { type: 'table', name, alias };
}

function readParenthesized(reader: Reader): Source {
  reader.expect('(');
  if (!reader.seesQuery && !reader.seesQueryInside) {
    const inside = readSource(reader);
    reader.expect(')');
    return inside;
  }
  const select = reader.select(reader);
  reader.expect(')');
  reader.addSource(null, null);
  // PostgreSQL 15 demands a name.
  const alias = reader.alias();
  if (alias === null && !reader.error) {
    const what = select.values === null ? 'subquery' : 'VALUES';
    reader.reject('42601', `${what} in FROM must have an alias`);
  }
  const columns = reader.sees('(') ? reader.listed(() => reader.name()) : [];
  return { type: 'subquery', select, alias: alias ?? '', columns };
}

function tooManyNames(reader: Reader, what: string, has: number, named: number): void {
  reader.reject('42P10', `${what} has ${has} columns available but ${named} columns specified`);
}

function readSeries(reader: Reader): Source {
  const name = reader.name();
  reader.addSource(null, null);
  if (name !== 'generate_series') reader.refuse(`the function ${name} in FROM`);
  const args = reader.listed(() => readExpression(reader));
  const alias = reader.alias() ?? name;
  const names = reader.sees('(') ? reader.listed(() => reader.name()) : [alias];
  if (names.length > 1) tooManyNames(reader, `table "${alias}"`, 1, names.length);
  if (reader.sees('with', 'ordinality')) reader.refuse('WITH ORDINALITY');
  const [column] = names;
  return { type: 'series', args, alias, column };
}
