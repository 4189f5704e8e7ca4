/** The invariants of a protocol as monitors: every run checks them after every step. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { formatMoment } from '../kernel/duration.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Invariant, Micros, Protocol } from '../protocol/types.ts';

interface Seen {
  /** What the invariant itself remembers. */
  own: unknown;
  broken: { why: string; step: number; time: Micros } | null;
}

export class InvariantMonitor implements Monitor<Seen> {
  constructor(
    readonly name: string,
    readonly invariant: Invariant,
  ) {}

  start(): Seen {
    return { own: this.invariant.remember?.(), broken: null };
  }

  /** Speaks once, at the step that breaks it. */
  after(world: World, _action: Action | Pending, effects: Effects, seen: Seen): string | undefined {
    if (seen.broken !== null) return undefined;
    const why = this.check(world, effects, seen);
    if (why === undefined) return undefined;
    const at = `step ${world.step}, ${formatMoment(world.time)}`;
    seen.broken = { why: `${why} (${at})`, step: world.step, time: world.time };
    return why;
  }

  private check(world: World, effects: Effects, seen: Seen): string | undefined {
    const acted = effects.acted < 0 ? undefined : world.nodes[effects.acted];
    try {
      const observed = { nodes: world.nodes, acted, time: world.time, memory: seen.own };
      return this.invariant.check(observed);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return `the invariant itself failed: ${message}`;
    }
  }
}

export function invariantMonitors(protocol: Protocol): InvariantMonitor[] {
  return Object.entries(protocol.invariants).map(
    ([name, invariant]) => new InvariantMonitor(name, invariant),
  );
}
