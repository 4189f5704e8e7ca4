/** The figures that `measure` names: counts events during the run, and evaluates at its end. */
import type { Effects } from '../kernel/effects.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Json, Micros } from '../protocol/types.ts';
import { matchesEvent } from './commands/patterns.ts';
import type { Evaluated, EvaluationFailure } from './conditions/condition.ts';
import { withCounts } from './conditions/counting.ts';
import { scopeAt } from './conditions/scope.ts';
import type { SourceRange } from './problem.ts';
import type { EventPattern, Scenario } from './scenario.ts';

/** Plain data in the world, so that going back takes it back, too. */
interface Counts {
  /** By the position of the pattern among those of the scenario. */
  counts: number[];
  /** Why the condition of a pattern last had no value. */
  failures: (EvaluationFailure | null)[];
}

class MeasureMonitor implements Monitor<Counts> {
  readonly name = 'measures';
  private readonly patterns: readonly EventPattern[];

  constructor(readonly counted: ReadonlyMap<string, EventPattern>) {
    this.patterns = [...counted.values()];
  }

  start(): Counts {
    return { counts: this.patterns.map(() => 0), failures: this.patterns.map(() => null) };
  }

  after(world: World, _action: unknown, effects: Effects, memory: Counts): undefined {
    for (const record of effects.events) {
      for (let i = 0; i < this.patterns.length; i++) {
        const matches = matchesEvent(this.patterns[i], record, world, effects);
        if (typeof matches === 'object') memory.failures[i] = matches;
        else if (matches) memory.counts[i]++;
      }
    }
  }
}

/** Empty if the scenario counts nothing. Must come after the monitors of derived events. */
export function measureMonitors({ measures }: Scenario): Monitor[] {
  const counted = new Map(measures.flatMap((one) => [...one.counted]));
  return counted.size === 0 ? [] : [new MeasureMonitor(counted)];
}

export interface Measured {
  readonly name: string;
  readonly range: SourceRange;
  readonly result: Evaluated;
}

/** The measures of the scenario at this moment, which is `time`. */
export function measuredAt(scenario: Scenario, world: World, time: Micros): readonly Measured[] {
  const index = world.monitors.findIndex((one) => one instanceof MeasureMonitor);
  const monitor = world.monitors[index] as MeasureMonitor | undefined;
  const memory = world.memories[index] as Counts | undefined;
  const patterns = [...(monitor?.counted.keys() ?? [])];
  const counts = new Map(patterns.map((text, i) => [text, memory!.counts[i]]));
  return scenario.measures.map(({ name, range, expression, counted }) => {
    const failed = patterns.findIndex((text, i) => counted.has(text) && memory!.failures[i]);
    const result: Evaluated = failed >= 0
      ? memory!.failures[failed]!
      : withCounts(counts, () => expression.value(scopeAt(world, time)));
    return { name, range, result };
  });
}

/** Those that have a value, with it. */
export function measureLines(measured: readonly Measured[]): string[] {
  return measured.flatMap(({ name, result }) =>
    result.ok ? [`${name}: ${measureText(result.value)}`] : [],
  );
}

/** A value as a report shows it: numbers with at most three decimals. */
export function measureText(value: Json): string {
  if (typeof value === 'number') return String(Number(value.toFixed(3)));
  return typeof value === 'string' ? value : JSON.stringify(value);
}
