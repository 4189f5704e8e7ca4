/** `lockstep record FILE`: runs a scenario and writes its trace. */
import { simulateInSlices } from '../../check/simulate.ts';
import { digest } from '../../kernel/compare/digest.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { notWritten } from '../files.ts';
import { loadToRun, type ScenarioSource } from '../load.ts';
import { readSeed, refuse, type Values } from '../options.ts';
import type { Output, Terminal } from '../terminal.ts';
import { embeddedFiles, endText, sourceHash, stepText } from '../../check/trace/run-trace.ts';
import {
  entryText, headerText, type TraceHeader, withPlainLineEnds,
} from '../../check/trace/trace-format.ts';
import { inTime, sliceOf } from '../../dap/process/run-limit.ts';

export async function record(files: string[], values: Values, terminal: Terminal): Promise<number> {
  const [file] = files;
  if (files.length !== 1) {
    return refuse('record needs one file: `lockstep record FILE`', terminal);
  }
  const seed = readSeed(values);
  if ('problem' in seed) return refuse(seed.problem, terminal);
  const { until, output } = values;
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
    return refuse(`--output: ${notWritten(output, error)}`, terminal);
  }
  await terminal.out(`${output}: ${summary}\n`);
  return 0;
}

function headerOf(
  file: string,
  scenario: Scenario,
  { text, own }: ScenarioSource,
  until: string | boolean | undefined,
  terminal: Terminal,
): TraceHeader {
  const { protocol, setup } = scenario;
  const files = own === undefined ? [] : embeddedFiles(own.entry, own.texts);
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

/**
 * Returns what was written, in a few words. Each step is written as it happens: a long run does not
 * fit into one string.
 */
async function writeTrace(header: TraceHeader, scenario: Scenario, to: Output): Promise<string> {
  let text = headerText(header);
  const isOwn = header.protocol.type === 'file';
  const all = simulateInSlices(scenario, sliceOf(isOwn), (world, action, effects) => {
    text += action === null ? entryText('start', effects) : stepText(world, action, effects);
  });
  const slices = isOwn ? inTime(scenario.file, all) : all;
  for (;;) {
    const slice = slices.next();
    if (slice.done) {
      const { world } = slice.value;
      const [steps, last] = [world.step, digest(world)];
      await to.write(`${text}${endText(world)}`);
      await to.close();
      return `${steps} steps, digest ${last}`;
    }
    await to.write(text);
    text = '';
  }
}
