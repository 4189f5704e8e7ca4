// Goes through the steps of a transcript in order: what runs beside, what waits, and what is timed.
import type { Data, Outcome, Step, Transcript } from './adapter.ts';

/** What a step has begun. */
export interface Operation {
  /** Its result; undefined while it has none. */
  poll(): Data | undefined;
  /** How long the step waits for the result at most, and its result if there is none by then. */
  readonly limit?: { readonly ms: number; readonly result: Data };
}

/** Virtual time, which passes only in `advance`. */
export interface Time {
  readonly nowMs: number;
  /** Takes the next action and returns true, or lets time pass until `untilMs`. */
  advance(untilMs: number): boolean;
}

interface Begun {
  readonly operation: Operation;
  readonly beganMs: number;
  result?: Data;
  endedMs?: number;
}

/** A step that is started and not waited for is under way after this time. */
const underWayMs = 10;
/** Longer than any step that was recorded. A result that comes later never comes. */
const longestMs = 200_000;

/**
 * Replays the steps and returns an outcome for each step with a result. `begin` begins a step: it
 * returns what the step waits for, or undefined if it is over at once. `sleep`, `await` and
 * `still-waiting` are the same for every server and do not reach it.
 */
export function replaySteps(
  { steps }: Transcript,
  time: Time,
  begin: (step: Step) => Operation | undefined,
): Outcome[] {
  return new Replayer(time, begin).replay(steps);
}

class Replayer {
  private readonly begun = new Map<string, Begun>();
  private readonly marks = new Map<string, number>();

  constructor(
    private readonly time: Time,
    private readonly begin: (step: Step) => Operation | undefined,
  ) {}

  replay(steps: readonly Step[]): Outcome[] {
    return steps.flatMap((step) => {
      const outcome = this.replayStep(step);
      if (step.mark !== undefined) this.marks.set(step.mark, this.time.nowMs);
      return outcome === undefined ? [] : [{ step: step.n, ...outcome }];
    });
  }

  private replayStep(step: Step): Omit<Outcome, 'step'> | undefined {
    const { args = {} } = step;
    switch (step.action) {
      case 'sleep':
        this.waitUntil(this.time.nowMs + Number(args.ms));
        return undefined;
      case 'still-waiting': {
        const one = this.operation(String(args.op));
        this.waitFor(one, Number(args.for_ms));
        return { result: { waiting: one.endedMs === undefined } };
      }
      case 'await': {
        const one = this.operation(String(args.op));
        this.waitFor(one, Number(args.within_ms ?? longestMs));
        return this.outcomeOf(step, one);
      }
      default:
        return this.beginStep(step);
    }
  }

  private beginStep(step: Step): Omit<Outcome, 'step'> | undefined {
    const beganMs = this.time.nowMs;
    const operation = this.begin(step);
    if (operation === undefined) return undefined;
    const one: Begun = { operation, beganMs };
    if (step.as !== undefined) {
      this.begun.set(step.as, one);
      this.poll();
      this.waitUntil(beganMs + underWayMs);
      return undefined;
    }
    this.waitFor(one, operation.limit?.ms ?? longestMs);
    return this.outcomeOf(step, one);
  }

  private outcomeOf({ args, since }: Step, one: Begun): Omit<Outcome, 'step'> {
    const { operation, beganMs, result, endedMs } = one;
    if (result === undefined || endedMs === undefined) {
      return { result: operation.limit?.result ?? { waiting: true } };
    }
    const mark = since ?? (typeof args?.since === 'string' ? args.since : undefined);
    const fromMs = mark === undefined ? beganMs : this.marks.get(mark);
    if (fromMs === undefined) throw new Error(`no step has the mark ${mark}`);
    return { result, ms: endedMs - fromMs };
  }

  private operation(name: string): Begun {
    const one = this.begun.get(name);
    if (one === undefined) throw new Error(`no step was started as ${name}`);
    return one;
  }

  private waitFor(one: Begun, ms: number): void {
    const untilMs = this.time.nowMs + ms;
    this.poll(one);
    while (one.endedMs === undefined && this.time.advance(untilMs)) this.poll(one);
  }

  private waitUntil(untilMs: number): void {
    while (this.time.advance(untilMs)) this.poll();
  }

  /** Notes the results that are there now. */
  private poll(also?: Begun): void {
    for (const one of [...this.begun.values(), also]) {
      if (one === undefined || one.endedMs !== undefined) continue;
      const result = one.operation.poll();
      if (result === undefined) continue;
      one.result = result;
      one.endedMs = this.time.nowMs;
    }
  }
}
