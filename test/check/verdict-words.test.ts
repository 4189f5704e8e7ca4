// The words for verdicts: a sentence for every reason, obstacle and kind of verdict.
import type { TestFailure } from '../../src/check/scenario-test.ts';
import { testFailureText } from '../../src/check/test-words.ts';
import { expect, test } from 'vitest';
import { obstacleSentence, reasonSentence, verdictLine } from '../../src/check/verdict-words.ts';
import type { EvaluationFailure } from '../../src/scenario/conditions/errors.ts';
import type { Obstacle, Reason, Verdict, WitnessedOperation } from '../../src/scenario/verdict.ts';
import { expectGolden } from '../golden.ts';

/** Examples of every variant of a union: the compiler rejects a code that is missing. */
type Examples<Union extends { code: string }> = {
  // A variant that shares its shape with others has several codes.
  [Code in Union['code']]: readonly (Union & { code: Code })[];
};

const failure: EvaluationFailure = {
  ok: false,
  code: 'no-such-field',
  why: '`n1.state.trm == 1`: there is no field `trm`',
};
const within = 2_000_000;
const condition = 'n1.state.currentTerm == 2';
const event = 'LeaderElected at n1 where event.term > 1';

const obstacles: Examples<Obstacle> = {
  'unknown-node': [{ code: 'unknown-node', node: 'n9' }],
  'unknown-operation': [{ code: 'unknown-operation', node: 'client', operation: 'putt' }],
  'crashed': [{ code: 'crashed', node: 'n1' }],
  'down': [{ code: 'down', node: 'n4' }],
  'not-added': [
    { code: 'not-added', refusal: { type: 'node exists', node: 'n6' } },
    { code: 'not-added', refusal: { type: 'too many nodes', most: 128 } },
    { code: 'not-added', refusal: { type: 'unknown role', role: 'replika' } },
    { code: 'not-added', refusal: { type: 'no joining', role: 'replica' } },
    {
      code: 'not-added',
      refusal: { type: 'no joining', role: 'replica', why: 'its members are fixed' },
    },
  ],
  'already-crashed': [{ code: 'already-crashed', node: 'n1' }],
  'already-paused': [{ code: 'already-paused', node: 'the leader' }],
  'not-crashed': [{ code: 'not-crashed', node: 'n1' }],
  'not-paused': [{ code: 'not-paused', node: 'n1' }],
  'not-running': [{ code: 'not-running', node: 'the leader' }],
  'timers-paused': [{ code: 'timers-paused', node: 'n1' }],
  'timer-not-set': [{ code: 'timer-not-set', node: 'n1', timer: 'heartbeat' }],
  'no-such-standing': [
    { code: 'no-such-standing', standing: 'leader', present: ['follower', 'candidate'] },
    { code: 'no-such-standing', standing: 'crashed', present: [] },
  ],
  'not-now': [
    { code: 'not-now', reason: { type: 'host', node: 'A', host: 'off' } },
    { code: 'not-now', reason: { type: 'host', node: 'A', host: 'on' } },
    { code: 'not-now', reason: { type: 'no connection', nodes: ['A', 'db'] } },
    { code: 'not-now', reason: { type: 'nothing to send', node: 'A', connection: 'A-db:1' } },
  ],
  'message-gone': [
    { code: 'message-gone', message: { from: 'n1', to: 'n2', ordinal: 4, copy: 0 } },
  ],
  'no-such-message': [{ code: 'no-such-message' }],
  'own-link': [{ code: 'own-link', node: 'n1' }],
  'target-missing': [{ code: 'target-missing' }],
};

const crashed: Obstacle = { code: 'crashed', node: 'n1' };

const put: WitnessedOperation = {
  process: 'c1', node: 'c1', name: 'put', args: { key: 'x', value: 1 }, outcome: 'ok', result: 'OK',
  invokedStep: 3, endedStep: 9,
};
const get: WitnessedOperation = {
  ...put, name: 'get', args: { key: 'x' }, result: null, invokedStep: 10, endedStep: 14,
};
const lost: WitnessedOperation = {
  process: 'c2', node: 'c2', name: 'put', args: { key: 'x', value: 2 }, outcome: 'unknown',
  invokedStep: 4,
};
const model = 'linearizable';
const operations = [put, lost, get];

