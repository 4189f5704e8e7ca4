/** For each function that makes words for the panels, the arguments of some calls. */
import type { ActionView, Ending, Moment, StopView, VerdictView } from '../../src/view/contract.ts';
import type {
  ClusterView, ConnectionView, HoldView, MessageView, NodeView, ShownView,
} from '../../src/view/cluster/cluster-view.ts';
import * as acts from '../../src/view/panel-words/acts.ts';
import * as begin from '../../src/view/panel-words/begin.ts';
import * as cluster from '../../src/view/panel-words/cluster.ts';
import * as endings from '../../src/view/panel-words/ending.ts';
import * as exportWords from '../../src/view/panel-words/export.ts';
import * as history from '../../src/view/panel-words/history.ts';
import * as legends from '../../src/view/panel-words/legend.ts';
import * as locks from '../../src/view/panel-words/locks.ts';
import * as logs from '../../src/view/panel-words/logs.ts';
import * as roles from '../../src/view/panel-words/roles.ts';
import * as menus from '../../src/view/panel-words/menu.ts';
import * as inWords from '../../src/view/panel-words/moment-in-words.ts';
import * as moments from '../../src/view/panel-words/moment.ts';
import * as narration from '../../src/view/panel-words/narration.ts';
import * as plays from '../../src/view/panel-words/play.ts';
import * as runPage from '../../src/view/panel-words/run-page.ts';
import * as sequence from '../../src/view/panel-words/sequence.ts';
import * as toolbar from '../../src/view/panel-words/toolbar.ts';
import * as traffic from '../../src/view/panel-words/traffic.ts';
import * as spacetime from '../../src/view/panel-words/spacetime.ts';
import { actExamples, narrationExamples, toolbarExamples } from './act-word-examples.ts';
import type { Examples } from './examples.ts';
import { locksExamples } from './locks-word-examples.ts';
import { exportExamples, momentInWordsExamples, runPageExamples } from './export-word-examples.ts';
import { historyExamples } from './history-word-examples.ts';
import { spacetimeExamples } from './spacetime/word-examples.ts';
import { logExamples, roleExamples } from './log-word-examples.ts';
import { sequenceExamples } from './sequence-word-examples.ts';

