/** `lockstep record FILE`: runs a scenario and writes its trace. */
import { simulateInSlices } from '../../check/simulate.ts';
import { codeOfProtocol } from '../../code/built-in-sources.ts';
import type { Action } from '../../kernel/action.ts';
import { digest, hash } from '../../kernel/compare/digest.ts';
import { contentText } from '../../kernel/data/plain.ts';
import type { Pending } from '../../kernel/pending.ts';
import { traceLine } from '../../kernel/text/trace.ts';
import type { World } from '../../kernel/world.ts';
import type { Protocol } from '../../protocol/types.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { loadToRun, type OwnFiles, type ScenarioSource } from '../load.ts';
import { readSeed, refuse, type Values } from '../options.ts';
import type { Output, Terminal } from '../terminal.ts';
import {
  digestGap,
  type Embedded,
  entryText,
  headerText,
  type TraceHeader,
  withPlainLineEnds,
} from './trace-format.ts';
import { inTime, sliceOf } from '../../dap/process/run-limit.ts';

export async function record(files: string[], values: Values, terminal: Terminal): Promise<number> {
  const [file] = files;
  if (files.length !== 1) {
    return refuse('record needs one file: `lockstep record FILE`', terminal);
  }
  const seed = readSeed(values);
  if ('problem' in seed) return refuse(seed.problem, terminal);
  const { until, output } = values;
  if (typeof output === 'string' && samePath(output, file)) {
    return refuse('--output names the scenario itself: give the trace another name', terminal);
  }
  const loaded = await loadToRun(file, terminal, values, seed);
  if (loaded?.source === undefined) return 2;
  const { scenario } = loaded;
  const header = headerOf(file, scenario, loaded.source, until, terminal);
  if (typeof output !== 'string' || output === '-') {
    await writeTrace(header, scenario, {
      write: (text) => terminal.out(text),
      close: async () => undefined,
    });
    return 0;
  }
  if (terminal.create === undefined) return refuse('files cannot be written here', terminal);
  let summary: string;
  try {
    summary = await writeTrace(header, scenario, terminal.create(output));
  } catch (error) {
    if (!('code' in (error as object))) throw error;
    return refuse(`cannot write ${output}: ${(error as Error).message}`, terminal);
  }
  await terminal.out(`${output}: ${summary}\n`);
  return 0;
}

function samePath(one: string, other: string): boolean {
  const plain = (path: string) => path.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
  return plain(one) === plain(other);
}

function headerOf(
  file: string,
  scenario: Scenario,
  { text, own }: ScenarioSource,
  until: string | boolean | undefined,
  terminal: Terminal,
): TraceHeader {
  const { protocol, setup } = scenario;
  const files = own === undefined ? [] : ownFiles(own);
  return {
    version: terminal.version(),
    seed: setup.seed,
    // On one line, because the format has one line for it.
    ...(typeof until === 'string' && { until: until.trim().replace(/[\r\n]+/g, ' ') }),
    protocol:
      own === undefined
        ? { type: 'built-in', name: protocol.name, hash: sourceHash(protocol) }
        : { type: 'file', entry: files[0].name },
    // Without its folder: the same run gives the same trace wherever it is recorded.
    scenario: { name: file.replace(/^.*[\\/]/, ''), text: withPlainLineEnds(text) },
    files,
  };
}

/** The files, named from the folder that holds all of them; the entry is the first. */
function ownFiles({ entry, texts }: OwnFiles): Embedded[] {
  const names = [entry, ...[...texts.keys()].filter((name) => name !== entry).sort()];
  const folders = names.map((name) => name.split('/').slice(0, -1));
  let depth = 0;
  while (folders.every((folder) => folder.length > depth && folder[depth] === folders[0][depth])) {
    depth++;
  }
  return names.map((name) => {
    const text = withPlainLineEnds(texts.get(name)!);
    return { name: name.split('/').slice(depth).join('/'), text };
  });
}

/** A hash of the file of a built-in protocol and of all the built-in files that it imports. */
export function sourceHash(protocol: Protocol): string {
  const known = hashes.get(protocol);
  if (known !== undefined) return known;
  const { files } = codeOfProtocol(protocol);
  const texts = [...files].sort(([one], [other]) => (one < other ? -1 : 1));
  const made = hash(contentText(texts.map(([name, text]) => [name, withPlainLineEnds(text)])));
  hashes.set(protocol, made);
  return made;
}

const hashes = new WeakMap<Protocol, string>();

/**
 * Returns what was written, in a few words. Each step is written as it happens: a long run does not
 * fit into one string.
 */
async function writeTrace(header: TraceHeader, scenario: Scenario, to: Output): Promise<string> {
  let text = headerText(header);
  const isOwn = header.protocol.type === 'file';
  const all = simulateInSlices(scenario, sliceOf(isOwn), (world, action, effects) => {
    text += entryText(action === null ? 'start' : traceLine(recorded(world, action)), effects);
    if (world.step > 0 && world.step % digestGap === 0) {
      text += `digest ${world.step} ${digest(world)}\n`;
    }
  });
  const slices = isOwn ? inTime(scenario.file, all) : all;
  for (;;) {
    const slice = slices.next();
    if (slice.done) {
      const { world } = slice.value;
      const [steps, last] = [world.step, digest(world)];
      await to.write(`${text}end ${steps} ${last}\n`);
      await to.close();
      return `${steps} steps, digest ${last}`;
    }
    await to.write(text);
    text = '';
  }
}

/** The action with the time at which it happened. */
function recorded(world: World, action: Action | Pending): Action {
  if (action.type === 'postponed') return { ...action.action, at: world.time };
  return { ...(action as Action), at: world.time };
}