const reasons: Examples<Reason> = {
  'history-violates': [
    {
      code: 'history-violates', model,
      witness: { type: 'no order', operations, edges: [], state: 1, blocked: [get] },
    },
    {
      code: 'history-violates', model,
      witness: { type: 'pattern', pattern: 'cycle', operations, edges: [] },
    },
    {
      code: 'history-violates', model,
      witness: { type: 'other', lines: ['G0'], operations, edges: [] },
    },
  ],
  'history-satisfies': [{ code: 'history-satisfies', model, operations: 3 }],
  'history-undecided': [
    { code: 'history-undecided', model, why: { code: 'limit-reached', limit: 'steps' } },
    { code: 'history-undecided', model, why: { code: 'not-defined', needs: 'reads and writes' } },
    {
      code: 'history-undecided', model,
      why: { code: 'excluded', operation: 'commit', specification: 'store' },
    },
  ],

  'not-possible': [
    { code: 'not-possible', obstacle: crashed },
    { code: 'not-possible', obstacle: { code: 'no-such-message' }, within },
  ],
  'no-answer': [{ code: 'no-answer', within }],
  'crashed-before-answer': [{ code: 'crashed-before-answer' }],
  'workload-stalled': [{ code: 'workload-stalled', invoked: 12, within }],
  'wrong-answer': [
    { code: 'wrong-answer', ok: true, answer: null, expected: { value: 1 } },
    { code: 'wrong-answer', ok: true, answer: 'OK' },
    { code: 'wrong-answer', ok: false, answer: 'timeout', expected: { value: 1 } },
  ],
  'operations-unanswered': [{ code: 'operations-unanswered', node: 'client', within }],
  'node-unanswered': [{ code: 'node-unanswered', by: 'n1', node: 'client', within }],
  'event-missing': [
    { code: 'event-missing', event },
    { code: 'event-missing', event, within, failure },
  ],
  'condition-never-true': [
    { code: 'condition-never-true', condition },
    { code: 'condition-never-true', condition, within, failure },
  ],
  'event-reported': [
    { code: 'event-reported', event: 'LeaderElected', node: 'n1', fields: { term: 1, votes: 2 } },
  ],
  'condition-true': [{ code: 'condition-true', condition }],
  'condition-false': [
    { code: 'condition-false', condition, atEnd: false },
    { code: 'condition-false', condition, atEnd: true },
  ],
  'condition-failed': [{ code: 'condition-failed', failure }],
  'run-not-ended': [{ code: 'run-not-ended' }],
  'handler-threw': [
    { code: 'handler-threw', message: 'no such account' },
    {
      code: 'handler-threw',
      message: 'no such account',
      place: { file: 'bank.ts', line: 12, column: 5 },
    },
  ],
  'no-progress': [
    {
      code: 'no-progress',
      actions: 100_000,
      node: 'n1',
      handler: { kind: 'timer', name: 'heartbeat' },
    },
  ],
  'nothing-thrown': [{ code: 'nothing-thrown' }, { code: 'nothing-thrown', failure }],
  'until-not-reached': [{ code: 'until-not-reached' }, { code: 'until-not-reached', failure }],
  'invariant': [{ code: 'invariant', sentence: 'n1 and n2 both lead term 2' }],
  'author-code-failed': [
    { code: 'author-code-failed', kind: 'invariant', message: 'x is not defined' },
    { code: 'author-code-failed', kind: 'derived event', message: 'x is not defined' },
  ],
  'misspelt-field': (
    ['node', 'event', 'message', 'operation', 'answer', 'memory', 'step', 'number', 'string',
      'boolean'] as const
  ).map((of) => {
    const place = { file: 'lease.ts', line: 3, column: 7 };
    return { code: 'misspelt-field', field: 'phse', of, place };
  }),
  'nothing-broken': [
    { code: 'nothing-broken' },
    { code: 'nothing-broken', breaks: 'Election Safety' },
  ],
  'broken-by-fault': [{ code: 'broken-by-fault', subject: 'Election Safety' }],
  'other-broken': [
    { code: 'other-broken', breaks: 'Election Safety', broken: ['Log Matching', 'throws'] },
  ],
  'steps-failed': [
    {
      code: 'steps-failed',
      failures: [
        { index: 1, text: 'restart n1', line: 7, reason: { code: 'not-possible', obstacle: crashed } },
        { index: 2, text: 'client get x', line: 8, reason: { code: 'no-answer', within } },
      ],
    },
  ],
};

