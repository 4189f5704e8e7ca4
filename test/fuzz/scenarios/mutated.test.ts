/** Mutated scenarios: the check never throws and never hangs, and what it accepts can be run. */
import { afterAll, expect, test } from 'vitest';
import { firstSeed, seedCount } from '../random.ts';
import { shrinkList } from '../shrink.ts';
import { type Outcome, removeBundle, Worker } from '../worker.ts';
import type { Judged, ScenarioFailure } from './judge.ts';
import { mutated } from './mutate.ts';

const workers = [new Worker(), new Worker()];
const seeds = seedCount(400, 10);
const distinctMost = process.env.LOCKSTEP_FUZZ_EXHAUSTIVE === undefined ? 8 : Infinity;
const patience = { processorSeconds: 8, wallSeconds: 90 };

afterAll(async () => {
  for (const worker of workers) worker.kill();
  await removeBundle();
});

function failuresOf(outcome: Outcome<Judged>): readonly ScenarioFailure[] {
  if (outcome.type === 'done') return outcome.result.failures;
  const message = `the ${outcome.at} ${outcome.type === 'hang' ? 'never ends' : 'ends the process'}`;
  return [{ signature: message, message }];
}

async function shrunken(text: string, file: string, signature: string): Promise<string> {
  const fails = async (lines: readonly string[]) => {
    const job = { type: 'text', text: lines.join('\n'), file } as const;
    const outcome = await workers[0].run<Judged>(job, { processorSeconds: 2, wallSeconds: 30 });
    return failuresOf(outcome).some((one) => one.signature === signature);
  };
  return (await shrinkList(text.split('\n'), fails, 60)).join('\n');
}

test('mutated scenarios are checked, and run if they check clean', async () => {
  const known = new Map<string, { seed: number; message: string; count: number }>();
  let next = firstSeed;
  let clean = 0;
  let actions = 0;
  const work = async (worker: Worker) => {
    while (next < firstSeed + seeds && known.size < distinctMost) {
      const seed = next++;
      const outcome = await worker.run<Judged>({ type: 'mutated', seed }, patience);
      if (outcome.type === 'done') clean += Number(outcome.result.isClean);
      if (outcome.type === 'done') actions += outcome.result.actions;
      for (const { signature, message } of failuresOf(outcome)) {
        const before = known.get(signature) ?? { seed, message, count: 0 };
        known.set(signature, { ...before, count: before.count + 1 });
      }
    }
  };
  await Promise.all(workers.map(work));
  console.log(`${next - firstSeed} scenarios, ${clean} of them clean, ${actions} actions`);
  const reports: string[] = [];
  for (const [signature, { seed, message, count }] of known) {
    const { text, file } = mutated(seed);
    const least = reports.length < 6 ? await shrunken(text, file, signature) : '(not shrunk)';
    reports.push(`seed ${seed} (seen ${count} times), ${file}: ${message}\n${least}`);
  }
  expect(reports.length, reports.join('\n\n')).toBe(0);
}, 120_000 + seeds * 200);
