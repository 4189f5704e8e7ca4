/** The invariants of a protocol as monitors: a run checks them after every action. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { workspaceCode } from '../code/code.ts';
import { variantOf } from '../kernel/handler.ts';
import type { Pending } from '../kernel/pending.ts';
import { shown } from '../kernel/data/shown.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Invariant, Observation, Protocol } from '../protocol/types.ts';
import { type Reason, type Witness, witnessAt } from '../scenario/verdict.ts';
import { authorCodeFailed, initialMemory } from './author-code.ts';
import { type Reader, tracedObservation } from './field-reads.ts';
import { observationOf } from './observation.ts';

interface Memory {
  /** What the invariant itself remembers. */
  own: unknown;
  /** After how many steps its condition `when` was true; the start counts as one. */
  applied: number;
  violated: Witness | null;
}

export class InvariantMonitor implements Monitor<Memory> {
  private readonly reader: Reader;
  // Invariants have different shapes, which makes it slow to read these of them in each step.
  private readonly whenCode: Invariant['when'];
  private readonly checkCode: Invariant['check'];

  constructor(
    readonly name: string,
    readonly invariant: Invariant,
    /** Whether what it reads may be noted: the compiler has checked the built-in protocols. */
    readonly isTraced = true,
  ) {
    this.reader = { kind: 'invariant', name };
    this.whenCode = invariant.when;
    this.checkCode = invariant.check;
  }

  start(): Memory {
    return { own: undefined, applied: 0, violated: null };
  }

  /** Returns the reason once, with the action that violates the invariant. */
  after(
    world: World,
    action: Action | Pending | null,
    effects: Effects,
    memory: Memory,
  ): Reason | undefined {
    if (memory.violated !== null) return undefined;
    try {
      if (action === null) memory.own = initialMemory(this.invariant);
      const seen = observationOf(world, effects, memory.own, this);
      const observation = this.isTraced ? tracedObservation(seen, world, this.reader) : seen;
      if (!this.applies(observation)) return undefined;
      memory.applied++;
      const sentence = this.check(observation);
      if (sentence === undefined) return undefined;
      const reason: Reason = { code: 'invariant', sentence };
      memory.violated = witnessAt(world, reason);
      return reason;
    } catch (error) {
      const violation = authorCodeFailed(error, 'invariant', this.name);
      // Pushed here instead of returned, because it has a call stack.
      effects.violations.push(violation);
      memory.violated = witnessAt(world, violation.reason);
      return undefined;
    }
  }

  /** Whether it is violated in what it observes, or throws; a search asks so, without a world. */
  isBrokenIn(observation: Observation<unknown>, passes: (error: unknown) => boolean): boolean {
    try {
      return this.applies(observation) && this.check(observation) !== undefined;
    } catch (error) {
      if (passes(error)) throw error;
      return true;
    }
  }

  private applies(observation: Observation<unknown>): boolean {
    if (this.whenCode === undefined) return true;
    const when = variantOf(this.whenCode);
    const isTrue: unknown = when(observation);
    if (typeof isTrue === 'boolean') return isTrue;
    throw new Error(`\`when\` returned ${shown(isTrue)}: return true or false`);
  }

  private check(observation: Observation<unknown>): string | undefined {
    const check = variantOf(this.checkCode);
    const sentence: unknown = check(observation);
    if (sentence === undefined) return undefined;
    if (typeof sentence === 'string' && sentence !== '') return sentence;
    const instead = 'return undefined while it holds, or else a sentence that says why it does not';
    throw new Error(`it returned ${shown(sentence)}: ${instead}`);
  }
}

export function invariantMonitors(protocol: Protocol): InvariantMonitor[] {
  const isTraced = workspaceCode(protocol) !== undefined;
  return Object.entries(protocol.invariants).map(
    ([name, invariant]) => new InvariantMonitor(name, invariant, isTraced),
  );
}
