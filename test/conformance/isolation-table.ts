/** The anomalies of Hermitage and the cures for a lost update, at each isolation level. */
// The cases come from github.com/ept/hermitage; the last three are the cures. `occurs` finds the
// anomaly in a transcript.
import type { Level } from '../../src/protocols/database/sql/syntax.ts';
import type { Script } from './transcript.ts';

export const levels: readonly Level[] = ['read committed', 'repeatable read', 'serializable'];

/** The anomaly occurs, PostgreSQL prevents it silently, or it prevents it with this error. */
export type Outcome = 'occurs' | 'prevented' | 'concurrent update' | 'dependencies';

interface Case {
  readonly name: string;
  readonly steps: readonly (readonly [session: string, sql: string])[];
  occurs(lines: readonly string[]): boolean;
  readonly expected: readonly [Outcome, Outcome, Outcome];
}

export interface Cell {
  readonly level: Level;
  readonly script: Script;
  readonly expected: Outcome;
  outcome(lines: readonly string[]): Outcome;
}

const all = 'SELECT id, value FROM test';
const one = (id: number) => `SELECT value FROM test WHERE id = ${id}`;
const set = (id: number, value: number | string) => `UPDATE test SET value = ${value} WHERE id = ${id}`;
const ends = (lines: readonly string[], text: string) => lines.at(-1)!.endsWith(`→  ${text}`);
const saw = (lines: readonly string[], session: string, text: string) =>
  lines.some((line) => line.startsWith(session) && line.includes('→') && line.split('→')[1].includes(text));

const gotAnswer = (lines: readonly string[], session: string, text: string) =>
  lines.some((line) => line.startsWith(session) && line.endsWith(`→  ${text}`));

const prevented = ['prevented', 'prevented', 'prevented'] as const;

