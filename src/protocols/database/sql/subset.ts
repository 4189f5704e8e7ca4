/** What of SQL the simulation has, in words: `lockstep list database` shows it. */
import { functions, windowFunctions } from '../expressions/functions.ts';
import { columnTypes } from './syntax.ts';

export const subset = [
  'Of SQL it has: SELECT with joins (INNER, LEFT, RIGHT, FULL, CROSS), subqueries, WITH,',
  'GROUP BY, HAVING, DISTINCT [ON], UNION, INTERSECT, EXCEPT, ORDER BY, LIMIT, OFFSET and',
  'FOR [NO KEY] UPDATE | [KEY] SHARE [OF …] [NOWAIT | SKIP LOCKED]; VALUES; TABLE; INSERT with',
  'ON CONFLICT, UPDATE … FROM and DELETE … USING, with RETURNING; CREATE, ALTER, DROP and TRUNCATE TABLE with PRIMARY KEY, UNIQUE, NOT NULL,',
  'CHECK, DEFAULT, serial and REFERENCES with ON DELETE and ON UPDATE; CREATE and DROP INDEX;',
  'VACUUM and ANALYZE (their locks);',
  'transactions, savepoints, LOCK TABLE, SET, SHOW, RESET, LISTEN, NOTIFY, DISCARD ALL; DO with',
  'blocks of SQL, RAISE and EXCEPTION; the views pg_locks and pg_stat_activity; generate_series;',
  `the types ${columnTypes.join(', ')}, varchar(n) and numeric(p, s);`,
  'the aggregates count, sum, avg, min, max, bool_and and bool_or, also over windows; the window',
  `functions ${windowFunctions.join(', ')} with PARTITION BY and ORDER BY;`,
  'the operators -> and ->> of JSON; CASE, coalesce, nullif,',
  `greatest and least; and the functions ${Object.keys(functions).sort().join(', ')}.`,
].join(' ');
