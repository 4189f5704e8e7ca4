// Goes through the steps of a sequence in real time, against a real server.
import type { Data, Outcome, Step } from '../transcripts/adapter.ts';

/** What a step has begun: its result, or undefined if there is nothing to compare. */
export type Begin = (step: Step) => Promise<Data | undefined>;

interface Begun {
  readonly beganMs: number;
  readonly ended: Promise<Ended>;
  isOver: boolean;
}

interface Ended {
  readonly result: Data | undefined;
  readonly endedMs: number;
}

/** A step that is started and not waited for is under way after this time. */
const underWayMs = 10;
/** No step of a generated sequence takes longer; one that does means that the recording failed. */
const longestMs = 60_000;

/** The outcomes of the steps, as in a transcript. Throws if a step does not end. */
export async function runSteps(steps: readonly Step[], begin: Begin): Promise<Outcome[]> {
  const runner = new Runner(begin);
  const outcomes: Outcome[] = [];
  for (const step of steps) {
    const outcome = await runner.run(step);
    if (outcome !== undefined) outcomes.push({ step: step.n, ...outcome });
  }
  return outcomes;
}

class Runner {
  private readonly begun = new Map<string, Begun>();
  private readonly marks = new Map<string, number>();

  constructor(private readonly begin: Begin) {}

  async run(step: Step): Promise<Omit<Outcome, 'step'> | undefined> {
    const outcome = await this.outcomeOf(step);
    if (step.mark !== undefined) this.marks.set(step.mark, performance.now());
    return outcome;
  }

  private async outcomeOf(step: Step): Promise<Omit<Outcome, 'step'> | undefined> {
    const { args = {} } = step;
    switch (step.action) {
      case 'sleep':
        await sleep(Number(args.ms));
        return undefined;
      case 'still-waiting': {
        const one = this.operation(String(args.op));
        await Promise.race([one.ended, sleep(Number(args.for_ms))]);
        return { result: { waiting: !one.isOver } };
      }
      case 'await':
        return this.finish(step, this.operation(String(args.op)), Number(args.within_ms));
    }
    const one = this.start(step);
    if (step.as === undefined) return this.finish(step, one, longestMs);
    this.begun.set(step.as, one);
    await sleep(underWayMs);
    return undefined;
  }

  private start(step: Step): Begun {
    const end = (result: Data | undefined): Ended => {
      one.isOver = true;
      return { result, endedMs: performance.now() };
    };
    const one: Begun = {
      beganMs: performance.now(),
      ended: this.begin(step).then(end),
      isOver: false,
    };
    // The step that awaits it gets the error; until then it must not end the process.
    one.ended.catch(() => {});
    return one;
  }

  private async finish(
    step: Step,
    one: Begun,
    withinMs: number,
  ): Promise<Omit<Outcome, 'step'> | undefined> {
    const ended = await Promise.race([one.ended, sleep(withinMs)]);
    if (ended === undefined) {
      if (step.action === 'await') return { result: { waiting: true } };
      throw new Error(`step ${step.n} (${step.action}) did not end within ${withinMs} ms`);
    }
    if (ended.result === undefined) return undefined;
    const fromMs = step.since === undefined ? one.beganMs : this.marks.get(step.since);
    if (fromMs === undefined) throw new Error(`no step has the mark ${step.since}`);
    return { result: ended.result, ms: ended.endedMs - fromMs };
  }

  private operation(name: string): Begun {
    const one = this.begun.get(name);
    if (one === undefined) throw new Error(`no step was started as ${name}`);
    return one;
  }
}

export function sleep(ms: number): Promise<undefined> {
  return new Promise((resolve) => setTimeout(() => resolve(undefined), ms));
}

/** Calls `read` until it returns something other than undefined; undefined if that takes too long. */
export async function poll<T>(
  read: () => Promise<T | undefined>,
  withinMs: number,
): Promise<T | undefined> {
  const untilMs = performance.now() + withinMs;
  for (;;) {
    const found = await read();
    if (found !== undefined || performance.now() >= untilMs) return found;
    await sleep(pollMs);
  }
}

const pollMs = 20;
