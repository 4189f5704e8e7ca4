// Compares random sequences of one server with its simulation, and prints what differs.
import { parseArgs } from 'node:util';
import type { SuiteResult } from '../suite.ts';
import { compareSequence, differenceText, type Sequence } from './recording.ts';

/** `--seed N --count N`: the sequences of these seeds, one after the other. */
export async function compareRandom(
  args: readonly string[],
  server: string,
  usualCount: number,
  sequenceOf: (seed: number) => Sequence,
): Promise<SuiteResult> {
  const { values } = parseArgs({
    args: [...args],
    options: { seed: { type: 'string' }, count: { type: 'string' } },
  });
  const seed = Number(values.seed ?? 1);
  const count = Number(values.count ?? usualCount);
  for (const [name, number] of Object.entries({ seed, count })) {
    if (Number.isInteger(number) && number > 0) continue;
    return { type: 'unavailable', reason: `--${name} must be a positive integer.` };
  }
  const found = { passed: 0, failed: 0, 'not modelled': 0 };
  let observations = 0;
  for (let number = 0; number < count; number++) {
    const sequence = sequenceOf(seed + number);
    const compared = await compareSequence(sequence);
    found[compared.verdict.type]++;
    observations += compared.transcript.observed.length;
    if (compared.verdict.type === 'failed') console.log(differenceText(sequence.path, compared));
    if (compared.verdict.type === 'not modelled') {
      console.log(`${sequence.path} not modelled: ${compared.verdict.reason}`);
    }
  }
  const { passed, failed } = found;
  const counts = `${passed} passed, ${failed} failed, ${found['not modelled']} not modelled`;
  const seeds = `seeds ${seed} to ${seed + count - 1}`;
  console.log(`${server}: ${counts} (${observations} results, ${seeds})`);
  return { type: failed === 0 ? 'equal' : 'different' };
}
