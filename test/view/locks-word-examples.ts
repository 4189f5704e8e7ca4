/** Of the words of the panel Locks and Leases, the arguments of some calls. */
import type {
  ConflictView, LocksView, LockView, SpanView, WriteView,
} from '../../src/view/locks/locks-view.ts';
import type * as locks from '../../src/view/panel-words/locks.ts';
import type { Examples } from './examples.ts';

const span: SpanView = {
  holder: 'A', token: 33, from: 20_000, fromStep: 4, to: null, toStep: null, renewals: [], end: null,
};
const over: SpanView = {
  ...span, to: 10_020_000, toStep: 9, renewals: [{ at: 5_000_000, step: 7 }],
  end: { own: 10_400_000, at: 10_000_000 },
};
const two: ConflictView = { type: 'two', nodes: ['A', 'B'], from: 12_000_000, step: 11, to: 12_310_000 };
const lost: ConflictView = { type: 'lost', nodes: ['A'], from: 10_020_000, step: 9, to: null };
const lock: LockView = {
  name: 'order42',
  authority: { nodes: ['redis'], spans: [over] },
  believers: [{ node: 'A', spans: [span], outages: [] }],
  conflicts: [lost, two],
};
const three = { nodes: ['n1', 'n2', 'n3'], spans: [] };
const term: SpanView = { ...span, holder: 'n1', token: 2 };
const leader: LockView = {
  name: 'leader', elected: 'term', authority: { ...three, spans: [term] },
  believers: [{ node: 'n1', spans: [term], outages: [] }], conflicts: [],
};
const accepted: WriteView = {
  at: 12_000_000, step: 12, accepted: true, from: 'B', what: 'inventory=0', token: 34,
};
const refused: WriteView = {
  at: 15_000_000, step: 14, accepted: false, from: 'A', what: '', token: 33,
  reason: 'token 33 is older than 34',
};
const stale: WriteView = { ...accepted, from: 'A', token: 33, older: 34 };
const view: LocksView = {
  now: 13_000_000, known: 13_000_000, since: 0, locks: [lock],
  stores: [{ node: 'db', writes: [accepted, refused] }], left: 0,
};
const elected: LocksView = { ...view, locks: [leader], stores: [] };
const { now } = view;

export const locksExamples: Examples<typeof locks> = {
  gapText: [[1_200_000]],
  authorityLabel: [
    [{ nodes: [], spans: [] }, lock], [lock.authority!, lock], [three, lock], [three, leader],
  ],
  authorityTitle: [[three, lock], [three, leader]],
  believerLabel: [['A']],
  tokenText: [[33, lock], [null, lock], [2, leader]],
  barText: [[span, lock, true], [span, lock, false], [{ ...span, token: null }, lock, true], [term, leader, true]],
  spanText: [
    [span, lock, true, now], [over, lock, false, now], [term, leader, true, now], [term, leader, false, now],
  ],
  endMarkText: [
    [over, lock, false, now], [{ ...over, end: { own: 14_000_000, at: 14_000_000 } }, lock, true, now],
  ],
  renewalText: [['A', lock, 5_000_000]],
  conflictText: [[two, lock, now], [lost, lock, now], [two, leader, now], [lost, leader, now], [lost, lock, lost.from]],
  conflictSummary: [[lock, now], [{ ...lock, conflicts: [lost] }, now], [{ ...lock, conflicts: [] }, now]],
  shortConflict: [
    [lock, now], [{ ...lock, conflicts: [lost] }, now], [{ ...lock, conflicts: [] }, now],
    [{ ...lock, conflicts: [lost] }, lost.from],
  ],
  outageText: [
    [{ type: 'paused', from: 1_000_000, step: 5, to: 16_000_000 }, 'A'],
    [{ type: 'off', from: 1_000_000, step: 5, to: null }, 'A'],
  ],
  writeLabel: [[accepted], [refused], [stale], [{ ...accepted, token: null }]],
  writeText: [[accepted, 'db'], [refused, 'db'], [stale, 'db'], [{ ...accepted, token: null }, 'db']],
  writeLabelInShort: [[accepted], [refused], [{ ...accepted, token: null }]],
  rowsBelowText: [[1], [3]],
  leftText: [[12]],
  sinceText: [[20_000]],
  changesAt: [[view, 4], [elected, 4], [view, 7], [view, 9], [view, 14], [view, 3]],
  pictureText: [[view], [elected], [{ ...elected, now: 0 }], [{ ...view, locks: [] }]],
  timeLabel: [[10_020_000], [null]],
};
