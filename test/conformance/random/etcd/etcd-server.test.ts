// The real etcd behind its proxies: what the recorder's steps do, compared with a recorded file.
import { expect, test } from 'vitest';
import type { Step } from '../../transcripts/adapter.ts';
import { skipUnavailable } from '../../unavailable.ts';
import { EtcdCluster, etcdVersion, noEtcd } from './etcd-server.ts';
import { runSteps } from '../real-steps.ts';

const key = { key: 'k', value: 'mine', created: 2, modified: 2, version: 1 };

test('a transaction is lost on its way, or its reply is; a member is killed and comes back', async (context) => {
  if (etcdVersion() === undefined) skipUnavailable(context, noEtcd);
  const steps: Omit<Step, 'n'>[] = [
    { actor: 'A', action: 'connect', args: { to: 'F2' } },
    { actor: 'A', action: 'arm', args: { on: 'request' } },
    { actor: 'A', action: 'cas', args: { key: 'k', created: 0, then: 'mine' } },
    { actor: 'A', action: 'arm', args: { on: 'reply' } },
    { actor: 'A', action: 'cas', args: { key: 'k', created: 0, then: 'mine' } },
    { actor: 'A', action: 'cas', args: { key: 'k', created: 0, then: 'mine' } },
    { actor: 'F1', action: 'kill' },
    { actor: 'A', action: 'delete', args: { key: 'k' } },
    { actor: 'F1', action: 'start' },
    { action: 'wait-leader', args: { seen_by: ['L', 'F1', 'F2'], name_it: false } },
    { actor: 'B', action: 'connect', args: { to: 'F1' } },
    { actor: 'B', action: 'get', args: { key: 'k' } },
  ];
  const cluster = await EtcdCluster.start();
  try {
    const numbered = steps.map((step, i) => ({ n: i + 1, ...step }));
    const outcomes = await runSteps(numbered, (step) => cluster.begin(step));
    expect(outcomes.map(({ step, result }) => [step, result])).toEqual([
      [3, { connection: 'ended' }],
      [5, { connection: 'ended' }],
      [6, { revision: 2, succeeded: false, found: [key] }],
      [8, { revision: 3, deleted: 1 }],
      [10, { leader: 'one' }],
      [12, { revision: 3, kvs: [] }],
    ]);
  } finally {
    await cluster.stop();
  }
});
