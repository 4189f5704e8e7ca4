/** Every message of the adapter in one golden text, so that all can be read in one sitting. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { EffectsDifference, StateDifference } from '../../src/kernel/compare/difference.ts';
import type { Capabilities, NotMoved } from '../../src/kernel/seam/movement.ts';
import type { Fault } from '../../src/scenario/problem.ts';
import type { PlacementProblem } from '../../src/session/breakpoints/placement.ts';
import type { BreakpointProblem } from '../../src/session/breakpoints/problems.ts';
import type { CommandProblem, Done } from '../../src/session/console.ts';
import type { ExpressionProblem } from '../../src/session/read/evaluate.ts';
import type { ReloadResult } from '../../src/session/reload.ts';
import { reloadOutcome } from '../../src/dap/reload.ts';
import type { PropertyKind, StopReason } from '../../src/session/stop.ts';
import type { Expected, Refused } from '../../src/dap/refusal.ts';
import * as words from '../../src/dap/words/console.ts';
import * as progress from '../../src/dap/words/progress.ts';
import * as branches from '../../src/dap/words/branches.ts';
import * as effects from '../../src/dap/words/effects.ts';
import * as filters from '../../src/dap/words/filters.ts';
import * as movements from '../../src/dap/words/movements.ts';
import * as problems from '../../src/dap/words/problems.ts';
import * as refusals from '../../src/dap/words/refusals.ts';
import * as reload from '../../src/dap/words/reload.ts';
import * as stops from '../../src/dap/words/stops.ts';
import { expectGolden } from '../golden.ts';
import { branchSamples } from './branch-samples.ts';

// Samples. A record by type or code cannot lack a variant: the compiler would say so.

const fault: Fault = { code: 'cel-syntax', message: 'the expression ends too early', start: 1, end: 2 };
const hinted: Fault = { ...fault, message: '`hopes` is not known here', hint: 'did you mean `hops`?' };
const message = { from: 'n1', to: 'n2', ordinal: 4, copy: 0 };

const stopReasons: Record<StopReason['type'], StopReason> = {
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

const allReasons: StopReason[] = [
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

const placements: Record<PlacementProblem['type'], PlacementProblem> = {
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

const breakpointProblems: BreakpointProblem[] = [
  ...Object.values(placements).map((problem): BreakpointProblem => ({ type: 'place', problem })),
  { type: 'condition', fault: hinted },
  { type: 'hit condition', text: 'often' },
  { type: 'log message', problem: { type: 'open brace', at: 6, text: 'term {message.term' } },
  { type: 'log message', problem: { type: 'expression', fault } },
];

const notMoved: Record<NotMoved['type'], NotMoved> = {
  'no such step': { type: 'no such step', step: 7 },
  'no branch': { type: 'no branch' },
  'not possible': { type: 'not possible', action: { type: 'crash', at: 0, node: 'n1' } },
  unsupported: { type: 'unsupported', capability: 'back' },
};

const lacking: Record<keyof Capabilities, NotMoved> = {
  back: { type: 'unsupported', capability: 'back' },
  branches: { type: 'unsupported', capability: 'branches' },
};

const allNotSaved: Refused[] = [
  { code: 'branch not saved', why: { type: 'too long', length: 120_000, most: 5_000 } },
  { code: 'branch not saved', why: { type: 'differs', field: 'n1.state.term' } },
  { code: 'branch not saved', why: { type: 'chosen draws' } },
];

type Problem = ExpressionProblem | CommandProblem;

const consoleProblems: Record<Problem['type'], Problem> = {
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

const refused: Record<Refused['code'], Refused> = {
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
  'no finding': { code: 'no finding', number: 3 },
  'not found': { code: 'not found', why: 'The search ended without a result: search again.' },
  'not saved': { code: 'not saved', why: 'the steps of a scenario cannot say what happens in this run' },
  'not an action': { code: 'not an action', text: 'dance n1' },
  'panel command': { code: 'panel command', text: '{"type":"dance"}' },
  'branch not saved': { code: 'branch not saved', why: { type: 'no words' } },
  'nothing broken': { code: 'nothing broken', branch: 2 },
};

const allRefused: Refused[] = [
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
const effectsDiffer: Record<EffectsDifference['kind'], EffectsDifference> = {
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
const { sent, threw } = effectsDiffer;
const state: StateDifference = {
  type: 'state',
  node: 'b',
  path: ['log', '3'],
  first: undefined,
  second: { term: 2 },
};
const token = { step: 2, action: 'Token a → b' };

const reloads: Record<ReloadResult['type'], ReloadResult> = {
  same: { type: 'same' },
  'state differs': { type: 'state differs', ...token, difference: state },
  'run differs': { type: 'run differs', ...token, difference: sent },
  interrupted: { type: 'interrupted' },
};

const violation = {
  monitor: 'x',
  reason: { code: 'invariant', sentence: 'n1 and n2 lead term 3' } as const,
};
const done: Done = {
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
const nothing = {
  ...{ events: [], sent: [], replies: [], violations: [] },
  ...{ lost: false, again: -1, refused: false, failure: null },
};

// Calls

/** For each exported function, the arguments of its samples; `null` for a table of words. */
type Samples<Module> = {
  readonly [Name in keyof Module]: Module[Name] extends (...args: infer Args) => unknown
    ? readonly Args[]
    : null;
};

