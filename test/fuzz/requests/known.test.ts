/** Sequences of requests that once failed, each as a test of its own. */
import { afterAll, describe, expect, test } from 'vitest';
import type { ReplayResult } from '../child.ts';
import { removeBundle, Worker } from '../worker.ts';
import { failuresOf } from './campaign.ts';
import { type Known, life, shown, wrong } from './known.ts';

const worker = new Worker();

afterAll(async () => {
  worker.kill();
  await removeBundle();
});

function testAll(known: readonly Known[]): void {
  test.each(known)('%s', async (_name, steps) => {
    const outcome = await worker.run<ReplayResult>({ type: 'replay', steps });
    expect(failuresOf(outcome).map(({ message }) => message)).toEqual([]);
  }, 90_000);
}

describe('a request that does not fit the life of the session is refused:', () => testAll(life));
describe('a stop can be looked at:', () => testAll(shown));
describe('a wrong argument is refused, with words that name it:', () => testAll(wrong));
