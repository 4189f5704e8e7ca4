/** Each invariant of the database can fail: a mutant violates it, and the database does not. */
import { beforeAll, expect, test } from 'vitest';
import type { Protocol } from '../../src/protocol/types.ts';
import { database } from '../../src/protocols/database/database.ts';
import { redisInvariants } from '../../src/protocols/redis/server-invariants.ts';
import { bundled, play } from './bundled.ts';
import { databaseMutants } from './database-mutants.ts';

const compiled: Record<string, Protocol> = {};

beforeAll(async () => {
  for (const [name, mutant] of Object.entries(databaseMutants)) {
    compiled[name] = await bundled(name, mutant);
  }
});

function scenarioOf(name: string): string {
  const steps = databaseMutants[name].steps.map((step) => `  - ${step}\n`).join('');
  const nodes = 'db: { role: database, items: 2, stock: 1 }, A: client, B: client, C: client';
  const head = `protocol: database\nnodes: { ${nodes} }\noptions: { cure: atomic }\nseed: 1\n`;
  return `${head}steps:\n${steps}`;
}

const table = Object.entries(databaseMutants).map(([name, mutant]) => ({ name, ...mutant }));

test.each(table)('$name: $doc', ({ name, violates }) => {
  expect(play(name, scenarioOf(name), [compiled[name]])?.monitor).toBe(violates);
  expect(play(name, scenarioOf(name), [database])).toBeUndefined();
});

test('every invariant of the database has a mutant that violates it', () => {
  const violated = new Set(table.map((one) => one.violates));
  // Those of Redis are violated by mutants of the locks.
  const own = Object.keys(database.invariants).filter((name) => !Object.hasOwn(redisInvariants, name));
  expect([...violated].sort()).toEqual(own.sort());
});

test('a violation is explained in a sentence', () => {
  const sentences = table.map(({ name }) => play(name, scenarioOf(name), [compiled[name]])!.why);
  expect(sentences).toMatchInlineSnapshot(`
    [
      "Of item 1 there was 1 piece, and 2 were sold, to A and B.",
      "B saw {"id":1,"qty":0,"version":0} in items/1, which transaction 3 has not committed.",
      "Row 1 of items has two current versions: {"id":1,"qty":1,"version":0} and {"id":1,"qty":0,"version":0}.",
      "items has the committed rows [{"id":2,"qty":1,"version":0},{"id":1,"qty":0,"version":0}], but new transactions see [{"id":1,"qty":1,"version":0},{"id":2,"qty":1,"version":0}].",
      "db lost committed rows in a crash: {"items":[{"id":2,"qty":1,"version":0},{"id":1,"qty":0,"version":0}],"orders":[]} became {"items":[{"id":1,"qty":1,"version":0},{"id":2,"qty":1,"version":0}],"orders":[]}.",
      "db lost committed rows in a crash: {"items":[{"id":2,"qty":1,"version":0},{"id":1,"qty":0,"version":0}],"orders":[]} became {"items":[{"id":1,"qty":1,"version":0},{"id":2,"qty":1,"version":0}],"orders":[]}.",
      "db lost committed rows in a crash: {"items":[{"id":2,"qty":1,"version":0},{"id":1,"qty":0,"version":0}],"orders":[]} became {"items":[{"id":1,"qty":1,"version":0},{"id":2,"qty":1,"version":0}],"orders":[]}.",
      "Transaction 3, which is running, lost its lock on items/1.",
      "Transactions 3 (update) and 4 (share) both have row 1 of items.",
      "B (access exclusive) and A (access exclusive) both hold the lock table items.",
      "A-db:1, which has ended, holds the lock advisory 1.",
      "B waits for the lock transaction 3, although it said NOWAIT.",
      "B waits for the lock transaction 3, which no other session has or wants.",
      "Transaction 3 is running, but no session is in it.",
      "Transaction 3 is known, but the next one of db gets number 3.",
      "A is in a repeatable read transaction, whose snapshot {"xmin":3,"xmax":3,"running":[]} became {"xmin":4,"xmax":4,"running":[]}.",
      "3 → 2 is a dependency that 2 lacks.",
      "The transaction of B was doomed, and committed.",
    ]
  `);
});
