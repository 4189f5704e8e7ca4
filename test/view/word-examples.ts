/** For each function that makes words for the panels, the arguments of some calls. */
import type {
  ActionView,
  Ending,
  LogView,
  MessageView,
  Moment,
  NodeView,
  SequenceItem,
  ShownView,
  StopView,
  VerdictView,
} from '../../src/view/contract.ts';
import type { ActType, Thing } from '../../src/view/acts.ts';
import type { NarratedActivity, NarratedStep, NarrationView } from '../../src/view/narration.ts';
import * as acts from '../../src/view/panel-words/acts.ts';
import * as begin from '../../src/view/panel-words/begin.ts';
import * as cluster from '../../src/view/panel-words/cluster.ts';
import * as endings from '../../src/view/panel-words/ending.ts';
import * as history from '../../src/view/panel-words/history.ts';
import * as logs from '../../src/view/panel-words/logs.ts';
import * as roles from '../../src/view/panel-words/roles.ts';
import * as logicalClocks from '../../src/view/panel-words/logical-clock.ts';
import * as menus from '../../src/view/panel-words/menu.ts';
import * as moments from '../../src/view/panel-words/moment.ts';
import * as narration from '../../src/view/panel-words/narration.ts';
import * as plays from '../../src/view/panel-words/play.ts';
import * as sequence from '../../src/view/panel-words/sequence.ts';
import type { Examples } from './examples.ts';
import { historyExamples } from './history-word-examples.ts';
import { logExamples, roleExamples } from './log-word-examples.ts';

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
  status: 'running',
  host: 'on',
  standing: 'leader',
  tone: 'lead',
  epoch: { name: 'term', value: 3 },
  acted: true,
  shown: [],
  facts: [],
  timers: [],
  clock: { offset: 0, drift: 0 },
  waiting: 0,
};
const redis: NodeView = { ...node, id: 'redis', role: 'redis', standing: '', acted: false };
const message: MessageView = {
  id: 'n1->n3#4',
  from: 'n1',
  to: 'n3',
  type: 'AppendEntries',
  details: 'term 3, put x 1 after entry 6 of term 3',
  fields: 'term 3, leaderId n1, prevLogIndex 6',
  progress: 0,
  left: 2_700,
  next: true,
  fresh: true,
};
const entry: LogView['entries'][number] = {
  index: 7,
  epoch: 3,
  label: 'put x 1',
  committed: false,
  applied: false,
  changed: false,
};
const verdicts: VerdictView[] = [
  { type: 'holds', subject: 'event LeaderElected', sentence: '' },
  { type: 'violated', subject: 'Election Safety', sentence: 'n1 and n2 lead term 3', step: 7 },
  { type: 'unknown', subject: 'end: n1.term == 1', sentence: 'there is no n1' },
];
const item: SequenceItem = {
  type: 'message',
  id: 'n1->n3#4',
  from: 'n1',
  to: 'n3',
  label: 'AppendEntries term 3',
  fields: 'term 3, leaderId n1',
  outcome: 'in-flight',
  step: 57,
  current: false,
};
const items: SequenceItem[] = [
  item,
  { type: 'event', node: 'n3', ...action.events[0]!, step: 57, current: true },
  { type: 'operation', nodes: ['A'], text: 'A invokes lock order42', step: 1, current: false },
  { type: 'fault', nodes: ['n1'], text: 'n1 crashes', step: 2, current: false },
];

function endingWith(...types: VerdictView['type'][]): Ending {
  const counts = { holds: 0, violated: 0, unknown: 0 };
  for (const type of types) counts[type]++;
  const chosen = types.map((type) => verdicts.find((verdict) => verdict.type === type)!);
  return { stoppedEarly: false, verdicts: chosen, counts };
}

const early: Ending = { ...endingWith(), stoppedEarly: true };
const mixed = endingWith('holds', 'violated', 'holds', 'unknown');

const momentExamples: Examples<typeof moments> = {
  branchName: [[0], [1]],
  stepCount: [[moment]],
  sliderPosition: [[moment]],
  actionSummary: [[action], [plain], [eventful]],
  headCommand: [[moment], [{ ...moment, entered }]],
  afterCommand: [
    [moment],
    [{ ...moment, action: plain }],
    [{ ...moment, action: eventful }],
    [{ ...moment, entered }],
  ],
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
  verdictLine: verdicts.map((verdict) => [verdict]),
  spokenEnding: [[early], [mixed]],
};

const shown: ShownView[] = [
  { type: 'votes', granted: 2, needed: 3, changed: true },
  { type: 'lease', name: 'leader lease', left: 2_100_000, changed: false },
  { type: 'lease', name: 'leader lease', left: 0, changed: false },
  { type: 'lease', name: 'leader lease', left: -300_000, changed: false },
  { type: 'holder', of: 'order42', is: 'A', decides: false, changed: false },
  {
    type: 'holder', of: 'order42', is: 'A', token: 34, next: ['B', 'C'], decides: true, changed: false,
  },
  { type: 'value', value: 'x', changed: false },
  { type: 'token', token: 33, changed: false },
];


const logicalClock = { lamport: 12, vector: { n1: 4, n3: 5 } };
const eventItem: SequenceItem = {
  ...{ type: 'event', node: 'n3', name: 'TermChanged', fields: 'from 1 to 2' },
  ...{ logicalClock, step: 36, current: true },
};