const allReloads: ReloadResult[] = [
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
const failedEnds: StopReason[] = [['Election Safety'], ['Election Safety', 'Log Matching']].map((names) => ({
  type: 'end', time: 30_000_000,
  verdicts: names.map((name) => ({ ...failure, subject: { kind: 'invariant', name } })),
}));

const each = <T>(values: readonly T[] | Readonly<Record<string, T>>): [T][] =>
  Object.values(values).map((value): [T] => [value]);

const samples = {
  stops: {
    stopDescription: each([...allReasons, ...failedEnds]),
    findingOf: each([stopReasons.event]),
    endFailureText: each([stopReasons.end, ...failedEnds]),
    findingWords: each(allReasons.flatMap((reason) => stops.findingOf(reason) ?? [])),
  } satisfies Samples<typeof stops>,
  refusals: {
    refusalText: [...each(allRefused), ...each(allNotSaved)],
    untrustedCode: [['/w/relay.ts']],
  } satisfies Samples<typeof refusals>,
  movements: {
    notMovedText: [...each(notMoved), ...each(lacking)],
  } satisfies Samples<typeof movements>,
  problems: {
    problemText: each(consoleProblems),
    breakpointProblemText: each(breakpointProblems),
    movedText: [['next command'], ['next statement']],
    noLinesText: [['raft', undefined], ['raft', 'generated code has no source']],
    hint: [[undefined], ['crash']],
  } satisfies Samples<typeof problems>,
  filters: {
    filterWords: null,
    conditionExample: null,
    tickedText: [['A server moved to a later term.', ['LeaderElected', 'TermChanged'], 'first-election.scenario.yaml']],
  } satisfies Samples<typeof filters>,
  reload: {
    reloadText: each(allReloads.map(reloadOutcome)),
  } satisfies Samples<typeof reload>,
  console: {
    outputText: [
      [{ type: 'log', text: 'a passes 3' }],
      [{ type: 'condition', why: '`hops > "a"`: no such overload' }],
      [{ type: 'too deep' }],
      [{ type: 'branch', number: 1, step: 12 }],
    ],
    inexactReplayText: [[{ ...token, difference: state }], [{ ...token, difference: threw }]],
    internalErrorText: [['step 3 is not possible'], ['step 3 is not possible', 'at step (x.ts:1)']],
    processEndedText: [['SIGABRT']],
    runEndedText: [['A write during an election']],
    doneText: [[[done, { name: 'crash n1', effects: nothing }], {}]],
    helpText: [[]],
    stepTargetLabel: [
      [{ type: 'follow', name: 'RequestVote n1 → n2', message, left: 12_500 }],
      [{ type: 'next', name: 'election timer of n2', action: { type: 'crash', at: 0, node: 'n1' } }],
      [{ type: 'instead', name: 'crash n1', action: { type: 'crash', at: 0, node: 'n1' } }],
    ],
    gotoTargetLabel: [
      [{ branch: { number: 0 }, step: 3, time: 240_000 } as never],
      [{ branch: { number: 2 }, step: 3, time: 240_000 } as never],
    ],
    clusterThreadName: [[0], [1]],
    ignoredText: [
      [{ type: 'no length' }],
      [{ type: 'too long', length: 99_999_999, most: 16_777_216 }],
      [{ type: 'not JSON' }],
      [{ type: 'not a request' }],
    ],
    echoText: [['crash n1', [{ name: 'crash n1', effects: 'in progress' }]]],
    leftText: [[{ branch: 1, step: 11 }]],
    watchedText: [['n1', ['log', '3', 'term']]],
    notWatchedText: [['n1.role']],
  } satisfies Samples<typeof words>,
  progress: {
    motionTitle: [['run'], ['travel'], ['reload']],
    motionText: [[{ step: 12_345, time: 2_000_000 }], [{ step: 12_345, time: 2_000_000 }, 30_000]],
    loadingTitle: [['/work/relay.scenario.yaml']],
    loadPartText: [
      [{ type: 'read', file: '/work/relay.ts' }],
      [{ type: 'check', file: 'relay.ts' }],
      [{ type: 'run', file: 'relay.ts' }],
      [{ type: 'parse', file: '/work/relay.scenario.yaml' }],
      [{ type: 'boot' }],
    ],
    searchTitle: [[]],
    findTitle: [[]],
    findText: [
      [{ phase: 'replaying', count: 0, depth: 0, rate: 0 }],
      [{ phase: 'replaying', count: 20_000, depth: 120_000, rate: 40_000 }],
      [{ phase: 'walking', count: 1_200, depth: 60, rate: 400 }],
      [{ phase: 'searching', count: 12_000, depth: 9, rate: 30_000 }],
      [{ phase: 'shrinking', count: 12, depth: 12, rate: 0 }],
    ],
    comparingTitle: [['samples/raft/lock.broken.scenario.yaml']],
    listingTitle: [[]],
    exportingTitle: [[]],
    repeatingTitle: [[]],
    savingTitle: [[]],
    nearestTitle: [[]],
    repeatingText: [[12_345]],
    listingText: [[20_000, 120_000]],
  } satisfies Samples<typeof progress>,
  branches: branchSamples,
  effects: { effectVerbs: null, effectTexts: each(effectsDiffer) } satisfies Samples<typeof effects>,
};

const modules = {
  branches, stops, refusals, movements, problems, filters, reload, console: words, progress, effects,
};

test('every message has an example, and reads well', () => {
  const files = readdirSync(new URL('../../src/dap/words/', import.meta.url)).sort();
  expect(files).toEqual(Object.keys(modules).map((name) => `${name}.ts`).sort());
  const lines: string[] = [];
  for (const [name, module] of Object.entries(modules)) {
    lines.push(`# ${name}`, '');
    for (const [key, value] of Object.entries(module) as [string, unknown][]) {
      lines.push(`${key}:`);
      const calls = (samples as Record<string, Record<string, unknown[][] | null>>)[name][key];
      for (const text of textsOf(value, calls)) lines.push(`  ${text.replaceAll('\n', '\n  ')}`);
      lines.push('');
    }
  }
  expectGolden(import.meta.url, 'every-message', lines.join('\n'));
});

test('each sample is of the variant that it stands for', () => {
  const byType = [stopReasons, placements, notMoved, consoleProblems, reloads];
  for (const record of byType) {
    for (const [type, sample] of Object.entries(record)) expect(sample.type).toBe(type);
  }
  for (const [code, sample] of Object.entries(refused)) expect(sample.code).toBe(code);
});

/** A sentence that several samples have is listed once. */
function textsOf(value: unknown, calls: readonly unknown[][] | null): string[] {
  if (typeof value !== 'function') return [JSON.stringify(value, null, 2)];
  const results = calls!.map((args) => (value as (...all: unknown[]) => unknown)(...args));
  const texts = results.map((result) => {
    return typeof result === 'string' ? result || '(nothing)' : shown(result);
  });
  return [...new Set(texts)];
}

function shown(result: unknown): string {
  if (result === undefined) return '(nothing)';
  const { title, text } = result as stops.FindingWords;
  return title === undefined ? JSON.stringify(result) : `${title} | ${text}`;
}
