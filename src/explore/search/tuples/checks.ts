/** All that a search of tuples holds against a state and the step to it. */
import { InvariantMonitor } from '../../../check/invariants.ts';
import type { Monitor, World } from '../../../kernel/world.ts';
import { ExpectationMonitor } from '../../../scenario/expect.ts';
import type { Unknown } from '../../verdict.ts';
import type { Problem } from '../problem.ts';
import { controlAt, spentAt } from './child.ts';
import { Control } from './control.ts';
import type { LocalSteps, Result } from './local.ts';
import { Script } from './script.ts';
import {
  conditionValue, type Evaluation, invariantValue, isFalse, isTrue, type Learned, StateValue,
} from './state-checks.ts';

export class Checks {
  readonly control: Control;
  readonly script: Script | undefined;
  /** Why the search proves nothing although it went to its end. */
  doubt: Unknown | undefined;
  /** Those of states: 1 if something is violated. */
  private readonly ofStates: readonly StateValue[];
  private readonly reach: StateValue | undefined;
  private readonly within: StateValue | undefined;

  constructor(
    { world, setting: { scenario }, targets: { reach, within } }: Problem,
    learned: Learned,
    private readonly local: LocalSteps,
  ) {
    const evaluations = world.monitors.map((one) => ofStateOnly(one, world, learned));
    const value = (evaluate: Evaluation) => new StateValue(evaluate, local);
    this.ofStates = evaluations.filter((one) => one !== undefined).map(value);
    const others = world.monitors.filter((one, i) => {
      return evaluations[i] === undefined && remembers(one);
    });
    this.control = new Control(world, local, others, learned);
    this.script = scenario && new Script(scenario, world, local, this.control);
    const target = (condition: typeof reach, of: 'reach' | 'within') => {
      return condition && value(conditionValue(condition, world, (failure) => {
        this.doubt ??= { code: 'condition-failed', of, failure };
      }));
    };
    this.reach = target(reach, 'reach');
    this.within = target(within, 'within');
  }

  get bytes(): number {
    const all = [...this.ofStates, this.reach, this.within];
    const values = all.reduce((sum, one) => sum + (one?.bytes ?? 0), 0);
    return values + this.control.bytes + (this.script?.bytes ?? 0);
  }

  /**
   * What is remembered after a step; −1 if something is violated. `now`: the state before it, if a
   * message was duplicated first.
   */
  after(words: Int32Array, result: Result, now: Int32Array | null): number {
    const size = this.local.size;
    const isSpent = words[size + spentAt] === 1;
    if (this.script === undefined && result.hasFailed) return -1;
    let control = words[size + controlAt];
    if (this.control.isEmpty) return control;
    if (now !== null) control = this.control.after(control, this.local.idle, now, isSpent);
    return control < 0 ? control : this.control.after(control, result, words, isSpent);
  }

  /**
   * Whether a state violates something, or is one that is searched for. `node` changed since a
   * state of which nothing of this is true, and was in the state `before`; −1 if none did.
   */
  brokenBy(words: Int32Array, node: number | undefined, before = -1): 'step' | 'reach' | undefined {
    if (node === -1) return undefined;
    const { size } = this.local;
    const isSame = (value: StateValue) => {
      return node !== undefined && value.isAlike(before, words[node]);
    };
    const { ofStates, reach } = this;
    for (let i = 0; i < ofStates.length; i++) {
      if (!isSame(ofStates[i]) && ofStates[i].of(words, size) !== isFalse) return 'step';
    }
    if (reach === undefined || isSame(reach)) return undefined;
    return reach.of(words, size) === isTrue ? 'reach' : undefined;
  }

  isWithin(words: Int32Array): boolean {
    return this.within === undefined || this.within.of(words, this.local.size) === isTrue;
  }
}

/** How to evaluate what only states decide; undefined if steps decide it, too. */
function ofStateOnly(
  monitor: Monitor,
  world: World,
  learned: Learned,
): Evaluation | undefined {
  if (monitor instanceof InvariantMonitor) {
    const { remember } = monitor.invariant;
    const readsStep = remember !== undefined || learned.readingSteps.has(monitor);
    return readsStep ? undefined : invariantValue(monitor, world, learned);
  }
  if (!(monitor instanceof ExpectationMonitor)) return undefined;
  const { expectation } = monitor;
  if (expectation.type !== 'always' && expectation.type !== 'never') return undefined;
  const evaluate = conditionValue(expectation.condition, world);
  const holds = expectation.type === 'always' ? isTrue : isFalse;
  return (nodes, behind) => (evaluate(nodes, behind) === holds ? 0 : 1);
}

/** What is only judged at the end of a run remembers nothing. */
function remembers(monitor: Monitor): boolean {
  return !(monitor instanceof ExpectationMonitor) || monitor.expectation.type !== 'end';
}
