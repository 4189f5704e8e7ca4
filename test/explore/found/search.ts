/** Looks for a planted fault without a hint, and measures it: for the table of what is found. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { lockstep } from '../../../src/cli/lockstep.ts';
import { savedScenario } from '../../../src/explore/saved/saved.ts';
import { shrink } from '../../../src/explore/shrink/shrink.ts';
import { subjectText } from '../../../src/check/verdict-words.ts';
import { strategiesDefault, walks } from '../../../src/explore/walks/walks.ts';
import type { Protocol } from '../../../src/protocol/types.ts';
import { readScenario } from '../read.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url)).replaceAll('\\', '/');

/** CPU time, because other programs share the machine. */
const secondsMost = 60;

/** One line of the table. */
export interface Row {
  readonly name: string;
  /** How it was found; absent if it was not. */
  readonly by?: string;
  readonly promise?: string;
  readonly seconds: number;
  /** The actions of the run that was found, and of its shrunk schedule. */
  readonly before?: number;
  readonly actions?: number;
  /** Whether the saved scenario broke the same promise. */
  readonly isSaved?: boolean;
}

/** Seconds of CPU time since the process began. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

/** `lockstep explore FILE`, with these options only. */
export async function exploredFile(file: string, ...options: string[]): Promise<Row> {
  const written: Record<string, string> = {};
  let out = '';
  const began = cpuSeconds();
  await lockstep(['explore', `${root}${file}`, ...options, '--json', '--save', `${root}found`], {
    read: (one) => written[one] ?? readFileSync(one, 'utf8'),
    whole: (one) => (one.startsWith('/') ? one : `${root}${one}`),
    write: (one, text) => void (written[one] = text),
    version: () => '',
    out: async (text) => void (out += text),
    error: async () => {},
  });
  const seconds = cpuSeconds() - began;
  const name = [file.replace(/^samples\//, ''), ...options].join(' ');
  if (!out.startsWith('{')) return { name, seconds };
  const found = JSON.parse(out) as {
    type: string; seed?: number; before?: number; saved?: string; subject: never;
    trace?: { actions: object[] };
  };
  if (found.type !== 'violated') return { name, seconds };
  const { seed, before, saved, trace } = found;
  const text = saved === undefined ? '' : written[saved];
  const steps = text.slice(text.indexOf('\nsteps:')).match(/^ {2}- (?!wait)/gm)?.length;
  return {
    name,
    by: seed === undefined ? 'search' : `walk, seed ${seed}`,
    promise: subjectText(found.subject),
    seconds,
    before: before ?? trace!.actions.length,
    ...(steps !== undefined && { actions: steps }),
    isSaved: saved !== undefined,
  };
}

/** What faults may happen, whatever the fault needs. */
const faults = { crashes: 2, drops: 3, duplicates: 2, partitions: 1 };

/** A mutant in a plain scenario of its protocol. */
export function exploredMutant(name: string, text: string, protocol: Protocol): Row {
  const { scenario } = readScenario(text, protocol);
  const began = cpuSeconds();
  const all = walks(scenario, {
    strategies: strategiesDefault, time: 'timed', faults, seeds: [1, Infinity], stepsMost: 600,
    slice: 2_000,
  });
  for (;;) {
    const slice = all.next();
    const seconds = cpuSeconds() - began;
    if (!slice.done && seconds < secondsMost) continue;
    const finding = slice.done === true ? slice.value.finding : undefined;
    if (finding === undefined) return { name, seconds };
    const end = cpuSeconds() + 10;
    const shrunk = shrink(scenario, finding, () => cpuSeconds() > end);
    return {
      name,
      by: `walk ${finding.strategy.type}, seed ${finding.seed}`,
      promise: subjectText(finding.broken.subject),
      seconds,
      before: finding.actions.length,
      ...(shrunk && { actions: shrunk.actions.length }),
      isSaved: shrunk !== undefined && savedScenario({ scenario, text }, shrunk) !== undefined,
    };
  }
}

/** The table as Markdown. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ name, by, promise, seconds, before, actions, isSaved }) => {
    const shrunk = actions === undefined ? '–' : String(actions);
    return `| ${name} | ${by ?? '**not found**'} | ${promise ?? '–'} | ${seconds.toFixed(1)} | ` +
      `${before ?? '–'} | ${shrunk} | ${isSaved === undefined ? '–' : isSaved ? 'yes' : '**no**'} |`;
  });
  return [
    '| planted fault | found by | promise | CPU seconds | actions | shrunk to | saved |',
    '|---|---|---|---:|---:|---:|---|',
    ...lines,
    '',
  ].join('\n');
}
