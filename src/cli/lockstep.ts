/** The command line: finds the command that its arguments name, and runs it. */
import { before } from './clocks/before.ts';
import { check } from './check.ts';
import { compare } from './compare/compare.ts';
import { dap } from './dap.ts';
import { eject } from './eject.ts';
import { explore } from './explore/explore.ts';
import { exportRun } from './export/export.ts';
import { generals } from './generals.ts';
import { helpOf, overview } from './help.ts';
import { history } from './history/history.ts';
import { list } from './list.ts';
import { OverwriteError, whyNotThere } from './files.ts';
import { refuse, type Values } from './options.ts';
import { record } from './trace/record.ts';
import { type Options, readArguments } from './process/arguments.ts';
import { replay } from './trace/replay.ts';
import { run } from './run.ts';
import { test } from './test.ts';
import type { Terminal } from './terminal.ts';
import { QueueProblem } from './queue/job-queue.ts';
import { worker } from './queue/worker.ts';
import { Interrupted } from '../dap/process/run-limit.ts';
import { printable } from '../kernel/text/data-text.ts';
import { didYouMean } from '../scenario/suggest.ts';

interface Subcommand {
  readonly options: Options;
  /** Returns the exit code. */
  run(files: string[], values: Values, terminal: Terminal): Promise<number>;
}

/** The folder that contains a protocol of the workspace and all that it imports. */
const root = { type: 'string' } as const;

const subcommands: Readonly<Record<string, Subcommand>> = {
  run: {
    options: {
      root,
      seed: { type: 'string' },
      seeds: { type: 'string' },
      workers: { type: 'string' },
      for: { type: 'string' },
      queue: { type: 'string' },
      junit: { type: 'string' },
      until: { type: 'string' },
      history: { type: 'string' },
      json: { type: 'boolean' },
      mermaid: { type: 'boolean' },
      quiet: { type: 'boolean', short: 'q' },
      clocks: { type: 'boolean' },
      'check-determinism': { type: 'boolean' },
    },
    run,
  },
  before: {
    options: {
      root,
      seed: { type: 'string' },
      until: { type: 'string' },
      json: { type: 'boolean' },
    },
    run: before,
  },
  test: {
    options: {
      root,
      coverage: { type: 'boolean' },
      lcov: { type: 'string' },
      json: { type: 'boolean' },
    },
    run: test,
  },
  compare: {
    options: {
      root,
      seeds: { type: 'string' },
      columns: { type: 'string' },
      markdown: { type: 'boolean' },
      json: { type: 'boolean' },
      view: { type: 'boolean' },
    },
    run: compare,
  },
  record: {
    options: {
      root,
      seed: { type: 'string' },
      until: { type: 'string' },
      output: { type: 'string', short: 'o' },
    },
    run: record,
  },
  replay: { options: {}, run: replay },
  export: {
    options: {
      root,
      seed: { type: 'string' },
      until: { type: 'string' },
      steps: { type: 'string' },
      html: { type: 'string' },
      view: { type: 'boolean' },
    },
    run: exportRun,
  },
  explore: {
    options: {
      root,
      mode: { type: 'string' },
      untimed: { type: 'boolean' },
      faults: { type: 'string' },
      on: { type: 'string' },
      reach: { type: 'string' },
      'leads-to': { type: 'string' },
      inside: { type: 'string' },
      // The name of `--inside` before.
      within: { type: 'string' },
      'max-states': { type: 'string' },
      'max-depth': { type: 'string' },
      'max-messages': { type: 'string' },
      'skip-idle': { type: 'boolean' },
      'no-reduction': { type: 'boolean' },
      'max-memory': { type: 'string' },
      seeds: { type: 'string' },
      for: { type: 'string' },
      workers: { type: 'string' },
      queue: { type: 'string' },
      coverage: { type: 'boolean' },
      lcov: { type: 'string' },
      save: { type: 'string' },
      nearest: { type: 'boolean' },
      junit: { type: 'string' },
      json: { type: 'boolean' },
    },
    run: explore,
  },
  worker: {
    options: {
      queue: { type: 'string' },
      workers: { type: 'string' },
      for: { type: 'string' },
    },
    run: worker,
  },
  check: { options: { root }, run: check },
  history: {
    options: {
      model: { type: 'string', short: 'm' },
      format: { type: 'string' },
      specification: { type: 'string' },
      initial: { type: 'string' },
      steps: { type: 'string' },
      memory: { type: 'string' },
      svg: { type: 'string' },
      json: { type: 'boolean' },
      view: { type: 'boolean' },
    },
    run: history,
  },
  list: { options: { json: { type: 'boolean' } }, run: list },
  eject: { options: { force: { type: 'boolean' } }, run: eject },
  generals: { options: { output: { type: 'string', short: 'o' } }, run: generals },
  dap: {
    options: {
      port: { type: 'string' },
      scenario: { type: 'string' },
      root,
      trusted: { type: 'boolean' },
    },
    run: dap,
  },
};

/**
 * Returns the exit code: 0 if all holds, 1 if something is violated or differs, 2 for bad input, 3
 * if a limit was reached before that was known.
 */
export async function lockstep(args: readonly string[], plain: Terminal): Promise<number> {
  const terminal = withVisibleErrors(plain);
  const [name, ...rest] = args;
  if (name === '--version' || name === '-v' || name === 'version') {
    await terminal.out(`lockstep ${terminal.version()}\n`);
    return 0;
  }
  if (name === undefined || name === 'help' || name === '--help' || name === '-h') {
    const help = rest[0] === undefined ? overview() : helpOf(rest[0]);
    if (help === undefined) return misused(`there is no command \`${rest[0]}\``, 'help', terminal);
    await terminal.out(help);
    return 0;
  }
  if (!Object.hasOwn(subcommands, name)) {
    const hint = didYouMean(name, [...Object.keys(subcommands), 'help']);
    return misused(`there is no command \`${name}\`${hint ? ` (${hint})` : ''}`, 'help', terminal);
  }
  if (rest.includes('--help') || rest.includes('-h')) {
    await terminal.out(helpOf(name) ?? overview());
    return 0;
  }
  const read = readArguments(rest, subcommands[name].options);
  if ('problem' in read) return misused(read.problem, `help ${name}`, terminal);
  const why = whyNotThere(read.files, read.values, terminal);
  if (why !== undefined) return refuse(why, terminal);
  try {
    return await subcommands[name].run(read.files, read.values, terminal);
  } catch (error) {
    if (error instanceof OverwriteError) return refuse(error.message, terminal);
    if (error instanceof QueueProblem) {
      await terminal.error(`lockstep: ${error.message}\n`);
      return 3;
    }
    if (!(error instanceof Interrupted)) throw error;
    await terminal.error(`${error.message}\n`);
    return 1;
  }
}

/** Messages quote what is wrong in files: a terminal must not obey the bytes of a binary file. */
function withVisibleErrors(terminal: Terminal): Terminal {
  const error = (text: string) => terminal.error(text.split('\n').map(printable).join('\n'));
  return { ...terminal, error };
}

async function misused(why: string, help: string, terminal: Terminal): Promise<number> {
  await terminal.error(`lockstep: ${why}\nTry \`lockstep ${help}\`.\n`);
  return 2;
}
