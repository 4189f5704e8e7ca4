// Counts the work of a call in executed blocks of code: a number that other load cannot change.
import { type Profiler, Session } from 'node:inspector';
import { setFlagsFromString } from 'node:v8';

/**
 * How often the functions, branches and loop bodies of this process ran during the call. Built-in
 * functions (`indexOf`, a regular expression) count as nothing: the number shows how the work of
 * our code and its libraries grows with the input, not how long it takes.
 */
export function workOf(call: () => void): number {
  const counter = new WorkCounter();
  try {
    return counter.workOf(call);
  } finally {
    counter.stop();
  }
}

/** The same for several calls: the first one makes the engine compile all code anew. */
export class WorkCounter {
  private readonly session = new Session();

  constructor() {
    this.session.connect();
    // Optimized code does not count its blocks.
    setFlagsFromString('--no-opt');
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  workOf(call: () => void): number {
    this.take();
    call();
    return this.take();
  }

  /** What ran since the last call; its numbers begin anew. */
  private take(): number {
    let work = 0;
    // The session is local, so the callback runs before `post` returns.
    this.session.post('Profiler.takePreciseCoverage', (error, coverage) => {
      if (error) throw error;
      work = sumOf(coverage.result);
    });
    return work;
  }

  stop(): void {
    this.session.post('Profiler.stopPreciseCoverage');
    this.session.disconnect();
    setFlagsFromString('--opt');
  }
}

function sumOf(scripts: readonly Profiler.ScriptCoverage[]): number {
  let sum = 0;
  for (const { functions } of scripts) {
    for (const { ranges } of functions) for (const { count } of ranges) sum += count;
  }
  return sum;
}
