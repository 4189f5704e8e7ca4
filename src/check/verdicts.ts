/** What became of all that a run was to show: its steps, its expectations, the invariants. */
import type { Monitor, World } from '../kernel/world.ts';
import { formatMoment } from '../kernel/text/duration.ts';
import { scenarioMonitor, upToNow } from '../scenario/driver.ts';
import { expectationMonitors, expectationVerdicts } from '../scenario/expect.ts';
import { scopeAt } from '../scenario/conditions/scope.ts';
import type { Scenario, Verdict } from '../scenario/scenario.ts';
import { DerivedEventMonitor, derivedEventMonitors } from './derived-events.ts';
import { InvariantMonitor, invariantMonitors } from './invariants.ts';

/** All that watches a run: derived events, the scenario's progress and expectations, invariants. */
export function scenarioMonitors(scenario: Scenario): Monitor[] {
  return [
    ...derivedEventMonitors(scenario.protocol),
    scenarioMonitor(scenario),
    ...expectationMonitors(scenario),
    ...invariantMonitors(scenario.protocol),
  ];
}

/** The verdicts so far; `ended` where nothing more will happen. */
export function verdicts(scenario: Scenario, world: World, ended: boolean): Verdict[] {
  const progress = upToNow(scenario, world, ended);
  const isComplete = ended && progress.index >= scenario.steps.length;
  const steps = progress.failures.map(({ step, why, taken, time }): Verdict => {
    const { text, range } = scenario.steps[step];
    const at = `step ${taken}, ${formatMoment(time)}`;
    return { text, range, type: 'violated', why: `${why} (${at})`, step: taken, time };
  });
  const until = ended ? untilVerdict(scenario, world, progress.over) : [];
  return [
    ...steps,
    ...until,
    ...expectationVerdicts(world, isComplete),
    ...invariantVerdicts(world),
  ];
}

/** The end that was asked for: one that never came is an expectation that is violated. */
function untilVerdict(scenario: Scenario, world: World, over: boolean): Verdict[] {
  const { until } = scenario;
  if (until === undefined || until.type === 'moment' || over) return [];
  if (until.type === 'condition' && until.condition.test(scopeAt(world)) === true) return [];
  const why = `it did not come (step ${world.step}, ${formatMoment(world.time)})`;
  const text = `until: ${until.text}`;
  return [{ text, type: 'violated', why, step: world.step, time: world.time }];
}

function invariantVerdicts(world: World): Verdict[] {
  return world.monitors.flatMap((monitor, i): Verdict[] => {
    const isDerivedEvent = monitor instanceof DerivedEventMonitor;
    if (!isDerivedEvent && !(monitor instanceof InvariantMonitor)) return [];
    const { broken } = world.memories[i] as ReturnType<InvariantMonitor['start']>;
    const text = monitor.name;
    // A derived event has a verdict only if its code failed.
    if (isDerivedEvent && broken === null) return [];
    return [broken === null ? { text, type: 'holds' } : { text, type: 'violated', ...broken }];
  });
}
