/** Every message of the adapter in one golden text, so that all can be read in one sitting. */
import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { reloadOutcome } from '../../src/dap/reload.ts';
import * as words from '../../src/dap/words/console.ts';
import * as progress from '../../src/dap/words/progress.ts';
import * as branches from '../../src/dap/words/branches.ts';
import * as conditions from '../../src/dap/words/conditions.ts';
import * as effects from '../../src/dap/words/effects.ts';
import * as filters from '../../src/dap/words/filters.ts';
import * as movements from '../../src/dap/words/movements.ts';
import * as problems from '../../src/dap/words/problems.ts';
import * as refusals from '../../src/dap/words/refusals.ts';
import * as reload from '../../src/dap/words/reload.ts';
import * as stops from '../../src/dap/words/stops.ts';
import { expectGolden } from '../golden.ts';
import { branchSamples } from './branch-samples.ts';
import {
  allNotSaved, allReasons, allRefused, allReloads, breakpointProblems, consoleProblems, done,
  effectsDiffer, failedEnds, lacking, message, notMoved, nothing, placements, refused,
  reloads, state, stopReasons, threw, token,
} from './word-samples.ts';

// Calls

/** For each exported function, the arguments of its samples; `null` for a table of words. */
type Samples<Module> = {
  readonly [Name in keyof Module]: Module[Name] extends (...args: infer Args) => unknown
    ? readonly Args[]
    : null;
};

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
    stepTargetLabels: [
      [[{ type: 'follow', name: 'RequestVote n1 → n2', message, left: 12_500 }]],
      [[{ type: 'next', name: 'election timer of n2', action: { type: 'crash', at: 0, node: 'n1' } }]],
      [[{ type: 'instead', name: 'crash n1', action: { type: 'crash', at: 0, node: 'n1' } }]],
      [[12_504, 12_498, 14_000].map((left) => {
        return { type: 'follow', name: 'RequestVote n1 → n2', message, left };
      })],
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
      [{ phase: 'searching', count: 3, depth: 1, rate: 0 }],
      [{ phase: 'shrinking', count: 12, depth: 12, rate: 0 }],
    ],
    comparingTitle: [['samples/raft/lock.broken.scenario.yaml']],
    listingTitle: [[]],
    exportingTitle: [[]],
    savingTitle: [[]],
    nearestTitle: [[]],
    listingText: [[20_000, 120_000]],
  } satisfies Samples<typeof progress>,
  conditions: {
    conditionText: [[{ column: 4, why: '`n1` has no field `stat` (did you mean `state`?)' }]],
  } satisfies Samples<typeof conditions>,
  branches: branchSamples,
  effects: { effectVerbs: null, effectTexts: each(effectsDiffer) } satisfies Samples<typeof effects>,
};

const modules = {
  branches, conditions, stops, refusals, movements, problems, filters, reload, console: words, progress, effects,
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
