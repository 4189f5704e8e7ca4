/** Samples for the messages of the adapter. A record by type or code cannot lack a variant. */
import type { EffectsDifference, StateDifference } from '../../src/kernel/compare/difference.ts';
import type { Capabilities, NotMoved } from '../../src/kernel/seam/movement.ts';
import type { Fault } from '../../src/scenario/problem.ts';
import type { PlacementProblem } from '../../src/session/breakpoints/placement.ts';
import type { BreakpointProblem } from '../../src/session/breakpoints/problems.ts';
import type { CommandProblem, Done } from '../../src/session/console.ts';
import type { ExpressionProblem } from '../../src/session/read/evaluate.ts';
import type { ReloadResult } from '../../src/session/reload.ts';
import type { PropertyKind, StopReason } from '../../src/session/stop.ts';
import type { Expected, Refused } from '../../src/dap/refusal.ts';

const fault: Fault = { code: 'cel-syntax', message: 'the expression ends too early', start: 1, end: 2 };
const hinted: Fault = { ...fault, message: '`hopes` is not known here', hint: 'did you mean `hops`?' };
export const message = { from: 'n1', to: 'n2', ordinal: 4, copy: 0 };

export const stopReasons: Record<StopReason['type'], StopReason> = {
  start: { type: 'start' },
  end: {
    type: 'end', time: 30_000_000,
    verdicts: [
      { type: 'holds', subject: { kind: 'invariant', name: 'Election Safety' } },
    ],
  },
  step: { type: 'step' },
  'step back': { type: 'step back' },
  pause: { type: 'pause' },
  goto: { type: 'goto', step: 12 },
  restarted: { type: 'restarted' },
  delivered: { type: 'delivered', message },
  lost: { type: 'lost', message },
  answered: { type: 'answered', operation: 'op1' },
  'round over': { type: 'round over' },
  taken: { type: 'taken', action: 'crash n1' },
  'branch left': { type: 'branch left', number: 1 },
  found: { type: 'found', promise: 'Mutual Exclusion', ends: 'broken' },
  reloaded: { type: 'reloaded' },
  endless: { type: 'endless', action: 'Token a → b' },
  'internal error': { type: 'internal error', message: 'step 3 is not possible' },
  line: { type: 'line', file: 'raft/raft.ts', line: 12, node: 'n2' },
  handler: { type: 'handler', name: 'RequestVote', node: 'n3' },
  event: { type: 'event', name: 'TermChanged', node: 'n2', details: 'from 1 to 2', doc: 'A server moved to a later term.' },
  violated: violated('invariant', 'one leader per term'),
  thrown: { type: 'thrown', node: 'b', message: '3 hops' },
  data: { type: 'data', node: 'n2', path: ['votedFor'], from: 'null', to: 'n3' },
  'scenario step': { type: 'scenario step', text: 'app put x 1' },
};

function violated(property: PropertyKind, name: string, threw = false): StopReason {
  const why = threw ? 'Cannot read properties of undefined' : 'n1 and n2 lead term 3';
  return { type: 'violated', property, name, why, threw };
}

export const allReasons: StopReason[] = [
  ...Object.values(stopReasons),
  { type: 'reloaded', differsAt: 7 },
  { type: 'line', file: 'raft/raft.ts', line: 12 },
  { type: 'handler', name: 'RequestVote', node: 'n3', received: { from: 'n1', details: 'term 2' } },
  { type: 'event', name: 'Restarted', node: 'n2', details: '', doc: '' },
  { type: 'data', node: 'n2', path: ['acks', 'n1'], from: undefined, to: '3' },
  { type: 'data', node: 'n2', path: ['acks', 'n1'], from: '3', to: undefined },
  violated('invariant', 'one leader per term', true),
  violated('derived event', 'TwoLeaders', true),
  violated('expectation', 'no event LeaderElected'),
  violated('scenario step', 'scenario'),
  { type: 'scenario step', text: undefined },
];

export const placements: Record<PlacementProblem['type'], PlacementProblem> = {
  'other file': { type: 'other file' },
  'no command': { type: 'no command' },
  'no statement': { type: 'no statement' },
  'no lines': { type: 'no lines', protocol: 'raft', why: 'its source is not here' },
  'only draws': { type: 'only draws', function: 'look' },
  'not a name': { type: 'not a name' },
  'unknown node': { type: 'unknown node', node: 'n9', nodes: ['n1', 'n2', 'app'] },
  'unknown name': { type: 'unknown name', name: 'RequestVotes', similar: 'RequestVote' },
  'unknown filter': { type: 'unknown filter', filter: 'event:Nonsense' },
  'not in a state': { type: 'not in a state' },
  'not on writes': { type: 'not on writes' },
};