const clusterExamples: Examples<typeof cluster> = {
  aboutNode: [[node], [redis]],
  nodeCaption: [
    [node],
    [redis],
    [{ ...node, status: 'crashed' }],
    [{ ...node, status: 'paused' }],
    [{ ...redis, status: 'paused' }],
    [{ ...node, disk: { stalled: true, slow: 0, writes: 2 } }],
    [{ ...redis, status: 'paused', waiting: 2 }],
  ],
  nodeInWords: [[node], [{ ...node, status: 'paused' }], [{ ...redis, epoch: undefined! }]],
  nodeTitle: [[node], [{ ...redis, logicalClock }]],
  epochText: [[{ name: 'term', value: 3 }], [{ name: 'ballot', value: '3.n1' }]],
  shownName: shown.map((view) => [view]),
  shownText: shown.map((view) => [view]),
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
  timerText: [[{ name: 'election', left: 131_000, span: 173_000 }]],
  messageDetails: [[message], [{ ...message, fields: '' }]],
  deliverLabel: [[message]],
  markerTitle: [[message], [{ ...message, logicalClock }]],
  cutTitle: [[{ from: 'n1', to: 'n2', bothWays: true }], [{ from: 'n1', to: 'n2', bothWays: false }]],
  cutsInWords: [
    [
      [
        { from: 'n1', to: 'n2', bothWays: true },
        { from: 'n1', to: 'n3', bothWays: false },
      ],
    ],
  ],
  islandName: [[0], [1]],
  islandsInWords: [
    [
      [
        ['n1', 'n2'],
        ['n3', 'n4', 'n5'],
      ],
    ],
  ],
  entryState: [
    [entry],
    [{ ...entry, committed: true }],
    [{ ...entry, committed: true, applied: true }],
  ],
  entryTitle: [[entry], [{ ...entry, epoch: undefined! }]],
  spokenEntry: [[entry], [{ ...entry, changed: true }]],
};

const sequenceExamples: Examples<typeof sequence> = {
  stepName: [[moment]],
  sequencePosition: [
    [moment, 'stopped'],
    [moment, 'running'],
    [moment, 'ended'],
  ],
  outcomeWord: [['delivered'], ['in-flight'], ['lost'], ['refused'], ['reset']],
  itemInWords: [...items, { ...item, repeated: { times: 33, since: 25 } }].map((one) => [one]),
  itemTitle: [
    [item],
    [{ ...item, sentAt: logicalClock, receivedAt: { lamport: 13, vector: { n1: 4, n3: 6 } } }],
    [eventItem],
  ],
  earlierActions: [[1], [12]],
  drawingFailed: [['Parse error on line 2:\n p0->>\n Expecting ACTOR'], ['No diagram type detected.']],
};

const thing = (type: Thing['type'], name: string): Thing => ({ type, name });
const actTypes: ActType[] = [
  ...(['deliver', 'drop', 'delay', 'duplicate', 'fire', 'crash', 'restart', 'pause'] as const),
  ...(['resume', 'offset', 'jump', 'drift', 'power-off', 'unplug', 'plug-in', 'stall'] as const),
  ...(['disk-ok', 'cut', 'cut-both', 'heal', 'heal-both', 'reset'] as const),
];
const actExamples: Examples<typeof acts> = {
  menuTitle: [
    [thing('node', 'n1')], [thing('timer', 'n1 election')], [thing('message', 'n1->n3#4')],
    [thing('link', 'n1 n3')],
  ],
  groupOf: [['crash']],
  actLabel: actTypes.map((type) => [{ type, on: type === 'fire' ? 'election of n2' : 'n2' }]),
  valueLabel: [['delay'], ['offset'], ['jump'], ['drift'], ['crash']],
  valueHint: [['delay'], ['offset'], ['jump'], ['drift'], ['crash']],
  noEffectText: [
    [{ type: 'already cut', from: 'n1', to: 'n2' }],
    [{ type: 'not cut', from: 'n1', to: 'n2' }],
  ],
};

const toldStep: NarratedStep = {
  index: 2, text: 'crash n1', line: 17, state: 'current', comment: ['Its memory is gone.'],
};
const told: NarrationView = {
  introduction: [], current: 2, total: 12, steps: [toldStep], activities: [],
};
const workload: NarratedActivity = {
  type: 'repeat', index: 3, clients: ['c1', 'c2'], invoked: 7, times: 30, waiting: ['c1'],
};
const narrationExamples: Examples<typeof narration> = {
  progressText: [[told], [{ current: 12, total: 12 }], [{ current: 1, total: 1 }]],
  foldedText: [[told], [{ ...told, current: 12, steps: [{ ...toldStep, state: 'done' }] }]],
  stepTitle: [[toldStep], [{ ...toldStep, state: 'done' }], [{ ...toldStep, state: 'next' }]],
  activityText: [
    [workload],
    [{ type: 'repeat', index: 3, clients: ['c1'], invoked: 7, waiting: [] }],
    [{ type: 'nemesis', index: 2, undo: [] }],
    [{ type: 'nemesis', index: 2, undo: ['heal n1 -> n2', 'heal n2 -> n1'] }],
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
  sequence: { words: sequence, examples: sequenceExamples },
  history: { words: history, examples: historyExamples },
  logs: { words: logs, examples: logExamples },
  roles: { words: roles, examples: roleExamples },
  'logical-clock': {
    words: logicalClocks,
    examples: { logicalClockText: [[logicalClock]] },
  },
};
