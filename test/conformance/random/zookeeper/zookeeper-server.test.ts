// The real ZooKeeper behind the proxies of its clients: what the recorder's steps do.
import { expect, test } from 'vitest';
import type { Step } from '../../transcripts/adapter.ts';
import { skipUnavailable } from '../../unavailable.ts';
import { runSteps } from '../real-steps.ts';
import { hasZooKeeper, noZooKeeper, ZooKeeper } from './zookeeper-server.ts';

const stat = { version: 0, cversion: 0, children: 0 };

/** The results are those of the recorded sequences of the same kind. */
const steps: Omit<Step, 'n'>[] = [
  { actor: 'A', action: 'connect', args: { timeout: 9_000 } },
  { actor: 'B', action: 'connect', args: { timeout: 9_000 } },
  { actor: 'A', action: 'create', args: { path: '/l', data: '', kind: 'persistent' } },
  { actor: 'B', action: 'children', args: { path: '/l', watch: true } },
  { actor: 'A', action: 'arm', args: { on: 'reply' } },
  { actor: 'A', action: 'create', args: { path: '/l/n-', kind: 'ephemeral sequential' } },
  { actor: 'A', action: 'reconnect', args: { timeout: 9_000 } },
  { actor: 'A', action: 'children', args: { path: '/l' } },
  { actor: 'B', action: 'events' },
  {
    actor: 'B',
    action: 'multi',
    args: { ops: [{ op: 'create', path: '/l/x' }, { op: 'check', path: '/l', version: 7 }] },
  },
  { actor: '1', action: 'kill' },
  { actor: 'A', action: 'wait-disconnected' },
  { actor: '1', action: 'start-and-wait-up' },
  { actor: 'A', action: 'reconnect', args: { timeout: 9_000, tries: 10 } },
  { actor: 'A', action: 'exists', args: { path: '/l/n-0000000000' } },
  { actor: 'A', action: 'close-session' },
];

test('a lost reply leaves a znode, a watch fires, and a session survives a kill of the server', async (context) => {
  if (!hasZooKeeper()) skipUnavailable(context, noZooKeeper);
  const server = await ZooKeeper.start();
  try {
    const run = await server.open();
    const numbered = steps.map((step, i) => ({ n: i + 1, ...step }));
    const outcomes = await runSteps(numbered, (step) => run.begin(step));
    expect(outcomes.map(({ step, result }) => [step, result])).toEqual([
      [1, { session: 'new', timeout: 9_000 }],
      [2, { session: 'new', timeout: 9_000 }],
      [3, { path: '/l' }],
      [4, { children: [] }],
      [6, { connection: 'ended' }],
      [7, { session: 'same', timeout: 9_000 }],
      [8, { children: ['n-0000000000'] }],
      [9, { events: [['children changed', '/l']] }],
      [10, { results: ['ok (undone)', 'BADVERSION'] }],
      [12, { connection: 'ended' }],
      [14, { session: 'same', timeout: 9_000 }],
      [15, { ...stat, ephemeral: true }],
      [16, { ok: true }],
    ]);
    await run.close();
  } finally {
    await server.stop();
  }
});
