// Faults on the paths of etcd's clients: what the real proxy and the real server do.
import { expect, test } from 'vitest';
import type { Step } from './adapter.ts';
import { etcd } from './etcd.ts';

const resultsOf = (steps: readonly Omit<Step, 'n'>[]) => {
  const replay = etcd.replay(
    {
      name: '', group: '', shows: '', server: { name: 'etcd', version: '' },
      steps: steps.map((step, i) => ({ n: i + 1, ...step })),
      observed: [], runs: 3, outcome: 'same every time',
    },
    1,
  );
  return replay.type === 'replayed' ? replay.outcomes.map(({ result }) => result) : replay;
};

const severed = (which: string) =>
  resultsOf([
    { actor: 'C', action: 'connect', args: { to: 'F2' } },
    { actor: 'C', action: 'stall', args: { which } },
    { actor: 'C', action: 'put', args: { key: 'k', value: 'v' }, as: 'put' },
    { action: 'sleep', args: { ms: 200 } },
    { actor: 'C', action: 'sever' },
    { action: 'await', args: { op: 'put', within_ms: 1_000 } },
    { actor: 'C', action: 'resume' },
    { actor: 'C', action: 'ttl', args: { id: 999 } },
    { actor: 'C', action: 'get', args: { key: 'k' } },
  ]);
const absent = { granted: 0, ttl: 'expired or absent', keys: [] };
const put = { key: 'k', value: 'v', created: 2, modified: 2, version: 1 };

test('a cut ends a stalled connection at once; its request is lost, or executed if only its reply waited', () => {
  const ended = { connection: 'ended' };
  expect(severed('to-server')).toEqual([ended, absent, { revision: 1, kvs: [] }]);
  expect(severed('to-client')).toEqual([ended, absent, { revision: 2, kvs: [put] }]);
});

test('a request is lost, too, if it waits for its connection to open', () => {
  const put = { actor: 'C', action: 'put', args: { key: 'k', value: 'v' } };
  const ended = { connection: 'ended' };
  const results = resultsOf([
    { actor: 'C', action: 'connect', args: { to: 'F2' } },
    { actor: 'C', action: 'arm', args: { on: 'request' } },
    put,
    { actor: 'C', action: 'arm', args: { on: 'request' } },
    put,
    put,
  ]);
  expect(results).toEqual([ended, ended, { revision: 2 }]);
});
