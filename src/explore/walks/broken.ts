/** What a run must keep, and which of it an action broke: invariants, expectations, handlers. */
import { DerivedEventMonitor, derivedEventMonitors } from '../../check/derived-events.ts';
import { historyVerdict } from '../../check/history/judge.ts';
import { HistoryMonitor } from '../../check/history/recording.ts';
import { InvariantMonitor } from '../../check/invariants.ts';
import type { Action } from '../../kernel/action.ts';
import type { Effects } from '../../kernel/effects.ts';
import { formatDuration } from '../../kernel/text/duration.ts';
import type { Pending } from '../../kernel/pending.ts';
import type { Monitor, World } from '../../kernel/world.ts';
import { scenarioMonitor } from '../../scenario/driver.ts';
import { ExpectationMonitor, expectationVerdicts } from '../../scenario/expect.ts';
import { handlerName } from '../../scenario/handler-name.ts';
import type { Expectation, Scenario } from '../../scenario/scenario.ts';
import { matchesThrow } from '../../scenario/thrown.ts';
import type { Expression } from '../../scenario/conditions/condition.ts';
import type { SourceRange } from '../../scenario/problem.ts';
import type { Reason, Subject } from '../../scenario/verdict.ts';
import type { LeadsTo } from '../liveness.ts';
import { isSafety, mustHappen } from '../promises.ts';

/** The place of what no file says. */
export const nowhere: SourceRange = { line: 1, column: 1, endLine: 1, endColumn: 1 };

/** A promise that a run broke. */
export interface Broken {
  readonly subject: Subject;
  readonly reason: Reason;
}

/** Equal for violations of the same promise, whatever node or moment they are about. */
export function promiseOf(subject: Subject): string {
  switch (subject.kind) {
    case 'step':
    case 'expectation':
    case 'until':
      return `${subject.kind} ${subject.text}`;
    case 'handler':
      return `handler ${JSON.stringify(subject.handler)}`;
    case 'look':
      return `look ${subject.role}`;
    case 'run':
    case 'broken twin':
      return subject.kind;
    default:
      return `${subject.kind} ${subject.name}`;
  }
}

/** That a condition is not reached within its time once faults stop, as a step says it. */
export function missing({ condition, within }: LeadsTo): Broken {
  const text = `wait until ${condition.text} within ${formatDuration(within)}`;
  const compared = [] as const;
  const reason = { code: 'condition-never-true', condition: condition.text, compared, within };
  return { subject: { kind: 'step', text, range: nowhere }, reason } as Broken;
}

/** The scenario with the promise that a state is never reached: a search for it breaks that. */
export function withReach(scenario: Scenario, condition: Expression): Scenario {
  const { subject: { text } } = reachedAs(condition) as { subject: { text: string } };
  const never: Expectation = { type: 'never', text, range: nowhere, condition };
  return { ...scenario, expect: [...scenario.expect, never] };
}

/** What finding that state breaks. */
export function reachedAs(condition: Expression): Broken {
  const text = `never: ${condition.text}`;
  const compared = [] as const;
  return {
    subject: { kind: 'expectation', text, range: nowhere },
    reason: { code: 'condition-true', condition: condition.text, compared },
  };
}

/** The promises of a scenario: the monitors that watch them, and what they found. */
export class Promises {
  readonly monitors: readonly Monitor[];
  private readonly watched = new Map<string, Subject>();
  private readonly histories: readonly Extract<Expectation, { type: 'history' }>[];
  /** The expectations that the end of a run decides. */
  private readonly ends: ReadonlySet<string>;
  private readonly throwsExpected: readonly Extract<Expectation, { type: 'throws' }>[];

  /** `only`: the promise that is watched; all of the scenario's by default. */
  constructor(
    private readonly scenario: Scenario,
    private readonly only?: string,
  ) {
    const { expect, protocol } = scenario;
    const isWatched = (subject: Subject) => only === undefined || promiseOf(subject) === only;
    const subjectOf = ({ text, range }: Expectation): Subject => {
      return { kind: 'expectation', text, range };
    };
    const expected = expect.filter((one) => isWatched(subjectOf(one)));
    // What must happen is judged only if it is what a finding is about.
    const isOfEnd = (one: Expectation) => {
      return one.type === 'end' || (only !== undefined && mustHappen(one));
    };
    const ofExpectations = expected
      .map((one) => new ExpectationMonitor(one));
    const ofInvariants = Object.entries(protocol.invariants)
      .filter(([name]) => isWatched({ kind: 'invariant', name }))
      // What they read is not noted: `lockstep run` reports misspelt fields.
      .map(([name, invariant]) => new InvariantMonitor(name, invariant, false));
    this.monitors = [
      new HistoryMonitor(),
      ...derivedEventMonitors(protocol),
      scenarioMonitor(scenario),
      ...ofExpectations,
      ...ofInvariants,
    ];
    for (const { expectation, name } of ofExpectations) {
      if (!isSafety(expectation) && !isOfEnd(expectation)) continue;
      this.watched.set(name, subjectOf(expectation));
    }
    for (const { name } of ofInvariants) this.watched.set(name, { kind: 'invariant', name });
    for (const monitor of this.monitors) {
      if (!(monitor instanceof DerivedEventMonitor)) continue;
      const subject: Subject = { kind: 'derived event', name: monitor.name };
      if (isWatched(subject)) this.watched.set(monitor.name, subject);
    }
    this.histories = expected.filter((one) => one.type === 'history');
    this.ends = new Set(expected.filter(isOfEnd).map(({ text }) => text));
    this.throwsExpected = expect.filter((one) => one.type === 'throws');
  }

  /** What the last action broke first, if it broke anything; `action` is null for the start. */
  after(world: World, action: Action | Pending | null, effects: Effects): Broken | undefined {
    const { violations, failure } = effects;
    for (let i = 0; i < violations.length; i++) {
      const subject = this.watched.get(violations[i].monitor);
      if (subject !== undefined) return { subject, reason: violations[i].reason as Reason };
    }
    if (failure === null) return undefined;
    for (const { throws } of this.throwsExpected) {
      if (matchesThrow(throws, world, effects) === true) return undefined;
    }
    const { node, message } = failure;
    const subject: Subject = { kind: 'handler', node, handler: handlerName(action, effects) };
    if (this.only !== undefined && promiseOf(subject) !== this.only) return undefined;
    return { subject, reason: { code: 'handler-threw', message } };
  }

  /** The step of the scenario that failed with the last action. */
  failedStep({ violations }: Effects): Broken | undefined {
    for (const { reason } of violations) {
      const { code } = reason as Reason;
      if (code !== 'steps-failed') continue;
      const [{ index, reason: why }] = (reason as Extract<Reason, { code: typeof code }>).failures;
      const { text, range } = this.scenario.steps[index];
      return { subject: { kind: 'step', text, range }, reason: why };
    }
    return undefined;
  }

  /**
   * What the end of a run breaks. The history of a run that was cut off is one, too; `end` is only
   * about a run that is `complete`.
   */
  atEnd(world: World, complete: boolean): Broken | undefined {
    for (const expectation of this.histories) {
      const verdict = historyVerdict(expectation, world, world.time);
      if (verdict.type === 'violated') return verdict;
    }
    if (!complete || this.ends.size === 0) return undefined;
    for (const verdict of expectationVerdicts(world, true, world.time)) {
      const { subject } = verdict;
      if (verdict.type === 'violated' && 'text' in subject && this.ends.has(subject.text)) {
        return verdict;
      }
    }
    return undefined;
  }
}
