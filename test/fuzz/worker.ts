/**
 * Runs the code under test in a process of its own, so that a hang ends that process and not the
 * test. What counts as a hang is measured in processor time: a busy machine is not a hang.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import type { Job } from './child.ts';
import { root, workspaceFolder } from './programs.ts';

export type Outcome<Result> =
  | { readonly type: 'done'; readonly result: Result }
  /** Nothing came from the process for too long; `at` is what it did. */
  | { readonly type: 'hang'; readonly at: string }
  | { readonly type: 'died'; readonly at: string; readonly why: string };

export interface Patience {
  /** How much processor time a single piece of work may take. */
  readonly processorSeconds: number;
  /** How long it may wait, for example for a message that never comes. */
  readonly wallSeconds: number;
}

const patienceByDefault: Patience = { processorSeconds: 3, wallSeconds: 60 };

/** As in esbuild.mjs: `./library.ts?sources` is all sources in that file's folder, by path. */
const folderSources: esbuild.Plugin = {
  name: 'folder-sources',
  setup(build) {
    build.onResolve({ filter: /\?sources$/ }, ({ path: request, resolveDir }) => ({
      path: path.resolve(resolveDir, path.dirname(request)),
      namespace: 'folder-sources',
    }));
    build.onLoad({ filter: /.*/, namespace: 'folder-sources' }, ({ path: folder }) => {
      const names = readdirSync(folder, { recursive: true })
        .map((name) => String(name).replaceAll('\\', '/'))
        .filter((name) => name.endsWith('.ts'))
        .sort();
      const files = names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]);
      return { contents: JSON.stringify(Object.fromEntries(files)), loader: 'json' };
    });
  },
};

/** Builds the program that the processes run; the name holds the process, as tests run at once. */
async function bundle(): Promise<string> {
  const folder = path.join(root, 'test/artifacts/fuzz');
  mkdirSync(folder, { recursive: true });
  const outfile = path.join(folder, `child-${process.pid}.cjs`);
  await esbuild.build({
    entryPoints: [path.join(root, 'test/fuzz/child.ts')],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    logLevel: 'error',
    plugins: [folderSources],
  });
  return outfile;
}

let built: Promise<string> | undefined;

type Report =
  | { readonly type: 'at'; readonly text: string }
  | { readonly type: 'done'; readonly result: unknown }
  | { readonly type: 'failed'; readonly why: string };

export class Worker {
  private child: ChildProcess | undefined;
  private stderr = '';

  /** Runs one job; jobs of one worker run one after the other. */
  async run<Result>(job: Job, patience = patienceByDefault): Promise<Outcome<Result>> {
    const child = (this.child ??= await this.start());
    let at = '';
    const outcome = await new Promise<Outcome<Result>>((resolve) => {
      const watch = new Watchdog(child.pid!, patience, () => resolve({ type: 'hang', at }));
      const finish = (end: Outcome<Result>) => {
        watch.stop();
        child.off('message', receive);
        child.off('exit', exit);
        resolve(end);
      };
      const receive = (report: Report) => {
        watch.reset();
        if (report.type === 'at') at = report.text;
        else if (report.type === 'done')
          finish({ type: 'done', result: report.result as Result });
        else finish({ type: 'died', at, why: report.why });
      };
      const exit = (code: number | null, signal: string | null) =>
        finish({ type: 'died', at, why: `exit ${code ?? signal}: ${this.stderr.slice(-600)}` });
      child.on('message', receive);
      child.once('exit', exit);
      child.send(job);
    });
    if (outcome.type !== 'done') this.kill();
    return outcome;
  }

  /** Ends the process; the next job starts another. */
  kill(): void {
    this.child?.removeAllListeners();
    this.child?.kill('SIGKILL');
    this.child = undefined;
  }

  private async start(): Promise<ChildProcess> {
    workspaceFolder();
    const file = await (built ??= bundle());
    this.stderr = '';
    const child = fork(file, {
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--max-old-space-size=1024'],
      env: { ...process.env, LOCKSTEP_ROOT: root, LOCKSTEP_FUZZ_ID: String(process.pid) },
    });
    child.stderr!.on('data', (data: Buffer) => (this.stderr += data.toString()));
    return child;
  }
}

/** Removes the program that was built, once all workers of a test file have ended. */
export async function removeBundle(): Promise<void> {
  if (built) rmSync(await built, { force: true });
  built = undefined;
}

/** Calls `onHang` when a process has reported nothing for too long. */
class Watchdog {
  private readonly timer: NodeJS.Timeout;
  private since = { wall: Date.now(), processor: 0 };

  constructor(
    private readonly pid: number,
    private readonly patience: Patience,
    private readonly onHang: () => void,
  ) {
    this.reset();
    this.timer = setInterval(() => this.look(), 200);
  }

  reset(): void {
    this.since = { wall: Date.now(), processor: processorSeconds(this.pid) };
  }

  stop(): void {
    clearInterval(this.timer);
  }

  private look(): void {
    const wall = (Date.now() - this.since.wall) / 1_000;
    const processor = processorSeconds(this.pid) - this.since.processor;
    const { processorSeconds: most, wallSeconds } = this.patience;
    if (processor < most && wall < wallSeconds) return;
    this.stop();
    this.onHang();
  }
}

/** The processor time that a process has used; elsewhere than on Linux only the clock counts. */
export function processorSeconds(pid: number): number {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return 0;
  }
}
