// Records a sequence against a real server as a transcript, and compares the simulation with it.
import type { Data, Observation, Outcome, Step, Timing, Transcript } from '../transcripts/adapter.ts';
import { isAlike } from '../transcripts/compare.ts';
import { failureText } from '../transcripts/report.ts';
import { type Verdict, verdictOf } from '../transcripts/run.ts';

/** A sequence of steps, and the real server that it runs against. */
export interface Sequence {
  /** `etcd/random-7`: the server and the seed. */
  readonly path: string;
  readonly server: Transcript['server'];
  readonly steps: readonly Step[];
  /** By how much times differ from run to run, besides what a busy machine adds. */
  readonly slackMs?: number;
  /** Runs all steps from a fresh state. */
  run(): Promise<readonly Outcome[]>;
}

export interface Compared {
  readonly verdict: Verdict;
  readonly transcript: Transcript;
  /** How often the sequence ran against the real server. */
  readonly runs: number;
}

/** A difference must be there after that many runs: what varies between runs of the real server is none. */
const mostRuns = 3;

/** A second run takes place only if the simulation differs from the first one. */
export async function compareSequence(
  sequence: Sequence,
  judge: (transcript: Transcript) => Verdict = verdictOf,
): Promise<Compared> {
  const runs: (readonly Outcome[])[] = [];
  for (;;) {
    runs.push(await sequence.run());
    const transcript = transcriptOf(sequence, runs);
    const verdict = judge(transcript);
    if (verdict.type !== 'failed' || runs.length === mostRuns) {
      return { verdict, transcript, runs: runs.length };
    }
  }
}

/** What was observed in all runs of one sequence. */
export function transcriptOf(
  { path, server, steps, slackMs = 0 }: Omit<Sequence, 'run'>,
  runs: readonly (readonly Outcome[])[],
): Transcript {
  const observed = steps.flatMap((step) => {
    const outcomes = runs.flatMap((run) => run.filter((one) => one.step === step.n));
    return outcomes.length === 0 ? [] : [observationOf(step, outcomes, slackMs)];
  });
  const outcome = observed.some(({ varies }) => varies) ? 'varies' : 'same every time';
  const shows = 'A random sequence.';
  return { name: path, group: 'random', shows, server, steps, observed, runs: runs.length, outcome };
}

function observationOf(
  step: Step,
  outcomes: readonly Outcome[],
  slackMs: number,
): Observation {
  const different: { result: Data; runs: number }[] = [];
  for (const { result } of outcomes) {
    const same = different.find((one) => isAlike(one.result, result));
    if (same === undefined) different.push({ result, runs: 1 });
    else same.runs++;
  }
  const times = outcomes.flatMap(({ ms }) => (ms === undefined ? [] : [ms]));
  const ms = step.timed && times.length > 0 ? { ms: timingOf(times, slackMs) } : {};
  if (different.length > 1) return { step: step.n, varies: different, ...ms };
  return { step: step.n, result: different[0].result, ...ms };
}

/** A simulation may differ by 15 %, by what the runs differ, and by what a busy machine adds. */
function timingOf(times: readonly number[], slackMs: number): Timing {
  const sorted = times.map(Math.round).sort((a, b) => a - b);
  const typical = sorted[Math.floor((sorted.length - 1) / 2)];
  const [least, most] = [sorted[0], sorted[sorted.length - 1]];
  const tolerance = slackMs + Math.round(Math.max(300, 0.15 * typical, most - least));
  return { typical, least, most, tolerance };
}

/** What a difference looks like, with all steps up to it: without them it says nothing. */
export function differenceText(path: string, { transcript, verdict }: Compared): string {
  const steps = transcript.steps.map(({ n, actor, action, args, as }) => {
    const observed = transcript.observed.find(({ step }) => step === n);
    const results = observed && JSON.stringify(observed.varies ?? observed.result);
    const words = [n, actor, action, args && JSON.stringify(args), as && `as ${as}`];
    return `  ${[...words, results && `→ ${results}`].filter((one) => one !== undefined).join(' ')}`;
  });
  return [failureText({ path, transcript, verdict }), 'All steps:', ...steps].join('\n');
}
