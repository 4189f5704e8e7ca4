// A short sequence of commands to the real redis-server, if one is on PATH.
import { expect, test } from 'vitest';
import { compareRandom, differenceText } from './redis.ts';
import { redisVersion, startRedis } from './redis-server.ts';

test.skipIf(redisVersion() === undefined)('Redis answers as redis-server does', async () => {
  const server = await startRedis();
  try {
    for (let seed = 1; seed <= 3; seed++) {
      const { compared, differences } = await compareRandom(server, seed, 500);
      expect(differences.map(differenceText)).toEqual([]);
      expect(compared).toBe(500);
    }
  } finally {
    await server.stop();
  }
});
