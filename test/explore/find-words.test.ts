/** Searches from an editor: their words, their cancelling, and what they save. */
import { expect, test } from 'vitest';
import { findHere } from '../../src/cli/find/here.ts';
import { resultOf } from '../../src/cli/find/words.ts';
import { Findings } from '../../src/dap/find/findings.ts';
import { finding } from '../../src/explore/find/find.ts';
import { planOf } from '../../src/explore/find/request.ts';
import { savingFinding } from '../../src/explore/find/saved-finding.ts';
import { unitsOf } from '../../src/kernel/wording.ts';
import { parsedAgain, savingScenario } from '../../src/explore/saved/saved.ts';
import type { Planned } from '../../src/explore/shrink/schedule.ts';
import { shrink } from '../../src/explore/shrink/shrink.ts';
import type { Broken } from '../../src/explore/walks/broken.ts';
import type { Action } from '../../src/kernel/action.ts';
import { LimitError } from '../../src/kernel/text/execution-limits.ts';
import { readFile } from './read.ts';

const { scenario, text } = readFile('samples/find-the-bug/quorum.scenario.yaml');
const host = { elapsed: () => 0, progress: () => undefined, isSliced: false };

function toEnd<Result>(slices: Generator<unknown, Result>): Result {
  for (;;) {
    const next = slices.next();
    if (next.done) return next.value;
  }
}

function find() {
  const plan = planOf({ mode: 'random', time: 'untimed' }, scenario);
  if ('wrong' in plan) throw new Error();
  const found = toEnd(finding(plan, [], host));
  if (found.type !== 'shown') throw new Error();
  return found;
}

test('a walk in an editor names no seed, which no option takes there', () => {
  const { lines: [headline] } = resultOf(find(), unitsOf(scenario.protocol), true);
  expect(headline).toMatch(/\(after \d+ actions\)$/);
});

test('a wrong mode names each mode once', () => {
  expect(planOf({ mode: 'x' }, scenario)).toMatchObject({
    wrong: { hint: 'choose from auto, bfs, dfs, random, pct, delay' },
  });
});

test('a title of several lines stays in the comment', () => {
  const several = text.replace(/^title: .*$/m, 'title: "One\\nsteps: Two"');
  const titled = parsedAgain(several, scenario)!;
  expect(titled.title).toContain('\n');
  const saved = toEnd(savingFinding(titled, several, [], find().finding!, host));
  if ('notSaved' in saved) throw new Error(saved.notSaved);
  expect(saved.text).toMatch(/^# A schedule that breaks a promise of "One steps: Two": invariant/);
  expect(parsedAgain(saved.text, scenario)).toBeDefined();
});

test('a search that is cancelled while its actions are read ends when it begins', () => {
  const findings = new Findings();
  const cancelled: number[] = [];
  findings.begin();
  findings.cancel();
  findings.onCancel(() => cancelled.push(1));
  expect(cancelled).toEqual([1]);
  findings.begin()();
  findings.cancel();
  findings.begin();
  findings.onCancel(() => cancelled.push(2));
  expect(cancelled).toEqual([1]);
});


test('seeds are tried one after the other, and the clock ends that', () => {
  const { actions, subject, reason, isAtEnd } = find().finding!;
  const broken = { subject, reason } as Broken;
  const shrunk = shrink(scenario, { broken, seed: 1, time: 'timed', actions, isAtEnd })!;
  // Some numbers were drawn, and with none of them the first action alone breaks anything.
  const [{ action }] = shrunk.actions as [Planned];
  const unlikely = { ...shrunk, actions: [{ action: { ...action, draws: [] } as Action }] };
  const slices = savingScenario({ scenario, text }, unlikely);
  for (let seed = 1; seed <= 5; seed++) expect(slices.next().done).toBe(false);
});

test('an action that does not end after a finding does not take the finding back', async () => {
  const reports: string[] = [];
  const job = {
    program: 'herd.scenario.yaml', text: readFile('samples/caches/herd.scenario.yaml').text,
    settings: {}, actions: [],
    task: { type: 'find', request: { mode: 'bfs', reach: 'true' } },
  } as const;
  const fails = findHere(job, ({ type }) => {
    reports.push(type);
    if (type === 'found') throw new LimitError('action-time-limit');
  });
  await fails.done;
  expect(reports.filter((type) => type === 'found')).toHaveLength(1);
});