const range = { line: 7, column: 5, endLine: 7, endColumn: 20 };
const witness = { reason: { code: 'until-not-reached' } as const, step: 12, time: 345_678 };
const verdicts: Verdict[] = [
  { type: 'holds', subject: { kind: 'expectation', text: `always: ${condition}`, range } },
  ...(['condition', 'condition at the end', 'event'] as const).flatMap((on) =>
    [0, 3].map(
      (times): Verdict => ({
        type: 'holds',
        subject: { kind: 'invariant', name: 'at most one leader per term' },
        tested: { on, times, steps: 26 },
      }),
    ),
  ),
  {
    type: 'unknown',
    subject: { kind: 'expectation', text: 'event LeaderElected', range },
    reason: { code: 'run-not-ended' },
  },
  {
    type: 'violated',
    subject: { kind: 'step', text: 'restart n1', range },
    reason: { code: 'not-possible', obstacle: { code: 'not-crashed', node: 'n1' } },
    step: 3,
    time: 1_000,
  },
  { type: 'violated', subject: { kind: 'until', text: 'LeaderElected' }, ...witness },
  {
    type: 'violated',
    subject: { kind: 'invariant', name: 'at most one leader per term' },
    reason: { code: 'invariant', sentence: 'n1 and n2 both lead term 2' },
    step: 88,
    time: 1_234_567,
  },
  {
    type: 'violated',
    subject: { kind: 'derived event', name: 'TwoLeaders' },
    reason: { code: 'author-code-failed', kind: 'derived event', message: 'x is not defined' },
    step: 1,
    time: 0,
  },
  ...(['message', 'timer', 'operation', 'start'] as const).map(
    (kind): Verdict => ({
      type: 'violated',
      subject: { kind: 'handler', node: 'n2', handler: { kind, name: kind } },
      reason: { code: 'handler-threw', message: 'no such account' },
      step: 1,
      time: 0,
    }),
  ),
  { type: 'violated', subject: { kind: 'run' }, ...witness },
  {
    type: 'unknown',
    subject: { kind: 'look', role: 'worker' },
    reason: {
      code: 'misspelt-field',
      field: 'hlds',
      of: 'node',
      place: { file: 'a.ts', line: 1, column: 2 },
    },
  },
  {
    type: 'violated',
    subject: { kind: 'broken twin' },
    reason: { code: 'nothing-broken', breaks: 'Election Safety' },
    step: 12,
    time: 345_678,
  },
];

/** Each kind of failure of a test. */
const testFailures: { readonly [Type in TestFailure['type']]: TestFailure & { type: Type } } = {
  verdict: {
    type: 'verdict',
    verdict: verdicts.find((verdict) => verdict.type === 'violated')!,
  },
  endless: { type: 'endless', actions: 1_000_000 },
};

test('a sentence for every reason and obstacle, a line for every kind of verdict', () => {
  const listed = <Union extends { code: string }>(
    examples: Record<string, readonly unknown[]>,
    words: (example: Union) => string,
  ) =>
    Object.entries(examples).flatMap(([code, list]) =>
      list.map((example) => `[${code}] ${words(example as Union)}`),
    );
  const sections = [
    ['verdicts', verdicts.map((verdict) => verdictLine(verdict))],
    ['reasons', listed<Reason>(reasons, reasonSentence)],
    ['obstacles', listed<Obstacle>(obstacles, obstacleSentence)],
    ['tests', Object.values(testFailures).map((one) => testFailureText(one, {}))],
  ] as const;
  const text = sections.map(([title, lines]) => `# ${title}\n\n${lines.join('\n')}`);
  expect(text.join('')).not.toContain('undefined');
  expectGolden(import.meta.url, 'every-verdict', text.join('\n\n\n'));
});

test('a verdict is plain data', () => {
  for (const verdict of verdicts) expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
});
