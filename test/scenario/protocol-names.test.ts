/** A protocol is suggested also by the name of its sample or of the system that it models. */
import { expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { nearestProtocol } from '../../src/scenario/suggest.ts';

test.each([
  ['rafft', 'raft'],
  ['zookeeper', 'zookeeper-lock'],
  ['consul', 'consul-lock'],
  ['Etcd', 'etcd-lock'],
  ['fenced', 'fenced-lock'],
  ['split-brain', 'naive-cluster'],
  ['race-conditions', 'database'],
  ['postgres', 'database'],
  ['something', undefined],
])('%s is probably %s', (found, meant) => {
  expect(nearestProtocol(found, library)).toBe(meant);
});
