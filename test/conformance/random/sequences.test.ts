// The random sequences themselves: a seed gives the same one again, and all kinds of faults occur.
import { expect, test } from 'vitest';
import type { Step } from '../transcripts/adapter.ts';
import { etcdSequence } from './etcd/etcd-sequences.ts';
import { zookeeperSequence } from './zookeeper/zookeeper-sequences.ts';

const faults = ['arm', 'stall', 'resume', 'kill'];
const kinds: readonly (readonly [(seed: number) => readonly Step[], readonly string[]])[] = [
  [etcdSequence, [...faults, 'sever', 'stop', 'cont', 'start']],
  [zookeeperSequence, [...faults, 'cut', 'die', 'start-and-wait-up']],
];

test.each(kinds)('a sequence gives the same steps for the same seed, and has all faults', (sequence, all) => {
  expect(sequence(7)).toEqual(sequence(7));
  expect(sequence(7)).not.toEqual(sequence(8));
  const many = Array.from({ length: 30 }, (_, seed) => sequence(seed)).flat();
  const found = new Set(many.map(({ action }) => action));
  expect(all.filter((fault) => !found.has(fault))).toEqual([]);
});

test.each(kinds)('a sequence numbers its steps, and awaits what it started', (sequence) => {
  for (let seed = 0; seed < 30; seed++) {
    const steps = sequence(seed);
    expect(steps.map(({ n }) => n)).toEqual(steps.map((_, i) => i + 1));
    const started = steps.flatMap(({ as }) => (as === undefined ? [] : [as]));
    const awaited = steps.flatMap(({ action, args }) => (action === 'await' ? [args?.op] : []));
    expect(awaited.sort()).toEqual(started.sort());
  }
});
