// Two random sequences on a real ZooKeeper and on the simulated one.
import { expect, test } from 'vitest';
import { skipUnavailable } from '../../unavailable.ts';
import { compareSequence, differenceText } from '../recording.ts';
import { zookeeperRandom } from './zookeeper.ts';
import { hasZooKeeper, noZooKeeper, ZooKeeper } from './zookeeper-server.ts';

test('the simulated ZooKeeper does what a real server does', async (context) => {
  if (!hasZooKeeper()) skipUnavailable(context, noZooKeeper);
  const server = await ZooKeeper.start();
  try {
    for (const seed of [1, 2]) {
      const sequence = zookeeperRandom(server, seed);
      const compared = await compareSequence(sequence);
      const text = differenceText(sequence.path, compared);
      expect(compared.verdict.type, text).toBe('passed');
    }
  } finally {
    await server.stop();
  }
});
