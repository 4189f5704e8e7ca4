/** The verdicts on a run: on the steps of its scenario, its expectations, and the invariants. */
import type { Monitor, World } from '../kernel/world.ts';
import { endTime, progressAt, scenarioMonitor } from '../scenario/driver.ts';
import { expectationMonitors, expectationVerdicts } from '../scenario/expect.ts';
import { measuredAt, measureMonitors } from '../scenario/measures.ts';
import { scopeAt } from '../scenario/conditions/scope.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { type Subject, type Verdict, witnessAt } from '../scenario/verdict.ts';
import { isBrokenTwin, twinFault } from './broken-twin.ts';
import { DerivedEventMonitor, derivedEventMonitors } from './derived-events.ts';
import { eventFieldMonitors, withAbsentField } from './event-fields.ts';
import { fieldMonitors } from './field-reads.ts';
import { historyVerdict } from './history/judge.ts';
import { HistoryMonitor } from './history/recording.ts';
import { InvariantMonitor, invariantMonitors } from './invariants.ts';
import { type MisspeltField, misspeltFields, misspeltName } from './misspelt-fields.ts';
import { ThrownMonitor, thrownVerdicts } from './thrown-errors.ts';

/**
 * All monitors of a run. Derived events come before others, which see their events; both may read
 * the history of their step.
 */
export function scenarioMonitors(scenario: Scenario): Monitor[] {
  return [
    ...fieldMonitors(scenario),
    new HistoryMonitor(),
    ...derivedEventMonitors(scenario.protocol),
    ...eventFieldMonitors(scenario),
    scenarioMonitor(scenario),
    new ThrownMonitor(scenario),
    ...measureMonitors(scenario),
    ...expectationMonitors(scenario),
    ...invariantMonitors(scenario.protocol),
  ];
}

/** The verdicts so far; `isOver` says that nothing more will happen. */
export function verdicts(scenario: Scenario, world: World, isOver: boolean): Verdict[] {
  const { found } = progressAt(scenario, world, false).stall;
  // The steps of a run that was stopped were not tried, so they did not fail.
  const ended = isOver && found === null;
  const progress = progressAt(scenario, world, ended);
  const isComplete = ended && progress.index >= scenario.steps.length;
  const steps = progress.failures.map(({ index, reason, step, time }): Verdict => {
    const { text, range } = scenario.steps[index];
    return { type: 'violated', subject: { kind: 'step', text, range }, reason, step, time };
  });
  const stalled: Verdict[] =
    found === null ? [] : [{ type: 'violated', subject: { kind: 'run' }, ...found }];
  const all: Verdict[] = [
    ...stalled,
    ...steps,
    ...(ended ? untilVerdict(scenario, world, progress.over) : []),
    ...thrownVerdicts(world),
    ...expectationsJudged(scenario, world, isOver, isComplete),
    ...(isOver ? measureVerdicts(scenario, world) : []),
    ...protocolVerdicts(world, isOver),
  ];
  const twin = isOver && isBrokenTwin(scenario) ? twinVerdict(scenario, world, all) : [];
  return [...twin, ...(isOver ? all.map((one) => explained(one, scenario, world)) : all)];
}

/** Which fields events have is known only once the run is over. */
function explained(verdict: Verdict, scenario: Scenario, world: World): Verdict {
  if (verdict.type !== 'violated') return verdict;
  return { ...verdict, reason: withAbsentField(verdict.reason, scenario, world) };
}

/** One that holds says nothing if it names a field that no node, or no such event, ever had. */
function expectationsJudged(
  scenario: Scenario,
  world: World,
  isOver: boolean,
  isComplete: boolean,
): Verdict[] {
  const all = expectationVerdicts(world, isComplete, endTime(scenario, world));
  if (!isOver) return all;
  return all.map((verdict, i): Verdict => {
    const expectation = scenario.expect[i];
    const { range } = expectation;
    if (expectation.type === 'history') {
      return isComplete ? historyVerdict(expectation, world, endTime(scenario, world)) : verdict;
    }
    const wrong = verdict.type === 'holds' ? misspeltName(expectation, world) : undefined;
    if (wrong === undefined) return verdict;
    const place = { file: scenario.file, line: range.line, column: range.column };
    const reason = { code: 'misspelt-field', ...wrong, place } as const;
    return { type: 'unknown', subject: verdict.subject, reason };
  });
}

/** A broken twin that violates what it names needs no verdict of its own. */
function twinVerdict(scenario: Scenario, world: World, all: readonly Verdict[]): Verdict[] {
  const reason = twinFault(scenario, all);
  if (reason === undefined) return [];
  const witness = witnessAt(world, reason, endTime(scenario, world));
  return [{ type: 'violated', subject: { kind: 'broken twin' }, ...witness }];
}

/** A measure that has a value needs no verdict. */
function measureVerdicts(scenario: Scenario, world: World): Verdict[] {
  return measuredAt(scenario, world, endTime(scenario, world)).flatMap(
    ({ name, range, result }): Verdict[] => {
      if (result.ok) return [];
      const subject: Subject = { kind: 'measure', name, range };
      return [{ type: 'unknown', subject, reason: { code: 'condition-failed', failure: result } }];
    },
  );
}

/** An `until` that was not reached is violated; one that was needs no verdict. */
function untilVerdict(scenario: Scenario, world: World, over: boolean): Verdict[] {
  const { until } = scenario;
  if (until === undefined || until.type === 'time' || over) return [];
  const time = endTime(scenario, world);
  if (until.type === 'condition' && until.condition.test(scopeAt(world)) === true) return [];
  const { text, range } = until;
  const subject: Subject = { kind: 'until', text, ...(range && { range }) };
  return [{ type: 'violated', subject, ...witnessAt(world, { code: 'until-not-reached' }, time) }];
}

/**
 * A verdict on each invariant, and on the code of the protocol that failed: of derived events, and
 * of `look` if it reads what no node has. That is known only once the run is over.
 */
function protocolVerdicts(world: World, isOver: boolean): Verdict[] {
  const misspelt = isOver ? misspeltFields(world) : [];
  const looks = misspelt.filter(({ kind }) => kind === 'look');
  const ofLooks = looks.map(({ name: role, reason }): Verdict => {
    return { type: 'unknown', subject: { kind: 'look', role }, reason };
  });
  return [...ofLooks, ...propertyVerdicts(world, misspelt)];
}

function propertyVerdicts(world: World, misspelt: readonly MisspeltField[]): Verdict[] {
  return world.monitors.flatMap((monitor, i): Verdict[] => {
    const isDerived = monitor instanceof DerivedEventMonitor;
    if (!isDerived && !(monitor instanceof InvariantMonitor)) return [];
    const { violated, applied } = world.memories[i] as ReturnType<InvariantMonitor['start']>;
    const kind = isDerived ? 'derived event' : 'invariant';
    const subject: Subject = { kind, name: monitor.name };
    if (violated !== null) return [{ type: 'violated', subject, ...violated }];
    const wrong = misspelt.find((one) => one.kind === kind && one.name === monitor.name);
    if (wrong !== undefined) return [{ type: 'unknown', subject, reason: wrong.reason }];
    if (isDerived) return [];
    if (monitor.invariant.when === undefined) return [{ type: 'holds', subject }];
    const tested = { on: 'condition', times: applied, steps: world.step } as const;
    return [{ type: 'holds', subject, tested }];
  });
}
