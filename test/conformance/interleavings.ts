/** Random interleavings of several sessions' transactions; the same seed gives the same one. */
import { levels, setup } from './isolation-table.ts';
import type { Script } from './transcript.ts';

/** Returns a whole number from 0 to `bound - 1`. */
export type Random = (bound: number) => number;

export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return (bound) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % bound;
  };
}

export function pick<T>(random: Random, items: readonly T[]): T {
  return items[random(items.length)];
}

export interface Mix {
  readonly sessions: readonly string[];
  /** The isolation levels from which each transaction draws its own. */
  readonly levels: readonly string[];
  readonly transactions: number;
  readonly setup: readonly string[];
  /** Whether there are also statements outside transactions, and faulty statements. */
  readonly loose: boolean;
  /** Draws a statement; without it, statements of every kind are drawn. */
  readonly draw?: (random: Random) => string;
}

export const twoSessions: Mix = {
  sessions: ['A', 'B'],
  levels,
  transactions: 2,
  setup,
  loose: true,
};
export const threeSessions: Mix = { ...twoSessions, sessions: ['A', 'B', 'C'], transactions: 1 };
export const serializable: Mix = { ...threeSessions, levels: ['serializable'], loose: false };
/** Short transactions on a few rows each, which often depend on each other in both directions. */
export const pivots: Mix = {
  ...serializable,
  transactions: 2,
  setup: [setup[0], 'INSERT INTO test VALUES (1, 10, 0), (2, 20, 0), (3, 30, 0), (4, 40, 0), (5, 50, 0)'],
  draw: drawByKey,
};
/** Without an index, every search reads the whole table. */
export const keyless: Mix = {
  ...threeSessions,
  levels: ['repeatable read', 'serializable', 'serializable'],
  setup: setup.map((sql) => sql.replace(' PRIMARY KEY', '')),
};

export function interleaving(seed: number, mix: Mix): Script {
  const random = randomFrom(seed);
  const queues = mix.sessions.map((session) => ({ session, left: drawTransactions(random, mix) }));
  const steps: (readonly [string, string])[] = [];
  while (queues.some(({ left }) => left.length > 0)) {
    const open = queues.filter(({ left }) => left.length > 0);
    const { session, left } = pick(random, open);
    steps.push([session, left.shift()!]);
  }
  return { name: `seed ${seed}`, setup: mix.setup, steps, finally: 'SELECT id, value, ver FROM test' };
}

function drawByKey(random: Random): string {
  const id = 1 + random(5);
  const read = (where: string) => `SELECT id, value FROM test WHERE ${where}`;
  const kinds = [
    read(`id = ${id}`), read(`id = ${id}`), read(`id = ${id}`),
    read(`id >= ${id}`), read(`id BETWEEN ${id} AND ${id + 2}`),
    `UPDATE test SET value = value + 1 WHERE id = ${id}`,
    `UPDATE test SET value = value + 1 WHERE id = ${id}`,
    `UPDATE test SET value = value + 1 WHERE id = ${id}`,
    `UPDATE test SET ver = ver + 1 WHERE value = ${10 * id}`,
    `INSERT INTO test VALUES (${5 + id}, 0, 0)`,
  ];
  return pick(random, kinds);
}

function drawTransactions(random: Random, mix: Mix): string[] {
  const draw = mix.draw ?? ((one: Random) => drawStatement(one, mix.loose));
  const statements: string[] = [];
  for (let i = 0; i < mix.transactions; i++) {
    if (mix.loose && random(6) === 0) statements.push(draw(random));
    statements.push(`BEGIN ISOLATION LEVEL ${pick(random, mix.levels)}`);
    for (let left = 1 + random(4); left > 0; left--) statements.push(draw(random));
    statements.push(random(8) === 0 ? 'ROLLBACK' : 'COMMIT');
  }
  return statements;
}

function drawStatement(random: Random, loose: boolean): string {
  const id = 1 + random(4);
  const value = 10 * (1 + random(5));
  const conditions = [
    ...[`id = ${id}`, `id = ${id}`, `id = ${1 + random(2)}`, `id = ${1 + random(2)}`],
    ...[`value = ${value}`, `value > ${value}`, 'value % 3 = 0', `id IN (1, ${id})`],
    ...[`id = ${id} AND value > 10`, `id > ${id}`, `id BETWEEN 2 AND ${id}`, `ver = 0 OR id = ${id}`],
  ];
  const condition = pick(random, conditions);
  const newValue = [`${value + random(10)}`, 'value + 1', 'value - ver', 'value + 10'][random(4)];
  const kinds: (() => string)[] = [
    () => `SELECT id, value FROM test WHERE ${condition}`,
    () => `SELECT id, value FROM test WHERE ${condition}`,
    () => 'SELECT id, value, ver FROM test',
    () => `SELECT count(*), sum(value) FROM test WHERE ${condition}`,
    () => `SELECT id, value FROM test WHERE ${condition} FOR UPDATE`,
    () => `UPDATE test SET value = ${newValue} WHERE ${condition}`,
    () => `UPDATE test SET value = ${newValue} WHERE ${condition}`,
    () => `UPDATE test SET value = ${newValue}, ver = ver + 1 WHERE id = ${id} AND ver = 0`,
    () => `INSERT INTO test VALUES (${2 + random(4)}, ${value}, 0)`,
    () => `INSERT INTO test VALUES (${3 + random(2)}, ${value}, 0), (${5 + random(2)}, 1, 1)`,
    () => `DELETE FROM test WHERE ${condition}`,
  ];
  const faulty = [
    'SELECT nothing FROM test', 'SELEC * FROM test', 'SELECT * FROM nowhere',
    'UPDATE test SET value = value / ver WHERE id = 1', "UPDATE test SET value = 'text'",
    'SELECT id FROM test WHERE value', 'INSERT INTO test (value) VALUES (1)', 'BEGIN', 'COMMIT',
    'BEGIN ISOLATION LEVEL SERIALIZABLE', 'INSERT INTO test VALUES (1, 2, 3, 4)',
    'SELECT id, count(*) FROM test', 'SELECT id FROM test ORDER BY value FOR UPDATE',
    'SELECT min(value), max(id) FROM test WHERE ver > 5', 'SELECT id FROM test WHERE NOT value < 15',
    'SET TRANSACTION ISOLATION LEVEL REPEATABLE READ',
  ];
  if (loose && random(16) === 0) return pick(random, faulty);
  return pick(random, kinds)();
}
