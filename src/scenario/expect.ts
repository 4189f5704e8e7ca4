/** The lines of `expect` as monitors, and what became of them. */
import { formatMoment } from '../kernel/text/duration.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Micros } from '../protocol/types.ts';
import { matchesEvent, patternText } from './commands/patterns.ts';
import type { Expectation, Scenario, Verdict } from './scenario.ts';
import { scopeAt } from './conditions/scope.ts';

/** What is known of an expectation: plain data in the world. */
interface Seen {
  /** Whether the event came, or the condition held. */
  met: boolean;
  /** Why the condition had no value, when it last had none. */
  why: string;
  broken: { why: string; step: number; time: Micros } | null;
}

export class ExpectationMonitor implements Monitor<Seen> {
  readonly name: string;
  constructor(readonly expectation: Expectation) {
    this.name = expectation.text;
  }

  start(): Seen {
    return { met: false, why: '', broken: null };
  }

  after(world: World, _action: unknown, effects: Effects, seen: Seen): string | undefined {
    if (seen.broken !== null || (seen.met && this.expectation.type !== 'no event'))
      return undefined;
    if ('event' in this.expectation) this.listen(world, effects, seen);
    else this.look(world, seen);
    return (seen as { broken: Seen['broken'] }).broken?.why;
  }

  private listen(world: World, effects: Effects, seen: Seen): void {
    const { expectation } = this;
    if (!('event' in expectation)) return;
    for (const record of effects.events) {
      const matches = matchesEvent(expectation.event, record, world, effects);
      if (typeof matches === 'string') seen.why = matches;
      if (matches !== true) continue;
      seen.met = true;
      if (expectation.type === 'event') return;
      const fields = JSON.stringify(record.fields);
      this.break(world, seen, `${record.name} was reported at ${record.node}: ${fields}`);
      return;
    }
  }

  private look(world: World, seen: Seen): void {
    const { expectation } = this;
    if ('event' in expectation || expectation.type === 'end') return;
    const result = expectation.condition.test(scopeAt(world));
    if (typeof result !== 'boolean') {
      seen.why = result.why;
      if (expectation.type !== 'eventually') this.break(world, seen, result.why);
    } else if (expectation.type === 'eventually') {
      seen.met = result;
    } else if (result !== (expectation.type === 'always')) {
      const what = result ? 'held' : 'did not hold';
      this.break(world, seen, `\`${expectation.condition.text}\` ${what}`);
    }
  }

  private break(world: World, seen: Seen, what: string): void {
    const why = `${what} (step ${world.step}, ${formatMoment(world.time)})`;
    seen.broken = { why, step: world.step, time: world.time };
  }
}

export function expectationMonitors(scenario: Scenario): ExpectationMonitor[] {
  return scenario.expect.map((expectation) => new ExpectationMonitor(expectation));
}

/** What became of an expectation; `complete` says that the whole scenario ran. */
export function expectationVerdict(
  monitor: ExpectationMonitor,
  seen: Seen,
  world: World,
  complete: boolean,
): Verdict {
  const { expectation } = monitor;
  const { text, range } = expectation;
  if (seen.broken !== null) return { text, range, type: 'violated', ...seen.broken };
  const at = { step: world.step, time: world.time };
  switch (expectation.type) {
    case 'event':
    case 'eventually': {
      if (seen.met) return { text, range, type: 'holds' };
      if (!complete) return { text, range, type: 'unknown', why: 'the run is not at its end' };
      const what =
        expectation.type === 'event'
          ? `${patternText(expectation.event)} did not happen`
          : `\`${expectation.condition.text}\` never held`;
      const why = seen.why === '' ? what : `${what}; ${seen.why}`;
      return { text, range, type: 'violated', why, ...at };
    }
    case 'no event':
    case 'always':
    case 'never':
      return { text, range, type: 'holds' };
    case 'end': {
      if (!complete) return { text, range, type: 'unknown', why: 'the run is not at its end' };
      const result = expectation.condition.test(scopeAt(world));
      if (result === true) return { text, range, type: 'holds' };
      const why =
        result === false ? `at the end \`${expectation.condition.text}\` did not hold` : result.why;
      return { text, range, type: 'violated', why, ...at };
    }
  }
}

/** The verdicts of all expectations of the scenario that a world was started with. */
export function expectationVerdicts(world: World, complete: boolean): Verdict[] {
  return world.monitors.flatMap((monitor, i) =>
    monitor instanceof ExpectationMonitor
      ? [expectationVerdict(monitor, world.memories[i] as Seen, world, complete)]
      : [],
  );
}
