/**
 * Sequences of several sessions: the real PostgreSQL and the simulation must give the same answers.
 * `#` begins a sequence; `!` prepares it; `A:` is a statement of a session; `?` reads at the end.
 */
import { references } from './sessions/references.ts';
import { searches } from './sessions/searches.ts';
import { locks } from './sessions/locks.ts';
import { names } from './sessions/names.ts';
import type { Script } from './transcript.ts';

const setup = [
  'DROP TABLE IF EXISTS t, acct, child, job, par, kid, kid2, tree, o, zz, yy CASCADE',
  'CREATE TABLE t (id integer PRIMARY KEY, v integer, grp text)',
  "INSERT INTO t VALUES (1,10,'a'), (2,20,'a'), (3,30,'b'), (4,40,'b'), (5,50,'c')",
  'CREATE TABLE acct (id integer PRIMARY KEY, bal integer)',
  'INSERT INTO acct VALUES (1,100), (2,100)',
  'CREATE TABLE child (id integer PRIMARY KEY, tid integer REFERENCES t(id))',
  'CREATE TABLE job (id integer PRIMARY KEY, state text, owner text, prio integer)',
  "INSERT INTO job SELECT i, 'new', null, i FROM generate_series(1,6) i",
];

function scriptsOf(group: string, text: string): Script[] {
  return text.split(/^# /m).slice(1).map((part) => {
    const [name, ...lines] = part.trimEnd().split('\n');
    const marked = (mark: string) =>
      lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length + 1));
    return {
      name: `${group}: ${name}`,
      setup: [...setup, ...marked('!')],
      steps: lines
        .filter((line) => /^[A-C]: /.test(line))
        .map((line): readonly [string, string] => [line[0], line.slice(3)]),
      finally: marked('?')[0] ?? 'SELECT * FROM t ORDER BY id',
    };
  });
}

export const sessionScripts: readonly Script[] = [
  ...scriptsOf('references', references),
  ...scriptsOf('searches and values', searches),
  ...scriptsOf('locks', locks),
  ...scriptsOf('names and indexes', names),
];
