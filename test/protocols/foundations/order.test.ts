/** Lamport's mutual exclusion and the Chandy-Lamport snapshot: random schedules, golden texts. */
import { describe, expect, test } from 'vitest';
import { chandyLamport } from '../../../src/protocols/chandy-lamport/chandy-lamport.ts';
import type { BranchState } from '../../../src/protocols/chandy-lamport/state.ts';
import { lamportMutex } from '../../../src/protocols/lamport-mutex/lamport-mutex.ts';
import { expectGolden } from '../../golden.ts';
import { clusterOf, holdsUnderFaults, violatedBy } from '../consensus/harness.ts';
import { nodes, withOptions } from '../consensus/schedule.ts';
import { mutexFamily, snapshotFamily } from './order-families.ts';

describe('mutual exclusion', () => {
  const granted = (answers: Map<string, unknown>) =>
    [...answers.values()].filter((one) => one === 'granted').length;
  holdsUnderFaults(mutexFamily, lamportMutex, [{ of: ({ answers }) => granted(answers), atLeast: 1 }]);

  test('needs links that keep the order, and a later message from each process', () => {
    const unordered = withOptions(mutexFamily, 'participant', { numbered: false });
    expect(violatedBy(unordered, lamportMutex)).toContain('Links Keep Order');
    const hasty = withOptions(mutexFamily, 'participant', { waitsForReplies: false });
    expect(violatedBy(hasty, lamportMutex)).toContain('Mutual Exclusion');
  });

  test('two requests with one timestamp are granted by name', () => {
    const cluster = clusterOf(lamportMutex, nodes('participant', ['p1', 'p2']));
    cluster.do('p2 lock {}');
    cluster.do('p1 lock {}');
    cluster.untilEvent('ResourceGranted', 'p1');
    cluster.do('p1 unlock {}');
    cluster.untilEvent('ResourceGranted', 'p2');
    expectGolden(import.meta.url, 'mutex', cluster.lines.join('\n'));
  });
});

describe('snapshots', () => {
  const taken = (answers: Map<string, unknown>) =>
    [...answers.values()].filter((one) => typeof one === 'number').length;
  holdsUnderFaults(snapshotFamily, chandyLamport, [{ of: ({ answers }) => taken(answers), atLeast: 1 }]);

  test('need links that keep the order, and markers that leave first', () => {
    const all = ['Channels Are Complete', 'Consistent Cut', 'Money Is Conserved'];
    const unordered = withOptions(snapshotFamily, 'branch', { numbered: false });
    expect(violatedBy(unordered, chandyLamport)).toEqual(all);
    const late = withOptions(snapshotFamily, 'branch', { markerDelay: 20_000 });
    expect(violatedBy(late, chandyLamport)).toContain('Consistent Cut');
  });

  test('count money on its way', () => {
    const cluster = clusterOf(chandyLamport, nodes('branch', ['b1', 'b2'], { balance: 100 }));
    cluster.do('b2 transfer {"to":"b1","amount":30}');
    cluster.do('b1 snapshot {}');
    cluster.do('b1 transfer {"to":"b2","amount":5}');
    expect(cluster.untilReply('b1#1')).toBe(200);
    expectGolden(import.meta.url, 'snapshot', cluster.lines.join('\n'));
    expect((cluster.world.node('b1')!.state as unknown as BranchState).balance).toBe(125);
  });
});
