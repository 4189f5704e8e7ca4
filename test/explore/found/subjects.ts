/** Everything that has a planted fault: broken samples, samples to find it in, and mutants. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { KnownMutant } from '../../mutants/all.ts';
import { type PlainScenario, plainScenarios, scenarioFor } from './plain.ts';
import { breaks, explored, inPlaceOf, type Row } from './search.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url)).replaceAll('\\', '/');

const read = (file: string) => readFileSync(file, 'utf8');

/** By their names in the table. */
export const brokenSamples: readonly string[] = readdirSync(`${root}samples`, { recursive: true })
  .map((file) => String(file).replaceAll('\\', '/'))
  .filter((file) => file.endsWith('.broken.scenario.yaml'))
  .map((file) => `samples/${file}`)
  .sort();

export const bugs: readonly string[] = [
  ...['quorum', 'vote', 'lease', 'commitment', 'transaction', 'release'].map((name) => {
    return `samples/find-the-bug/${name}.scenario.yaml`;
  }),
  'test/explore/last-promise/duel.scenario.yaml',
];

/** As the table calls it. */
export const nameOfFile = (file: string) => file.replace(/\.scenario\.yaml$/, '');

export function exploredFile(file: string, ...options: string[]): Promise<Row> {
  const name = [nameOfFile(file), ...options].join(' ');
  return explored({ name, file: `${root}${file}`, options, read });
}

const plainFile = '/plain/plain.scenario.yaml';

/** The scenario with the built-in protocol that it names. */
export function exploredPlain(name: string, scenario: PlainScenario, ...options: string[]) {
  return explored({
    name, file: plainFile, options,
    read: (file) => {
      return file === plainFile ? plainScenarios[scenario] : missing(file);
    },
  });
}

export async function exploredMutant(one: KnownMutant, ...options: string[]): Promise<Row> {
  const { name, protocol } = one;
  const mutant = await one.compiled();
  const row = await inPlaceOf(mutant, () => {
    return exploredPlain(name, scenarioFor(protocol, name), ...options);
  });
  const { saved, promise } = row;
  if (saved === undefined || promise === undefined) return row;
  return { ...row, accusesOriginal: await breaks(saved, promise, missing, ...bounded) };
}

/** Without the fault, each step that is not possible any more waits for a minute. */
const bounded = ['--until', '600s'];

function missing(file: string): never {
  throw Object.assign(new Error(file), { code: 'ENOENT' });
}
