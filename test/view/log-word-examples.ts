/** Examples for the words of the panels of logs and of state machines. */
import { labels } from '../../src/view/panel-words/roles.ts';
import type { LogEntry, LogGroup, LogsView, NodeLog } from '../../src/view/logs/logs-view.ts';
import type { RolesView, StateView, TransitionView } from '../../src/view/roles/roles-view.ts';

const entry: LogEntry = { epoch: 2, label: 'put x 1', changed: false, isGone: false };
const log: NodeLog = {
  node: 'n1', status: 'running', standing: 'leader', tone: 'lead',
  epoch: { name: 'term', value: 2 }, first: 1, last: 3, committed: 2, applied: 1,
  entries: [entry], change: {}, marks: [],
};
const { epoch: _, ...bare } = log;
const empty: NodeLog = { ...bare, status: 'crashed', standing: '', last: 0, committed: 0 };
const changed: NodeLog = {
  ...log,
  change: {
    removed: { from: 2, to: 3 }, appended: { from: 2, to: 2 }, committed: { from: 1, to: 2 },
    applied: { from: 0, to: 1 }, compacted: 1,
  },
};
const conflict = (index: number, isLost = false) => ({
  index,
  entries: [
    { nodes: ['n1', 'n2'], epoch: 2, label: 'put x 1', committed: true },
    { nodes: ['n3'], epoch: 1, label: 'no-op', committed: isLost },
  ],
});
const group = (logs: NodeLog[], conflicts: LogGroup['conflicts'] = []): LogGroup => ({
  name: 'replica', logs, conflicts, elsewhere: { before: 0, after: 0, searchedFrom: 1 },
  docs: { 'no-op': 'It changes nothing.', next: 'The next entry that the leader sends.' },
});
const view = (...groups: LogGroup[]): LogsView => ({ first: 1, last: 3, from: 2, to: 3, groups });

export const logExamples = {
  inViewText: [
    [view(), { from: 1, to: 3, before: 0, after: 0, tall: false }],
    [view(), { from: 2, to: 3, before: 0, after: 2, tall: false }],
    [view(), { from: 3, to: 3, before: 1, after: 1, tall: true }],
    [{ ...view(), first: 5, last: 9 }, { from: 6, to: 8, before: 0, after: 0, tall: false }],
    [{ ...view(), last: 1 }, { from: 1, to: 1, before: 0, after: 0, tall: false }],
    [{ ...view(), last: 0 }, { from: 1, to: 0, before: 0, after: 0, tall: false }],
  ],
  logSummary: [[log], [empty], [{ ...log, first: 3 }]],
  logInShort: [[log], [empty], [{ ...log, first: 3, committed: 3 }]],
  logInLetters: [[log], [empty], [{ ...log, last: 1 }]],
  epochKey: [[view(group([log]))], [view(group([empty]))]],
  nodeText: [[log], [empty]],
  cellText: [
    [log, 1, entry, false], [log, 1, { ...entry, label: 'no-op' }, false, { 'no-op': 'It changes nothing.' }],
    [log, 3, { ...entry, changed: true, removed: { epoch: 1, label: 'no-op' } }, true],
    [log, 3, { ...entry, isGone: true }, false],
    [bare, 2, { label: 'put x 1', changed: false, isGone: false }, false],
    [log, 7, null, false],
  ],
  markTitle: [
    [{ leader: 'n1', next: 6 }, 'next', group([log])], [{ leader: 'n1', match: 5 }, 'match', group([log])],
  ],
  markText: [[{ leader: 'n1', next: 6, match: 5 }], [{ leader: 'n1', match: 5 }]],
  changeTexts: [[view(group([log]))], [view(group([changed, log]))]],
  elsewhereText: [
    [view(group([log]))],
    [view({ ...group([log]), elsewhere: { before: 1, previous: 1, after: 0, searchedFrom: 1 } })],
    [view(
      { ...group([log]), elsewhere: { before: 7, previous: 1, after: 2, next: 9, searchedFrom: 1 } },
      { ...group([log]), elsewhere: { before: 1, previous: 1, after: 0, searchedFrom: 80_001 } },
    )],
  ],
  conflictTexts: [
    [[group([log], [conflict(2)])]],
    [[group([log], [1, 2, 3, 4, 5].map((index) => conflict(index, index === 5)))]],
    [[group([empty], [conflict(2)])]],
  ],
};

const state: StateView = {
  standing: 'follower', doc: 'It follows.', isDeclared: true, boots: true, nodes: ['n1', 'n3'],
};
const taken: TransitionView = {
  from: 'follower', to: 'candidate', cause: 'times out, starts election', isDeclared: true,
  count: 2, last: { step: 7, time: 180_000, node: 'n2' }, now: ['n2'],
};
const never: TransitionView = {
  from: 'candidate', to: 'leader', cause: 'receives votes from majority of servers',
  isDeclared: true, count: 0, now: [],
};
const boot: TransitionView = {
  from: null, to: 'follower', cause: 'boot', isDeclared: true, count: 1,
  last: { step: 0, time: 0, node: 'n1' }, now: ['n1', 'n2'],
};
const unknown: TransitionView = { ...taken, to: 'king', cause: '', isDeclared: false, count: 1 };
const roles: RolesView = {
  roles: [{ name: 'replica', nodes: ['n1', 'n2', 'n3'], declares: true, others: false }],
  role: 'replica', others: false,
  doc: 'A server.', states: [state], transitions: [taken, never],
  off: [{ node: 'n4', status: 'crashed' }], since: 0, mermaid: '',
};

export const roleExamples = {
  standingName: [['leader', 'replica'], ['', 'worker']],
  stateLabel: [
    [state, 'replica'], [{ ...state, isDeclared: false, nodes: [] }, 'replica'],
    [{ ...state, nodes: Array.from({ length: 10 }, (_, at) => `n${at + 1}`) }, 'replica'],
  ],
  stateTitle: [
    [state, 'replica'], [{ ...state, doc: '' }, 'replica'],
    [{ ...state, standing: '', isDeclared: false }, 'replica'],
  ],
  transitionLabel: [[taken], [never], [unknown]],
  takenText: [
    [taken, 'replica'], [boot, 'replica'], [unknown, 'replica'],
    [{ ...taken, from: '', to: 'holder', now: [] }, 'worker'],
    [{ ...boot, isDeclared: false, cause: '' }, 'replica'],
    [{ ...boot, cause: labels.firstHeardOf }, 'member'],
  ],
  outOfViewText: [[['candidate', 'leader']]],
  changeText: [[roles], [{ ...roles, transitions: [never] }]],
  whereText: [[roles], [{ ...roles, off: [] }]],
  transitionTitle: [
    [taken, 'replica'], [never, 'replica'], [boot, 'replica'], [unknown, 'replica'],
  ],
  sinceText: [[80_000]],
  heldByText: [['n3', ['n1']], ['n3', ['n1', 'n2', 'n4', 'n5', 'n6', 'n7']]],
  othersText: [['member']],
  noStandingsText: [['storage']],
  undeclaredRoleText: [['peer']],
};
