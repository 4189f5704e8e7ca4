/** Tries many seeds, and reports each distinct failure once, as short as it can be made. */
import type { ReplayResult } from '../child.ts';
import { firstSeed } from '../random.ts';
import { shrinkList, simplifyItems } from '../shrink.ts';
import type { Outcome, Worker } from '../worker.ts';
import { generated } from './generate.ts';
import { type Failure, printed, simplerSteps, type Step } from './steps.ts';

export interface Found {
  readonly seed: number;
  readonly signature: string;
  readonly message: string;
  readonly steps: readonly Step[];
  /** In how many sequences it was seen. */
  readonly count: number;
}

export interface Limits {
  /** A run with this many distinct failures has shown enough. */
  readonly distinctMost: number;
  readonly hangsMost: number;
  /** How many failures are shrunk: that takes longer than finding them. */
  readonly shrunkMost: number;
}

const isExhaustive = process.env.LOCKSTEP_FUZZ_EXHAUSTIVE !== undefined;

export const limitsByDefault: Limits = isExhaustive
  ? { distinctMost: Infinity, hangsMost: 40, shrunkMost: Infinity }
  : { distinctMost: 12, hangsMost: 2, shrunkMost: 4 };

/** The failures of one sequence; a hang and the end of the process are failures too. */
export function failuresOf(outcome: Outcome<ReplayResult>): readonly Failure[] {
  if (outcome.type === 'done') return outcome.result.failures;
  const [step, ...command] = outcome.at.split(' ');
  const what = outcome.type === 'hang' ? 'never ends' : `ends the process (${outcome.why})`;
  const kind = outcome.type === 'hang' ? 'never ends' : 'ends the process';
  const signature = `${command.join(' ')} ${kind}`;
  return [{ signature, message: `${command.join(' ')} ${what}`, step: Number(step) }];
}

export async function campaign(
  workers: readonly Worker[],
  seeds: number,
  limits = limitsByDefault,
): Promise<{ found: Found[]; requests: number; sequences: number }> {
  const known = new Map<string, Found>();
  let next = firstSeed;
  let requests = 0;
  let hangs = 0;
  let sequences = 0;
  const end = firstSeed + seeds;
  const isEnough = () => known.size >= limits.distinctMost || hangs >= limits.hangsMost;
  const work = async (worker: Worker) => {
    while (next < end && !isEnough()) {
      const seed = next++;
      const outcome = await worker.run<ReplayResult>({ type: 'requests', seed });
      if (outcome.type === 'done') requests += outcome.result.requests;
      if (outcome.type === 'hang') hangs++;
      sequences++;
      for (const failure of failuresOf(outcome)) note(known, seed, failure);
    }
  };
  await Promise.all(workers.map(work));
  const found = [...known.values()].sort((a, b) => b.count - a.count);
  let shrunk = 0;
  const all: Found[] = [];
  for (const one of found) {
    all.push(shrunk++ < limits.shrunkMost ? await shrunken(workers[0], one) : one);
  }
  return { found: all, requests, sequences };
}

function note(known: Map<string, Found>, seed: number, { signature, message }: Failure): void {
  const before = known.get(signature);
  if (before) known.set(signature, { ...before, count: before.count + 1 });
  else known.set(signature, { seed, signature, message, steps: generated(seed), count: 1 });
}

async function shrunken(worker: Worker, found: Found): Promise<Found> {
  const isHang = found.signature.endsWith('never ends');
  const fails = async (steps: readonly Step[]) => {
    const outcome = await worker.run<ReplayResult>(
      { type: 'replay', steps },
      { processorSeconds: 1.5, wallSeconds: 30 },
    );
    return failuresOf(outcome).some(({ signature }) => signature === found.signature);
  };
  const fewer = await shrinkList(found.steps, fails, isHang ? 16 : 100);
  const steps = await simplifyItems(fewer, simplerSteps, fails, isHang ? 8 : 60);
  return { ...found, steps };
}

/** The report of a run with failures: each can be pasted into `known.test.ts`. */
export function report(found: readonly Found[]): string {
  const parts = found.map(({ seed, message, steps, count }) => {
    const sequence = steps.length > 12 ? `${steps.length} steps` : printed(steps);
    return `seed ${seed} (seen ${count} times): ${message}\n${sequence}`;
  });
  return `${found.length} distinct failures:\n\n${parts.join('\n\n')}`;
}
