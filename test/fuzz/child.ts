/** The process in which the code under test runs: takes jobs from the test, and reports on them. */
import { generated } from './requests/generate.ts';
import { Replay } from './requests/replay.ts';
import type { Failure, Step } from './requests/steps.ts';
import { growth } from './scenarios/growth.ts';
import { type Bounds, boundsByDefault, judge } from './scenarios/judge.ts';
import { mutated } from './scenarios/mutate.ts';

export type Job =
  | { readonly type: 'requests'; readonly seed: number }
  | { readonly type: 'replay'; readonly steps: readonly Step[] }
  | { readonly type: 'mutated'; readonly seed: number }
  | {
      readonly type: 'text';
      readonly text: string;
      readonly file: string;
      readonly bounds?: Bounds;
    }
  | { readonly type: 'growth'; readonly name: string };

export interface ReplayResult {
  readonly failures: readonly Failure[];
  readonly requests: number;
}

/** Receives what no code caught, for as long as a job runs. */
let escaped: (error: unknown) => void = () => undefined;

process.on('unhandledRejection', (error) => escaped(error));
process.on('uncaughtException', (error) => escaped(error));
// A library that logs must not fill a pipe.
console.error = () => undefined;
console.log = () => undefined;

function at(text: string): void {
  process.send!({ type: 'at', text });
}

async function replay(steps: readonly Step[]): Promise<ReplayResult> {
  const replayed = new Replay((step, command) => at(`${step} ${command}`));
  escaped = (error) => {
    const message = error instanceof Error ? error.message : String(error);
    replayed.fail(`an error that nothing caught ends the process: ${message}`);
  };
  const failures = await replayed.run(steps);
  escaped = () => undefined;
  return { failures, requests: steps.length };
}

async function done(job: Job): Promise<unknown> {
  switch (job.type) {
    case 'requests':
      return replay(generated(job.seed));
    case 'replay':
      return replay(job.steps);
    case 'mutated': {
      const { text, file } = mutated(job.seed);
      return judge(text, file, boundsByDefault, at);
    }
    case 'text':
      return judge(job.text, job.file, job.bounds ?? boundsByDefault, at);
    case 'growth':
      return growth(job.name, at);
  }
}

process.on('message', (job: Job) => {
  done(job).then(
    (result) => process.send!({ type: 'done', result }),
    (error: unknown) =>
      process.send!({ type: 'failed', why: error instanceof Error ? error.stack : String(error) }),
  );
});