export const breakpointProblems: BreakpointProblem[] = [
  ...Object.values(placements).map((problem): BreakpointProblem => ({ type: 'place', problem })),
  { type: 'condition', fault: hinted },
  { type: 'hit condition', text: 'often' },
  { type: 'log message', problem: { type: 'open brace', at: 6, text: 'term {message.term' } },
  { type: 'log message', problem: { type: 'expression', fault } },
];

export const notMoved: Record<NotMoved['type'], NotMoved> = {
  'no such step': { type: 'no such step', step: 7 },
  'no branch': { type: 'no branch' },
  'not possible': { type: 'not possible', action: { type: 'crash', at: 0, node: 'n1' } },
  unsupported: { type: 'unsupported', capability: 'back' },
};

export const lacking: Record<keyof Capabilities, NotMoved> = {
  back: { type: 'unsupported', capability: 'back' },
  branches: { type: 'unsupported', capability: 'branches' },
};

export const allNotSaved: Refused[] = [
  { code: 'branch not saved', why: { type: 'too long', length: 120_000, most: 5_000 } },
  { code: 'branch not saved', why: { type: 'differs', field: 'n1.state.term' } },
  { code: 'branch not saved', why: { type: 'chosen draws' } },
];

type Problem = ExpressionProblem | CommandProblem;

export const consoleProblems: Record<Problem['type'], Problem> = {
  expression: { type: 'expression', fault: hinted },
  'no value': { type: 'no value', why: '`n1.state.x`: there is no field `x`' },
  command: { type: 'command', fault },
  'not a command': { type: 'not a command', word: 'crsh', similar: 'crash' },
  before: { type: 'before' },
  point: { type: 'point', problem: { type: 'form', text: 'n1' } },
  'nothing to do': { type: 'nothing to do' },
  'not moved': { type: 'not moved', name: 'crash n1', why: notMoved['not possible'] },
  'no such branch': { type: 'no such branch', number: 7, known: [0, 2] },
  'first branch': { type: 'first branch' },
  'stale branch': { type: 'stale branch', number: 2 },
};

const expected: Record<Expected, unknown> = {
  integer: 'all',
  line: 0,
  'line from 0': -1,
  column: -1,
  'access type': 'peek',
  'branch command': 'peek',
  'branch format': 'yaml',
  filter: 'all',
  string: 7,
  object: undefined,
  list: {},
  'truth value': 'yes',
  'non-negative integer': -1,
  'scenario path': undefined,
  'folder path': 1,
  'event names': 'TermChanged',
  'event name': 3,
  condition: true,
  'positive integer': 0,
  'meaning of time': 'soon',
  actions: ['deliver'],
  'end of a finding': 'soon',
};

const file = '/w/raft.scenario.yaml';

export const refused: Record<Refused['code'], Refused> = {
  'not initialized': { code: 'not initialized' },
  'already initialized': { code: 'already initialized' },
  launching: { code: 'launching' },
  cancelled: { code: 'cancelled' },
  configuring: { code: 'configuring' },
  'already configured': { code: 'already configured' },
  restarting: { code: 'restarting' },
  terminated: { code: 'terminated' },
  disconnected: { code: 'disconnected' },
  'not launched': { code: 'not launched' },
  'already launched': { code: 'already launched' },
  setting: { code: 'setting', name: '"seed"', expected: 'non-negative integer', found: -1 },
  'unreadable scenario': { code: 'unreadable scenario', file, why: 'ENOENT' },
  scenario: { code: 'scenario', problem: `${file}:5:11: raft has no event \`X\``, more: 2 },
  'not a scenario': { code: 'not a scenario', file },
  protocol: { code: 'protocol', more: 0, problem: '/w/relay.ts:31:25: unexpected token' },
  untrusted: { code: 'untrusted', file: '/w/relay.ts' },
  'unknown preset': { code: 'unknown preset', name: 'TermChange', similar: 'TermChanged' },
  preset: { code: 'preset', name: 'TermChanged', problem: { type: 'condition', fault } },
  running: { code: 'running' },
  'moved meanwhile': { code: 'moved meanwhile' },
  'branch gone': { code: 'branch gone' },
  'unknown request': { code: 'unknown request', command: 'attach' },
  arguments: { code: 'arguments', command: 'scopes' },
  argument: { code: 'argument', command: 'scopes', name: '"frameId"', expected: 'integer', found: 'a' },
  'out of date': { code: 'out of date', what: 'variables' },
  'no thread': { code: 'no thread', number: 77 },
  'no source': { code: 'no source', number: 4711 },
  'nothing to step out of': { code: 'nothing to step out of' },
  'not restartable': { code: 'not restartable' },
  'no event': { code: 'no event' },
  problem: { code: 'problem', problem: consoleProblems['no value'] },
  'not moved': { code: 'not moved', why: notMoved['no such step'], length: 5 },
  limit: { code: 'limit', limit: 'action-time-limit' },
  searching: { code: 'searching' },
  'no search': { code: 'no search' },
  'finding stale': { code: 'finding stale' },
  'no step': { code: 'no step', step: 9_999, length: 12 },
  'no finding': { code: 'no finding', number: 3 },
  'not found': { code: 'not found', why: 'The search ended without a result: search again.' },
  'not saved': { code: 'not saved', why: 'the steps of a scenario cannot say what happens in this run' },
  'not an action': { code: 'not an action', text: 'dance n1' },
  'panel command': { code: 'panel command', text: '{"type":"dance"}' },
  'branch not saved': { code: 'branch not saved', why: { type: 'no words' } },
  'nothing broken': { code: 'nothing broken', branch: 2 },
};

