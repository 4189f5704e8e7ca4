/** The figures of a run, by which scenarios are compared, and their medians over several seeds. */
import type { World } from '../../kernel/world.ts';
import type { Json, Micros } from '../../protocol/types.ts';
import { endTime } from '../../scenario/driver.ts';
import { measuredAt } from '../../scenario/measures.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { historyAt } from '../history/recording.ts';
import {
  type JudgedModels, judgedModels, type StrongestModels, strongestModels,
} from './judged-models.ts';

/** How long the operations of a name took that ended well, in virtual time. */
export interface Latency {
  readonly median: Micros;
  readonly max: Micros;
}

interface Figures<Models> {
  readonly models: readonly Models[];
  readonly latencies: ReadonlyMap<string, Latency>;
  readonly time: Micros;
  readonly actions: number;
  readonly operations: Readonly<Record<'ok' | 'failed' | 'unknown', number>>;
  /** Those that have a value. */
  readonly measures: ReadonlyMap<string, Json>;
}

export type RunFigures = Figures<JudgedModels>;
export type ComparedFigures = Figures<StrongestModels>;

/** The figures of a run that is over. */
export function figuresOf(scenario: Scenario, world: World): RunFigures {
  const history = historyAt(world);
  const time = endTime(scenario, world);
  const operations = { ok: 0, failed: 0, unknown: 0 };
  const durations = new Map<string, number[]>();
  for (const { name, outcome, invokedAt, endedAt } of history) {
    operations[outcome]++;
    if (outcome !== 'ok' || endedAt === undefined) continue;
    const some = durations.get(name);
    if (some === undefined) durations.set(name, [endedAt - invokedAt]);
    else some.push(endedAt - invokedAt);
  }
  const latencies = [...durations].map(([name, all]) => {
    return [name, { median: median(all), max: all.reduce((a, b) => Math.max(a, b)) }] as const;
  });
  const measures = measuredAt(scenario, world, time).flatMap(({ name, result }) =>
    result.ok ? [[name, result.value] as const] : [],
  );
  return {
    models: judgedModels(scenario, world),
    latencies: new Map(latencies),
    time,
    actions: world.step,
    operations,
    measures: new Map(measures),
  };
}

/** Each figure is the median of those of the runs. There must be at least one run. */
export function overRuns(runs: readonly RunFigures[]): ComparedFigures {
  const of = (value: (run: RunFigures) => number) => median(runs.map(value));
  const names = [...new Set(runs.flatMap(({ latencies }) => [...latencies.keys()]))];
  const latencies = names.map((name) => {
    const all = runs.flatMap((run) => run.latencies.get(name) ?? []);
    const latency: Latency = {
      median: median(all.map((one) => one.median)), max: median(all.map(({ max }) => max)),
    };
    return [name, latency] as const;
  });
  const measured = [...new Set(runs.flatMap(({ measures }) => [...measures.keys()]))];
  return {
    models: strongestModels(runs.map(({ models }) => models)),
    latencies: new Map(latencies),
    time: of(({ time }) => time),
    actions: of(({ actions }) => actions),
    operations: {
      ok: of(({ operations }) => operations.ok),
      failed: of(({ operations }) => operations.failed),
      unknown: of(({ operations }) => operations.unknown),
    },
    measures: new Map(measured.map((name) => {
      const values = runs.map((run) => run.measures.get(name)).filter((one) => one !== undefined);
      return [name, typical(values)] as const;
    })),
  };
}

/** The median of numbers; of other values, the one that is most frequent. */
function typical(values: readonly Json[]): Json {
  const numbers = values.filter((value) => typeof value === 'number');
  if (numbers.length === values.length && numbers.length > 0) return median(numbers);
  const times = new Map<string, number>();
  for (const value of values) {
    const key = JSON.stringify(value);
    times.set(key, (times.get(key) ?? 0) + 1);
  }
  const most = [...times].sort(([, a], [, b]) => b - a)[0];
  return most === undefined ? null : (JSON.parse(most[0]) as Json);
}

/** Of an even number of values, the lower one of the two in the middle, which is one of them. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[(sorted.length - 1) >> 1] ?? 0;
}
