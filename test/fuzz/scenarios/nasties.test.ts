/** Texts that are made to take long: each is refused with its limit, or read and run in time. */
import { afterAll, describe, expect, test } from 'vitest';
import { programPath } from '../programs.ts';
import { removeBundle, Worker } from '../worker.ts';
import type { Growth } from './growth.ts';
import type { Judged } from './judge.ts';
import { conditions, conditionScenario, endless, growing, large, settings } from './nasties.ts';

const worker = new Worker();
const file = programPath('write');
/** More than any of these needs, in processor time. */
const patience = { processorSeconds: 5, wallSeconds: 120 };

afterAll(async () => {
  worker.kill();
  await removeBundle();
});

async function judged(text: string, checkSecondsMost = 3, actionsMost = 400): Promise<Judged> {
  const bounds = { checkSecondsMost, actionsMost };
  const outcome = await worker.run<Judged>({ type: 'text', text, file, bounds }, patience);
  if (outcome.type === 'hang') throw new Error(`the ${outcome.at} never ends`);
  if (outcome.type === 'died') throw new Error(`the ${outcome.at} fails: ${outcome.why}`);
  expect(outcome.result.failures.map(({ message }) => message)).toEqual([]);
  return outcome.result;
}

describe('the time of a check grows no faster than the text', () => {
  test.each(growing.map(([name]) => name))('%s', async (name) => {
    const outcome = await worker.run<Growth>({ type: 'growth', name }, patience);
    if (outcome.type !== 'done') throw new Error(`the check of ${outcome.at} never ends`);
    expect(outcome.result.fault).toBeUndefined();
  }, 150_000);
});

describe('a large text is refused, or read in time', () => {
  test.each(large.map((one) => [one.name, one] as const))('%s', async (_name, nasty) => {
    const { isClean, errors } = await judged(nasty.text);
    if (nasty.isRefused) expect(isClean, 'it was accepted').toBe(false);
    if (nasty.isRefused) expect(errors).not.toEqual([]);
  }, 150_000);
});

describe('a condition is bounded when it runs', () => {
  test.each(conditions)('%s', async (_name, condition) => {
    const { runSeconds } = await judged(conditionScenario(condition));
    expect(runSeconds).toBeLessThan(4);
  }, 150_000);
});

describe('a setting that no system takes is refused', () => {
  test.each(settings.map((one) => [one.name, one] as const))('%s', async (_name, { text }) => {
    const { isClean, errors } = await judged(text);
    expect(isClean, 'it was accepted').toBe(false);
    expect(errors).not.toEqual([]);
  }, 150_000);
});

describe('a run is bounded by its actions', () => {
  test.each(endless.map((one) => [one.name, one] as const))('%s', async (_name, { text }) => {
    const { actions } = await judged(text, 3, 3_000);
    expect(actions).toBeLessThanOrEqual(3_001);
  }, 150_000);
});
