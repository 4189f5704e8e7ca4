/** Thousands of requests, right and wrong, in any order: the adapter survives every client. */
import { afterAll, expect, test } from 'vitest';
import { seedCount } from '../random.ts';
import { removeBundle, Worker } from '../worker.ts';
import { campaign, report } from './campaign.ts';

const workers = [new Worker(), new Worker()];
/** About 19 requests each: two thousand in `npm test`, and over a hundred thousand at night. */
const seeds = seedCount(110);

afterAll(async () => {
  for (const worker of workers) worker.kill();
  await removeBundle();
});

test('random requests get one sound response each, and never end the session', async () => {
  const { found, requests, sequences } = await campaign(workers, seeds);
  console.log(`${requests} requests in ${sequences} sequences`);
  expect(found.length, report(found)).toBe(0);
}, 120_000 + seeds * 2_000);