const cases: readonly Case[] = [
  {
    name: 'G0 write cycle',
    steps: [
      ['A', set(1, 11)], ['B', set(1, 12)], ['A', set(2, 21)], ['A', 'COMMIT'],
      ['B', set(2, 22)], ['B', 'COMMIT'],
    ],
    occurs: (lines) => !ends(lines, '(1, 11), (2, 21)') && !ends(lines, '(1, 12), (2, 22)'),
    expected: ['prevented', 'concurrent update', 'concurrent update'],
  },
  {
    name: 'G1a aborted read',
    steps: [['A', set(1, 101)], ['B', all], ['A', 'ROLLBACK'], ['B', all], ['B', 'COMMIT']],
    occurs: (lines) => saw(lines, 'B', '101'),
    expected: prevented,
  },
  {
    name: 'G1b intermediate read',
    steps: [
      ['A', set(1, 101)], ['B', all], ['A', set(1, 11)], ['A', 'COMMIT'], ['B', all],
      ['B', 'COMMIT'],
    ],
    occurs: (lines) => saw(lines, 'B', '101'),
    expected: prevented,
  },
  {
    name: 'G1c circular information flow',
    steps: [
      ['A', set(1, 11)], ['B', set(2, 22)], ['A', one(2)], ['B', one(1)], ['A', 'COMMIT'],
      ['B', 'COMMIT'],
    ],
    occurs: (lines) => saw(lines, 'A', '22') && saw(lines, 'B', '11'),
    // Neither saw the other's write: a cycle of dependencies that no serial order explains.
    expected: ['prevented', 'prevented', 'dependencies'],
  },
  {
    name: 'OTV observed transaction vanishes',
    steps: [
      ['A', set(1, 11)], ['A', set(2, 19)], ['B', set(1, 12)], ['A', 'COMMIT'], ['C', one(1)],
      ['B', set(2, 18)], ['C', one(2)], ['B', 'COMMIT'], ['C', one(2)], ['C', one(1)],
      ['C', 'COMMIT'],
    ],
    occurs: (lines) => saw(lines.slice(0, lines.indexOf('B: COMMIT  →  COMMIT')), 'C', '12'),
    expected: ['prevented', 'concurrent update', 'concurrent update'],
  },
  {
    name: 'PMP predicate-many-preceders',
    steps: [
      ['A', 'SELECT count(*) FROM test WHERE value = 30'],
      ['B', 'INSERT INTO test VALUES (3, 30, 0)'], ['B', 'COMMIT'],
      ['A', 'SELECT count(*) FROM test WHERE value % 3 = 0'], ['A', 'COMMIT'],
    ],
    occurs: (lines) => gotAnswer(lines, 'A', '1'),
    expected: ['occurs', 'prevented', 'prevented'],
  },
  {
    name: 'PMP for write predicates',
    steps: [
      ['A', 'UPDATE test SET value = value + 10'], ['B', 'DELETE FROM test WHERE value = 20'],
      ['A', 'COMMIT'], ['B', all], ['B', 'COMMIT'],
    ],
    // The row whose value is 20 now still exists.
    occurs: (lines) => saw(lines, 'B', '(1, 20)'),
    expected: ['occurs', 'concurrent update', 'concurrent update'],
  },
  {
    name: 'P4 lost update',
    steps: [
      ['A', one(1)], ['B', one(1)], ['A', set(1, 11)], ['B', set(1, 12)], ['A', 'COMMIT'],
      ['B', 'COMMIT'],
    ],
    occurs: (lines) => ends(lines, '(2, 20), (1, 12)'),
    expected: ['occurs', 'concurrent update', 'concurrent update'],
  },
  {
    name: 'G-single read skew',
    steps: [
      ['A', one(1)], ['B', one(1)], ['B', one(2)], ['B', set(1, 12)], ['B', set(2, 18)],
      ['B', 'COMMIT'], ['A', one(2)], ['A', 'COMMIT'],
    ],
    occurs: (lines) => gotAnswer(lines, 'A', '18'),
    expected: ['occurs', 'prevented', 'prevented'],
  },
  {
    name: 'G-single read skew, by a predicate',
    steps: [
      ['A', 'SELECT id, value FROM test WHERE value % 5 = 0'],
      ['B', 'UPDATE test SET value = 12 WHERE value = 10'], ['B', 'COMMIT'],
      ['A', 'SELECT count(*) FROM test WHERE value % 3 = 0'], ['A', 'COMMIT'],
    ],
    occurs: (lines) => gotAnswer(lines, 'A', '1'),
    expected: ['occurs', 'prevented', 'prevented'],
  },
  {
    name: 'G-single read skew, and a write',
    steps: [
      ['A', one(1)], ['B', all], ['B', set(1, 12)], ['B', set(2, 18)], ['B', 'COMMIT'],
      ['A', 'DELETE FROM test WHERE value = 20'], ['A', 'COMMIT'],
    ],
    occurs: (lines) => !lines.some((line) => line.includes('ERROR')),
    expected: ['occurs', 'concurrent update', 'concurrent update'],
  },
  {
    name: 'G2-item write skew',
    steps: [
      ['A', 'SELECT id, value FROM test WHERE id IN (1, 2)'],
      ['B', 'SELECT id, value FROM test WHERE id IN (1, 2)'],
      ['A', set(1, 11)], ['B', set(2, 21)], ['A', 'COMMIT'], ['B', 'COMMIT'],
    ],
    occurs: (lines) => ends(lines, '(1, 11), (2, 21)'),
    expected: ['occurs', 'occurs', 'dependencies'],
  },
  {
    name: 'G2 write skew, by a predicate',
    steps: [
      ['A', 'SELECT count(*) FROM test WHERE value % 3 = 0'],
      ['B', 'SELECT count(*) FROM test WHERE value % 3 = 0'],
      ['A', 'INSERT INTO test VALUES (3, 30, 0)'], ['B', 'INSERT INTO test VALUES (4, 42, 0)'],
      ['A', 'COMMIT'], ['B', 'COMMIT'],
    ],
    occurs: (lines) => ends(lines, '(1, 10), (2, 20), (3, 30), (4, 42)'),
    expected: ['occurs', 'occurs', 'dependencies'],
  },
  {
    name: 'G2 with two edges: a reader sees what no serial order explains',
    steps: [
      ['A', all], ['B', set(2, 'value + 5')], ['B', 'COMMIT'], ['C', all], ['C', 'COMMIT'],
      ['A', set(1, 0)], ['A', 'COMMIT'],
    ],
    occurs: (lines) => saw(lines, 'C', '(1, 10), (2, 25)') && saw(lines.slice(-2), 'A', '(1, 0)'),
    expected: ['occurs', 'occurs', 'dependencies'],
  },
  {
    name: 'atomic increment',
    steps: [
      ['A', set(1, 'value + 1')], ['B', set(1, 'value + 1')], ['A', 'COMMIT'], ['B', 'COMMIT'],
    ],
    occurs: (lines) => ends(lines, '(2, 20), (1, 11)') && saw(lines, 'B: COMMIT', 'COMMIT'),
    expected: ['prevented', 'concurrent update', 'concurrent update'],
  },
  {
    name: 'SELECT FOR UPDATE',
    steps: [
      ['A', `${one(1)} FOR UPDATE`], ['B', `${one(1)} FOR UPDATE`], ['A', set(1, 11)],
      ['A', 'COMMIT'], ['B', set(1, 12)], ['B', 'COMMIT'],
    ],
    // If B read 11, its 12 follows from it and no update is lost.
    occurs: (lines) => saw(lines, 'B', '10'),
    expected: ['prevented', 'concurrent update', 'concurrent update'],
  },
  {
    name: 'optimistic version',
    steps: [
      ['A', 'SELECT value, ver FROM test WHERE id = 1'],
      ['B', 'SELECT value, ver FROM test WHERE id = 1'],
      ['A', 'UPDATE test SET value = 11, ver = 1 WHERE id = 1 AND ver = 0'],
      ['B', 'UPDATE test SET value = 12, ver = 1 WHERE id = 1 AND ver = 0'],
      ['A', 'COMMIT'], ['B', 'COMMIT'],
    ],
    occurs: (lines) => !saw(lines, 'B  ', 'UPDATE 0'),
    expected: ['prevented', 'concurrent update', 'concurrent update'],
  },
];

export const setup = [
  'CREATE TABLE test (id integer PRIMARY KEY, value integer, ver integer)',
  'INSERT INTO test VALUES (1, 10, 0), (2, 20, 0)',
];

export const cells: readonly Cell[] = cases.flatMap((each) =>
  levels.map((level, i): Cell => {
    const sessions = [...new Set(each.steps.map(([session]) => session))];
    const begin = sessions.map((session) => [session, `BEGIN ISOLATION LEVEL ${level}`] as const);
    const steps = [...begin, ...each.steps];
    const script = { name: `${each.name}, ${level}`, setup, steps, finally: all };
    const expected = each.expected[i];
    return { level, script, expected, outcome: (lines) => outcomeOf(each, lines) };
  }),
);

function outcomeOf({ occurs }: Case, lines: readonly string[]): Outcome {
  if (lines.some((line) => line.includes('due to concurrent'))) return 'concurrent update';
  if (lines.some((line) => line.includes('read/write dependencies'))) return 'dependencies';
  return occurs(lines) ? 'occurs' : 'prevented';
}