const action: ActionView = {
  command: 'deliver n1->n3#4',
  sentence: 'n3 receives AppendEntries from n1',
  isCommandEnough: false,
  events: [
    { name: 'TermChanged', fields: 'from 1, to 2' },
    { name: 'Restarted', fields: '' },
  ],
  replies: [],
};
const plain: ActionView = {
  command: 'A lock order42',
  sentence: 'A invokes lock order42',
  isCommandEnough: true,
  events: [],
  replies: [],
};
const eventful: ActionView = {
  ...plain,
  failure: 'out of luck',
  replies: [
    { operation: 'A#1', ok: true, result: '34' },
    { operation: 'A#2', ok: false, result: 'lock lost' },
  ],
};
const violated = {
  type: 'violated',
  property: 'invariant',
  name: 'Election Safety',
  why: 'n1 and n2 lead term 3',
  threw: false,
} as const;
const stops: { [Type in StopView['type']]: StopView & { type: Type } } = {
  start: { type: 'start' },
  end: {
    type: 'end',
    ending: {
      stoppedEarly: false,
      verdicts: [{ type: 'violated', subject: 'no event Locked', sentence: 'it was reported', step: 7 }],
      counts: { holds: 0, violated: 1, unknown: 0 },
    },
  },
  pause: { type: 'pause' },
  'round over': { type: 'round over' },
  step: { type: 'step' },
  'step back': { type: 'step back' },
  goto: { type: 'goto' },
  restarted: { type: 'restarted' },
  'branch left': { type: 'branch left', number: 1 },
  taken: { type: 'taken' },
  delivered: { type: 'delivered', message: 'n1->n3#4' },
  lost: { type: 'lost', message: 'n1->n3#4' },
  answered: { type: 'answered', operation: 'A#1' },
  found: { type: 'found', promise: 'Mutual Exclusion', ends: 'broken' },
  reloaded: { type: 'reloaded' },
  endless: { type: 'endless', action: 'AppendEntries n1 → n3' },
  'internal error': { type: 'internal error', message: 'step 7 cannot be replayed' },
  line: { type: 'line', file: 'raft.ts', line: 12, node: 'n3' },
  handler: { type: 'handler', name: 'AppendEntries', node: 'n3' },
  event: { type: 'event', name: 'TermChanged', node: 'n3', details: 'from 1 to 2' },
  violated,
  thrown: { type: 'thrown', node: 'n3', message: 'out of luck' },
  data: { type: 'data', node: 'n3', path: ['log', '2'], from: undefined, to: 'put x 1' },
  'scenario step': { type: 'scenario step', text: 'crash the leader' },
};
const moment: Moment = {
  title: 'One write',
  scenario: 'write.scenario.yaml',
  branch: 0,
  step: 57,
  steps: 184,
  time: 1_204_000,
  action,
  stop: stops.event,
};
const command = 'deliver n1->n3#4';
const entered = { position: 'inside', command, sentence: action.sentence } as const;
const node: NodeView = {
  id: 'n1',
  role: 'replica',
  area: 'peers',
  status: 'running',
  host: 'on',
  standing: 'leader',
  tone: 'lead',
  epoch: { name: 'term', value: 3 },
  stands: 'out',
  acted: true,
  changes: [],
  holds: [],
  shown: [],
  facts: [],
  timers: [],
  clock: { offset: 0, drift: 0 },
  waiting: 0,
};
const redis: NodeView = { ...node, id: 'redis', role: 'redis', standing: '', acted: false, stands: 'in' };
const message: MessageView = {
  id: 'n1->n3#4',
  from: 'n1',
  to: 'n3',
  type: 'AppendEntries',
  details: 'term 3, put x 1 after entry 6 of term 3',
  fields: 'term 3, leaderId n1, prevLogIndex 6',
  refusal: false,
  progress: 0,
  left: 2_700,
  next: true,
  fresh: true,
};
const view: ClusterView = {
  nodes: [node],
  messages: [message],
  unseen: 0,
  lost: [],
  connections: [],
  cuts: [],
  islands: [],
  epochs: [],
  roles: [],
  meanings: [],
};
const connection: ConnectionView = {
  nodes: ['A', 'redis'],
  state: 'open',
  knownBy: ['A', 'redis'],
  waiting: [],
};
const halfOpen: ConnectionView = { ...connection, state: 'half-open', knownBy: ['A'] };
const again: ConnectionView = { ...halfOpen, waiting: [{ at: 'A', count: 2, left: 400_000 }] };
const verdicts: VerdictView[] = [
  { type: 'holds', subject: 'event LeaderElected', sentence: '' },
  { type: 'violated', subject: 'Election Safety', sentence: 'n1 and n2 lead term 3', step: 7 },
  { type: 'unknown', subject: 'end: n1.term == 1', sentence: 'there is no n1' },
];
function endingWith(...types: VerdictView['type'][]): Ending {
  const counts = { holds: 0, violated: 0, unknown: 0 };
  for (const type of types) counts[type]++;
  const chosen = types.map((type) => verdicts.find((verdict) => verdict.type === type)!);
  return { stoppedEarly: false, verdicts: chosen, counts };
}

const early: Ending = { ...endingWith(), stoppedEarly: true };
const mixed = endingWith('holds', 'violated', 'holds', 'unknown');

const inAction = { ...moment, entered: { ...entered, position: 'inside' as const } };

const momentExamples: Examples<typeof moments> = {
  logicalClockText: [[{ lamport: 12, vector: { n1: 4, n3: 5 } }]],
  branchName: [[0], [1]],
  stepCount: [[moment], [{ ...moment, step: 0, steps: 0, time: 0, entered: { ...entered, position: 'inside' } }]],
  sliderPosition: [[moment], [inAction]],
  stepName: [[moment], [inAction], [{ ...moment, step: 0, entered: { position: 'inside', command: 'start' } }]],
  actionSummary: [[action], [plain], [eventful]],
  headCommand: [[moment], [{ ...moment, entered }]],
  headSentence: [[moment], [{ ...moment, action: plain }], [{ ...moment, entered }]],
  failureInWords: [['out of luck']],
  replyInWords: eventful.replies.map((reply) => [reply]),
  eventInWords: [[action.events[0]!], [action.events[1]!]],
  enteredText: [
    [entered],
    [{ position: 'before', command, sentence: action.sentence }],
    [{ position: 'inside', command: 'start' }],
  ],
  stopReason: [
    ...Object.values(stops).map((stop): [StopView] => [stop]),
    [{ ...stops.handler, received: { from: 'n1', details: 'term 2, 1 entry after 3' } }],
    [{ type: 'reloaded', differsAt: 12 }],
    [{ type: 'line', file: 'invariants.ts', line: 3 }],
    [{ ...violated, property: 'derived event', name: 'TwoHolders', why: 'no such key', threw: true }],
    [{ ...violated, property: 'expectation', name: 'no event LockLost' }],
    [{ ...violated, property: 'scenario step' }],
    [{ type: 'scenario step', text: undefined }],
  ],
  spokenMoment: [
    [moment],
    [{ ...moment, entered }],
    [{ ...moment, action: plain, stop: { type: 'step' } }],
  ],
};

