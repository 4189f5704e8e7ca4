/** What a search is about: a world to start from, what may happen in it, and what must not. */
import { DerivedEventMonitor, derivedEventMonitors } from '../../check/derived-events.ts';
import { HistoryMonitor } from '../../check/history/recording.ts';
import { InvariantMonitor, invariantMonitors } from '../../check/invariants.ts';
import { ThrownMonitor, thrownVerdicts } from '../../check/thrown-errors.ts';
import type { Action } from '../../kernel/action.ts';
import type { Effects } from '../../kernel/effects.ts';
import type { Monitor, Slot, World } from '../../kernel/world.ts';
import type { Micros } from '../../protocol/types.ts';
import type { Expression } from '../../scenario/conditions/condition.ts';
import { scenarioMonitor } from '../../scenario/driver.ts';
import { ExpectationMonitor, expectationMonitors } from '../../scenario/expect.ts';
import { handlerName } from '../../scenario/handler-name.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Reason } from '../../scenario/verdict.ts';
import type { Limits, Meter } from '../budgets.ts';
import type { Setting } from '../choices.ts';
import type { BreakReason, Promised } from '../verdict.ts';

export interface Problem {
  readonly world: World;
  /** What the start caused: something may be violated already. Absent from a paused moment. */
  readonly effects?: Effects;
  readonly setting: Setting;
  readonly limits: Limits;
  readonly targets: Targets;
  /** There were faults before the world came about: see `isExcusedOnceSpent`. */
  readonly isSpent?: boolean;
  /** Returns true to end the search, which is then unknown. */
  readonly meter?: Meter;
  /** False to take all choices, also those that commute with others; see `Reduction`. */
  readonly reduces?: boolean;
  /** Promises that are not judged, because they read the time, and none passes. */
  readonly unjudged?: readonly string[];
  /** The promises that the search is about; all of the scenario's if it is absent. */
  readonly watches?: (subject: Promised) => boolean;
}

/** What is searched for, besides what the monitors of the world find. */
export interface Targets {
  /** A state in which this is true ends the search. */
  readonly reach?: Expression;
  /** From every state, once faults stop, this is true within this time. */
  readonly leadsTo?: { readonly condition: Expression; readonly within: Micros };
  /** States in which this is false are not explored further. */
  readonly within?: Expression;
  /** The same, if it is false of a node. */
  readonly nodeWithin?: (node: Slot) => boolean;
}

/** Whether states are left out by what they are, and not by how far away. Walks leave out none. */
export function leavesOutStates({ within }: Targets, { messages }: Pick<Limits, 'messages'>) {
  return within !== undefined || messages < Infinity;
}

export interface Break {
  readonly subject: Promised;
  readonly reason: BreakReason;
}

/**
 * The monitors whose findings a search is about: without those that only count, and without a
 * history if nothing reads it, because no two histories of different runs are equal.
 */
export function exploredMonitors(scenario: Scenario, readsHistory: boolean): Monitor[] {
  const isJudged = scenario.expect.some(({ type }) => type === 'history');
  return [
    ...(isJudged || readsHistory ? [new HistoryMonitor()] : []),
    ...derivedEventMonitors(scenario.protocol),
    scenarioMonitor(scenario),
    new ThrownMonitor(scenario),
    ...expectationMonitors(scenario),
    ...invariantMonitors(scenario.protocol),
  ];
}

/**
 * What the last action broke, as far as its effects show it; at the start, the action is null.
 * `isExcused`: says what is not a promise in this run.
 */
export function brokenIn(
  { setting, watches = () => true }: Pick<Problem, 'setting' | 'watches'>,
  world: World,
  action: Action | null,
  effects: Effects,
  isExcused: (subject: Promised) => boolean = () => false,
): Break | undefined {
  const { violations, failure } = effects;
  for (const { monitor, reason } of violations) {
    const by = world.monitors.find(({ name }) => name === monitor);
    const subject = by && subjectOf(by, reason as Reason, setting.scenario);
    if (subject === undefined || isExcused(subject) || !watches(subject)) continue;
    return { subject, reason: reason as Reason };
  }
  if (failure === null) return undefined;
  // The scenario may expect that a handler throws.
  const [thrown] = thrownVerdicts(world);
  if (thrown?.type === 'violated' && watches(thrown.subject)) {
    return { subject: thrown.subject, reason: thrown.reason };
  }
  if (setting.scenario !== undefined) return undefined;
  const { node, message } = failure;
  const subject = { kind: 'handler', node, handler: handlerName(action, effects) } as const;
  return { subject, reason: { code: 'handler-threw', message } };
}

function subjectOf(
  monitor: Monitor,
  reason: Reason,
  scenario: Scenario | undefined,
): Promised | undefined {
  if (monitor instanceof InvariantMonitor) return { kind: 'invariant', name: monitor.name };
  if (monitor instanceof DerivedEventMonitor) return { kind: 'derived event', name: monitor.name };
  if (monitor instanceof ExpectationMonitor) {
    const { text, range } = monitor.expectation;
    return { kind: 'expectation', text, range };
  }
  if (reason.code !== 'steps-failed' || scenario === undefined) return { kind: 'run' };
  const { text, range } = scenario.steps[reason.failures[0].index];
  return { kind: 'step', text, range };
}