export const allRefused: Refused[] = [
  ...Object.values(refused),
  { code: 'scenario', problem: `${file}:5:11: raft has no event \`X\``, more: 0 },
  { code: 'out of date', what: 'frame' },
  { code: 'out of date', what: 'target' },
  { code: 'not moved', why: notMoved['not possible'], name: 'deliver n1->n2#9' },
  ...Object.values(lacking).map((why): Refused => ({ code: 'not moved', why })),
  ...Object.entries(expected).map(([kind, found]): Refused => {
    return { code: 'setting', name: '"…"', expected: kind as Expected, found };
  }),
];

const sentTo = (to: string, body: object) => ({ to, body }) as never;
export const effectsDiffer: Record<EffectsDifference['kind'], EffectsDifference> = {
  threw: {
    type: 'effects',
    kind: 'threw',
    first: [{ node: 'b', message: '3 hops', stack: '' }],
    second: [],
  },
  reported: {
    type: 'effects',
    kind: 'reported',
    first: [],
    second: [{ node: 'b', name: 'Passed', fields: { hops: 4 } }],
  },
  sent: {
    type: 'effects',
    kind: 'sent',
    first: [sentTo('a', { type: 'Token', hops: 2 })],
    second: [sentTo('a', { type: 'Token', hops: 4 }), sentTo('a', { type: 'Done' })],
  },
  replied: {
    type: 'effects',
    kind: 'replied',
    first: [{ operation: 'a#1', node: 'a', ok: true, result: 3 }],
    second: [{ operation: 'a#1', node: 'a', ok: false, result: 'late' }],
  },
  timers: {
    type: 'effects',
    kind: 'timers',
    first: [{ node: 'b', timer: 'retry', key: '', at: 2_000 }],
    second: [{ node: 'b', timer: 'lease', key: 'order42', at: -1 }],
  },
};
export const { sent, threw } = effectsDiffer;
export const state: StateDifference = {
  type: 'state',
  node: 'b',
  path: ['log', '3'],
  first: undefined,
  second: { term: 2 },
};
export const token = { step: 2, action: 'Token a → b' };

export const reloads: Record<ReloadResult['type'], ReloadResult> = {
  same: { type: 'same' },
  'state differs': { type: 'state differs', ...token, difference: state },
  'run differs': { type: 'run differs', ...token, difference: sent },
  interrupted: { type: 'interrupted' },
};

const violation = {
  monitor: 'x',
  reason: { code: 'invariant', sentence: 'n1 and n2 lead term 3' } as const,
};
export const done: Done = {
  name: 'app put x 1',
  effects: {
    events: [{ node: 'n1', name: 'EntryAppended', fields: {} }],
    sent: [],
    replies: [{ operation: 'op1', node: 'app', ok: true, result: null }],
    lost: true,
    again: 3_000_000,
    refused: false,
    failure: { node: 'n1', message: 'no such key', stack: '' },
    violations: [violation],
  },
  branch: 2,
};
export const nothing = {
  ...{ events: [], sent: [], replies: [], violations: [] },
  ...{ lost: false, again: -1, refused: false, failure: null },
};

export const allReloads: ReloadResult[] = [
  ...Object.values(reloads),
  { type: 'run differs', ...token, difference: { type: 'not possible' } },
  {
    type: 'run differs',
    ...{ step: 7, action: 'Token b → a', difference: threw },
    state: { step: 0, action: '', difference: state },
  },
];

const failure = {
  type: 'violated', reason: { code: 'run-not-ended' }, step: 7, time: 30_000_000,
} as const;
export const failedEnds: StopReason[] = [['Election Safety'], ['Election Safety', 'Log Matching']].map((names) => ({
  type: 'end', time: 30_000_000,
  verdicts: names.map((name) => ({ ...failure, subject: { kind: 'invariant', name } })),
}));