const endingExamples: Examples<typeof endings> = {
  endingSummary: [
    [early],
    [endingWith()],
    [endingWith('holds')],
    [endingWith('holds', 'holds')],
    [endingWith('violated', 'violated')],
    [endingWith('violated', 'holds')],
    [mixed],
  ],
  ended: [[early], [mixed]],
  holdCount: [[endingWith('holds', 'holds')], [endingWith('violated', 'holds')]],
  verdictLine: verdicts.map((verdict) => [verdict]),
  spokenEnding: [[early], [mixed]],
};

const shown: ShownView[] = [
  { type: 'votes', granted: 2, needed: 3, changed: true },
  { type: 'lease', name: 'leader lease', left: 2_100_000, span: 5_000_000, changed: false },
  { type: 'lease', name: 'leader lease', left: 0, span: 5_000_000, changed: false },
  { type: 'lease', name: 'leader lease', left: -300_000, span: 5_000_000, changed: false },
  { type: 'holder', of: 'order42', is: 'A', decides: false, changed: false },
  {
    type: 'holder', of: 'order42', is: 'A', token: 34, next: ['B', 'C'], decides: true, changed: false,
  },
  { type: 'value', value: 'x', changed: false },
  { type: 'token', token: 33, changed: false },
];


const logicalClock = { lamport: 12, vector: { n1: 4, n3: 5 } };

const changed: Partial<NodeView> = {
  changes: [
    { type: 'standing', from: 'follower', to: 'candidate' },
    { type: 'epoch', from: 'term 1', to: 'term 2' },
    { type: 'status', from: '', to: 'paused' },
    { type: 'status', from: 'paused', to: '' },
    { type: 'standing', from: 'leader', to: '' },
    { type: 'epoch', from: '', to: 'term 1' },
  ],
  shown: [{ type: 'votes', granted: 2, needed: 3, changed: true }],
  facts: [{ name: 'votedFor', value: 'n1', changed: true }],
  log: {
    entries: [{ index: 7, label: 'put x 1', committed: false, applied: false, changed: true }],
    before: 0,
    committed: 6,
    applies: true,
  },
};
const link: traffic.LinkState = { nodes: ['A', 'redis'], cuts: [], isWalled: false };

/** A node that is in charge only as it believes. */
function doubtful(of: string, isRole: boolean): NodeView {
  return { ...node, tone: 'lead', holds: [{ of, isRole, belief: 'believes', changed: false }] };
}

const holds: [HoldView][] = [
  [{ of: 'order42', isRole: false, belief: 'holds', changed: false }],
  [{ of: 'order42', isRole: false, belief: 'believes', changed: false }],
  [{ of: 'order42', isRole: false, belief: 'granted', changed: false }],
  [{ of: 'leader', isRole: true, belief: 'believes', changed: false }],
];

