/** The invariants of a protocol as monitors: every run checks them after every step. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { variantOf } from '../kernel/handler.ts';
import type { Pending } from '../kernel/pending.ts';
import { shown } from '../kernel/data/shown.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Invariant, Protocol } from '../protocol/types.ts';
import { type Broken, brokenAt, failure, remembered } from './broken.ts';
import { observationOf } from './observation.ts';

interface Seen {
  /** What the invariant itself remembers. */
  own: unknown;
  broken: Broken | null;
}

export class InvariantMonitor implements Monitor<Seen> {
  constructor(
    readonly name: string,
    readonly invariant: Invariant,
  ) {}

  start(): Seen {
    return { own: undefined, broken: null };
  }

  /** Speaks once, at the step that breaks it. */
  after(
    world: World,
    action: Action | Pending | null,
    effects: Effects,
    seen: Seen,
  ): string | undefined {
    if (seen.broken !== null) return undefined;
    try {
      if (action === null) seen.own = remembered(this.invariant);
      const why = this.check(world, effects, seen.own);
      if (why !== undefined) seen.broken = brokenAt(world, why);
      return why;
    } catch (error) {
      const found = failure(error, 'invariant', this.name);
      effects.violations.push(found);
      seen.broken = brokenAt(world, found.why);
      return undefined;
    }
  }

  private check(world: World, effects: Effects, memory: unknown): string | undefined {
    const check = variantOf(this.invariant.check);
    const why: unknown = check(observationOf(world, effects, memory));
    if (why === undefined || (typeof why === 'string' && why !== '')) return why;
    const nothing = 'an invariant answers nothing while it holds, else a sentence';
    throw new Error(`it answered ${shown(why)}: ${nothing}`);
  }
}

export function invariantMonitors(protocol: Protocol): InvariantMonitor[] {
  return Object.entries(protocol.invariants).map(
    ([name, invariant]) => new InvariantMonitor(name, invariant),
  );
}
