/** Searches from an editor: their words, their cancelling, and what they save. */
import { expect, test } from 'vitest';
import { resultOf } from '../../src/cli/find/words.ts';
import { Findings } from '../../src/dap/find/findings.ts';
import { finding } from '../../src/explore/find/find.ts';
import { planOf } from '../../src/explore/find/request.ts';
import { savingFinding } from '../../src/explore/find/saved-finding.ts';
import { unitsOf } from '../../src/kernel/wording.ts';
import { parsedAgain } from '../../src/explore/saved/saved.ts';
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
  const { lines: [headline] } = resultOf(find(), unitsOf(scenario.protocol));
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

