/** Looks for a planted fault without a hint, and measures it: for the table of what is found. */
import { lockstep } from '../../../src/cli/lockstep.ts';
import type { Terminal } from '../../../src/cli/terminal.ts';
import { subjectText } from '../../../src/check/verdict-words.ts';
import { strategiesDefault } from '../../../src/explore/walks/walks.ts';
import { library } from '../../../src/protocols/library.ts';
import type { Protocol } from '../../../src/protocol/types.ts';
import type { Subject } from '../../../src/scenario/verdict.ts';
import { turn } from '../../host/event-loop.ts';

/** One line of the table. */
export interface Row {
  readonly name: string;
  /** How it was found; absent if it was not. */
  readonly by?: string;
  readonly promise?: string;
  readonly seconds: number;
  /** The actions of the run that was found, and the steps of the saved one, without waits. */
  readonly before?: number;
  readonly steps?: number | undefined;
  /** Whether `lockstep run` breaks the same promise with nothing but the saved file. */
  readonly isRepeated?: boolean;
  readonly saved?: Saved;
  /** Of a mutant: whether the saved file breaks the promise of the right protocol, too. */
  readonly accusesOriginal?: boolean;
}

interface Saved {
  readonly file: string;
  readonly files: Readonly<Record<string, string>>;
}

/** Milliseconds of CPU time since the process began: other programs share the machine. */
export function cpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e3;
}

/** What `lockstep explore --json` says. */
interface Verdict {
  readonly type: 'holds' | 'violated' | 'unknown';
  readonly subject: Subject;
  readonly seed?: number;
  readonly seeds?: readonly [number, number];
  readonly before?: number;
  readonly saved?: string;
  readonly trace?: { readonly actions: readonly object[] };
  readonly beyond?: { readonly slower?: number };
  readonly notice?: { readonly options: string };
}

interface Ran {
  readonly code: number;
  readonly out: string;
}

/** Runs the command line, which reads these files first and writes them. */
async function run(
  files: Record<string, string>,
  read: Terminal['read'],
  ...args: string[]
): Promise<Ran> {
  let out = '';
  const code = await lockstep(args, {
    read: (file) => files[file] ?? read(file),
    whole: (file) => (file.startsWith('/') ? file : `/${file}`),
    write: (file, text) => void (files[file] = text),
    writeNew: (file, text) => void (files[file] = text),
    // On a busy machine, 60 s of CPU time are minutes.
    rest: turn,
    version: () => '',
    out: async (text) => void (out += text),
    error: async (text) => void (out += text),
  });
  return { code, out };
}

/** What is looked for: a file, and what reads those that are not there. */
export interface Subjects {
  readonly name: string;
  readonly file: string;
  readonly options?: readonly string[];
  read(file: string): string;
}

/** `lockstep explore FILE`, with these options only, and once more with those that it advises. */
export async function explored({ name, file, options = [], read }: Subjects): Promise<Row> {
  const files: Record<string, string> = {};
  const folder = file.slice(0, file.lastIndexOf('/'));
  const explore = async (...more: string[]) => {
    const { out } = await run(
      files, read, 'explore', file, ...options, ...more, '--json', '--save', folder,
    );
    if (!out.startsWith('{')) throw new Error(`${name}: ${out}`);
    return JSON.parse(out.slice(0, out.indexOf('\n'))) as Verdict;
  };
  const began = cpuMs();
  let found = await explore();
  const advised = found.type === 'violated' ? undefined : found.notice?.options;
  if (advised !== undefined) found = await explore(...advised.split(' '));
  const seconds = (cpuMs() - began) / 1_000;
  if (found.type !== 'violated') return { name, seconds };
  const { subject, saved } = found;
  const promise = subjectText(subject);
  const text = saved === undefined ? '' : files[saved];
  const steps = text.slice(text.indexOf('\nsteps:')).match(/^ {2}- (?!"?wait)/gm)?.length;
  const kept = saved === undefined ? undefined : { file: saved, files };
  return {
    name,
    by: `${wayOf(found)}${advised === undefined ? '' : `, advised: ${advised}`}`,
    promise,
    seconds,
    before: found.before ?? found.trace!.actions.length,
    steps,
    isRepeated: kept !== undefined && (await breaks(kept, promise, read)),
    ...(kept && { saved: kept }),
  };
}

/** Whether `lockstep run` breaks the promise with the saved file. */
export async function breaks(
  { file, files }: Saved,
  promise: string,
  read: Terminal['read'],
  ...options: readonly string[]
): Promise<boolean> {
  const { code, out } = await run({ ...files }, read, 'run', file, ...options);
  const violated = out.split('\n').filter((line) => line.startsWith('✗ '));
  return code === 1 && violated.some((line) => line.includes(promise));
}

function wayOf({ seed, seeds, beyond }: Verdict): string {
  if (seed === undefined) return 'search';
  const isBeyond = beyond !== undefined;
  const all = strategiesDefault.filter(({ type }) => !isBeyond || type !== 'plain');
  const { type } = all[(seed + all.length - 1) % all.length];
  if (!isBeyond && seeds?.[0] === seed && (seed === 0 || type === 'plain')) return 'its own run';
  return `${type} walk ${seed}${isBeyond ? beyond.slower ? ', slower' : ', a crash' : ''}`;
}

/** The built-in protocol of that name is another one meanwhile. */
export async function inPlaceOf<Result>(
  protocol: Protocol,
  act: () => Promise<Result>,
): Promise<Result> {
  const protocols = library as Protocol[];
  const at = protocols.findIndex(({ name }) => name === protocol.name);
  const own = protocols[at];
  protocols[at] = protocol;
  try {
    return await act();
  } finally {
    protocols[at] = own;
  }
}

const heading = '<!-- table -->';

const columns = `| planted fault | found by | promise | CPU seconds | actions | steps | repeated |
|---|---|---|---:|---:|---:|---|`;

/** The page with the row in place of an earlier one of the same name, in alphabetical order. */
export function withRow(page: string, row: Row): string {
  const [top, table = ''] = page.split(heading);
  const nameOf = (line: string) => line.split(' | ')[0];
  const text = rowText(row);
  const others = table.split('\n').filter((line) => {
    return line.startsWith('| ') && !line.startsWith('| planted') && nameOf(line) !== nameOf(text);
  });
  return `${top}${heading}\n\n${columns}\n${[...others, text].sort().join('\n')}\n`;
}

/** Whether the page has a row of that name; a `good` one is of a fault that is found and repeated. */
export function hasRow(page: string, name: string, kind: 'any' | 'good'): boolean {
  const row = page.split('\n').find((line) => line.startsWith(`| ${name} | `));
  if (row === undefined || kind === 'any') return row !== undefined;
  return row.endsWith(' | yes |');
}

function rowText({ name, by, promise, seconds, before, steps, isRepeated }: Row): string {
  const repeated = isRepeated === undefined ? '–' : isRepeated ? 'yes' : '**no**';
  const cells = [
    name, by ?? '**not found**', promise?.replaceAll('|', '\\|') ?? '–', seconds.toFixed(1),
    before ?? '–', steps ?? '–', repeated,
  ];
  return `| ${cells.join(' | ')} |`;
}
