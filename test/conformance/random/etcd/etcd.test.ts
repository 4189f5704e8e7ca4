// Two random sequences on a real etcd cluster and on the simulated one.
import { expect, test } from 'vitest';
import { skipUnavailable } from '../../unavailable.ts';
import { etcdRandom } from './etcd.ts';
import { etcdVersion, noEtcd } from './etcd-server.ts';
import { compareSequence, differenceText } from '../recording.ts';

test('the simulated etcd does what a real cluster does', async (context) => {
  const version = etcdVersion();
  if (version === undefined) skipUnavailable(context, noEtcd);
  for (const seed of [1, 2]) {
    const sequence = etcdRandom(seed, version);
    const compared = await compareSequence(sequence);
    const text = differenceText(sequence.path, compared);
    expect(compared.verdict.type, text).toBe('passed');
  }
});
