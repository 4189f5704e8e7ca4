/** Runs all benches or those named, each in its own process. `--json` prints one line for each. */
import { spawnSync } from 'node:child_process';
import { cpus } from 'node:os';
import { activationBenches } from './activation.ts';
import { adapterBenches } from './adapter.ts';
import type { Bench, Figures } from './bench.ts';
import { exploreBenches } from './explore.ts';
import { historyBenches } from './histories.ts';
import { lineBenches } from './lines.ts';
import { parseBenches } from './parse.ts';
import { pictureBenches } from './pictures.ts';
import { simulateBenches } from './simulate.ts';
import { spaceTimeBenches } from './space-time.ts';
import { transactionBenches } from './transactions.ts';
import { travelBenches } from './travel.ts';
import { walkThreads } from './walk-threads.ts';
import { walkBenches } from './walks.ts';
import { workspaceBenches } from './workspace.ts';

const benches: readonly Bench[] = [
  ...simulateBenches,
  ...travelBenches,
  ...exploreBenches,
  ...adapterBenches,
  ...lineBenches,
  ...parseBenches,
  ...workspaceBenches,
  ...transactionBenches,
  ...activationBenches,
  ...historyBenches,
  ...pictureBenches,
  ...spaceTimeBenches,
  ...walkBenches,
  walkThreads,
];

const words = process.argv.slice(2);
const json = words.includes('--json');
const child = words.indexOf('--child');
if (child >= 0) void runHere(words[child + 1]);
else runAll(words.filter((word) => !word.startsWith('--')));

async function runHere(name: string): Promise<void> {
  const figures = await benches.find((bench) => bench.name === name)!.run();
  const peakMemoryBytes = process.resourceUsage().maxRSS * 1024;
  process.stdout.write(JSON.stringify({ ...figures, peakMemoryBytes }));
  process.exit(0);
}

function runAll(names: readonly string[]): void {
  const known = (name: string) => benches.some((bench) => bench.name.startsWith(name));
  const unknown = names.filter((name) => !known(name));
  if (unknown.length > 0) {
    const all = benches.map((bench) => bench.name).join(', ');
    process.stderr.write(`There is no bench named ${unknown.join(', ')}; choose from ${all}\n`);
    process.exit(2);
  }
  const exact = benches.filter(({ name }) => names.includes(name));
  const begun = benches.filter(({ name }) => names.some((one) => name.startsWith(one)));
  const chosen = names.length === 0 ? benches : exact.length > 0 ? exact : begun;
  if (!json) print(`${cpus()[0]?.model.trim()} × ${cpus().length}, Node ${process.version}`);
  let failed = 0;
  for (const bench of chosen) if (!runInChild(bench)) failed++;
  process.exitCode = failed > 0 ? 1 : 0;
}

function runInChild(bench: Bench): boolean {
  if (!json) print(`\n${bench.name}: ${bench.about}`);
  const own = [process.argv[1], '--child', bench.name];
  const child = spawnSync(process.execPath, own, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (child.status !== 0) {
    process.stderr.write(`${bench.name} failed:\n${child.stderr}\n`);
    return false;
  }
  const figures = JSON.parse(child.stdout.trim().split('\n').at(-1)!) as Figures;
  if (json) print(JSON.stringify({ bench: bench.name, ...bench.parameters, ...figures }));
  else
    for (const [name, value] of Object.entries(figures))
      print(`  ${name.padEnd(24)}${readable(name, value)}`);
  return true;
}

function readable(name: string, value: number): string {
  if (name.endsWith('Bytes')) return `${Math.round(value / 1e6)} MB`;
  return value >= 1_000 ? Math.round(value).toLocaleString('en') : String(value);
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
