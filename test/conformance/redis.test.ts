// A short sequence of random commands, sent to a real redis-server and to the simulation.
import { expect, test } from 'vitest';
import { compareRandom, describeDifference } from './redis.ts';
import { noRedis, redisVersion, startRedis } from './redis-server.ts';
import { skipUnavailable } from './unavailable.ts';

test('the simulated Redis replies as redis-server does', async (context) => {
  if (redisVersion() === undefined) skipUnavailable(context, noRedis);
  const server = await startRedis();
  try {
    for (let seed = 1; seed <= 3; seed++) {
      const { compared, differences } = await compareRandom(server, seed, 500);
      expect(differences.map(describeDifference)).toEqual([]);
      expect(compared).toBe(500);
    }
  } finally {
    await server.stop();
  }
});