const clusterExamples: Examples<typeof cluster> = {
  explained: [['votedFor', 'n1', 'The candidate that got its vote.'], ['entry 9', '', '']],
  lastEntryText: [
    [{ index: 9, label: 'no-op', committed: true, applied: true, changed: false }],
    [{ index: 9, label: '', committed: true, applied: true, changed: false }],
  ],
  aboutNode: [[node], [redis]],
  nodeInWords: [[node], [{ ...node, status: 'paused' }], [{ ...redis, epoch: undefined! }]],
  nodeTitle: [[node], [{ ...redis, logicalClock }]],
  epochText: [[{ name: 'term', value: 3 }], [{ name: 'ballot', value: '3.n1' }]],
  epochInitial: [[{ name: 'term', value: 3 }], [{ name: 'ballot', value: '3.n1' }]],
  shortenedText: [
    [{ first: 'n1', last: 'n100', prefix: 'n', areNumbers: true }],
    [{ first: 'member-a', last: 'member-k', prefix: 'member-', areNumbers: false }],
  ],
  shownName: shown.map((one) => [one]),
  shownText: shown.map((one) => [one]),
  pictureValue: shown.map((one) => [one]),
  holdInWords: holds,
  holdRows: holds,
  beliefRows: [[doubtful('order42', false)], [doubtful('leader', true)]],
  standingWord: [[node], [doubtful('order42', false)], [doubtful('leader', true)]],
  clockText: [
    [{ offset: 0, drift: 0 }],
    [{ offset: 5_000, drift: 0.0002 }],
    [{ offset: -2_000_000, drift: -0.00005 }],
  ],
  diskText: [
    [{ stalled: true, slow: 0, writes: 2 }],
    [{ stalled: false, slow: 20_000, writes: 1 }],
    [{ stalled: false, slow: 20_000, writes: 0 }],
  ],
  waitingText: [[2]],
  timeLeft: [[{ name: 'election', left: 131_000, span: 173_000 }]],
  timerText: [[{ name: 'election', left: 131_000, span: 173_000 }]],
  timerInWords: [['n1', { name: 'election', left: 131_000, span: 173_000 }]],
  pictureInWords: [
    [view],
    [{ ...view, nodes: [node, redis], messages: [], islands: [['n1'], ['redis']] }],
  ],
  changesInWords: [
    [view],
    [{ ...view, messages: [], nodes: [{ ...node, ...changed }] }],
    [{ ...view, messages: [], lost: [{ ...message, refused: false }] }],
  ],
};

const trafficExamples: Examples<typeof traffic> = {
  messageDetails: [[message], [{ ...message, fields: '' }]],
  deliverLabel: [[message]],
  unseenText: [[40]],
  messageInWords: [[message], [{ ...message, refusal: true, next: false }]],
  markerTitle: [[message], [{ ...message, logicalClock, refusal: true }]],
  arrivedTitle: [[message]],
  lostTitle: [
    [{ ...message, refused: false }],
    [{ ...message, refused: true }],
    [{ ...message, refused: false, again: 400_000 }],
  ],
  linkInWords: [
    [{ ...link, cuts: [] }],
    [{ ...link, cuts: [{ from: 'A', to: 'redis' }], connection: again }],
    [{ ...link, cuts: [{ from: 'A', to: 'redis' }, { from: 'redis', to: 'A' }], connection }],
    [{ ...link, cuts: [], isWalled: true }],
  ],
  connectionMark: [[connection], [halfOpen], [again]],
  divisionInWords: [
    [{ islands: [], cuts: [] }],
    [{ islands: [['n1', 'n2'], ['n3', 'n4', 'n5']], cuts: [] }],
    [
      {
        islands: [],
        cuts: [{ from: 'n1', to: 'n2' }, { from: 'n2', to: 'n1' }, { from: 'n1', to: 'n3' }],
      },
    ],
  ],
};

interface Words {
  readonly words: Record<string, unknown>;
  readonly examples: Record<string, unknown[][]>;
}

/** The modules of `src/view/panel-words`, by the names of their files. */
export const modules: Record<string, Words> = {
  acts: { words: acts, examples: actExamples },
  menu: { words: menus, examples: {} },
  play: {
    words: plays,
    examples: {
      speedText: [[0.1], [100]], speedTitle: [[0.1], [1], [100]], gapText: [[148_000]],
      timeShown: [[1_204_000]],
    },
  },
  narration: { words: narration, examples: narrationExamples },
  begin: { words: begin, examples: {} },
  moment: { words: moments, examples: momentExamples },
  ending: { words: endings, examples: endingExamples },
  cluster: { words: cluster, examples: clusterExamples },
  traffic: { words: traffic, examples: trafficExamples },
  legend: {
    words: legends,
    examples: {
      eventMeaning: [[{ event: 'TermChanged', doc: 'A server moved to a later term.' }]],
      meaningText: [['epoch', ['term', 'term']], ['log', ['term']], ['epoch', []], ['leads', []]],
    },
  },
  toolbar: { words: toolbar, examples: toolbarExamples },
  spacetime: { words: spacetime, examples: spacetimeExamples },
  sequence: { words: sequence, examples: sequenceExamples(moment) },
  history: { words: history, examples: historyExamples },
  locks: { words: locks, examples: locksExamples },
  logs: { words: logs, examples: logExamples },
  roles: { words: roles, examples: roleExamples },
  export: { words: exportWords, examples: exportExamples },
  'moment-in-words': { words: inWords, examples: momentInWordsExamples },
  'run-page': { words: runPage, examples: runPageExamples },
};
