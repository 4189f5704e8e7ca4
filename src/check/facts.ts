/** The facts of a protocol as monitors: each adds its event to the step in which it comes about. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { editionOf } from '../kernel/handler.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Fact, Protocol } from '../protocol/types.ts';
import { type Broken, brokenAt, failure } from './broken.ts';

interface Seen {
  /** What the fact itself remembers. */
  own: unknown;
  /** Where it threw: it is not asked again. */
  broken: Broken | null;
}

/** Stands before all other monitors, so that they hear its events like any node's. */
export class FactMonitor implements Monitor<Seen> {
  constructor(
    readonly name: string,
    private readonly fact: Fact,
  ) {}

  start(): Seen {
    return { own: undefined, broken: null };
  }

  after(world: World, action: Action | Pending | null, effects: Effects, seen: Seen): undefined {
    if (seen.broken !== null) return;
    try {
      if (action === null) seen.own = editionOf(this.fact.remember)?.();
      else if (effects.acted >= 0) this.look(world, effects, seen.own);
    } catch (error) {
      const found = failure(error, 'fact', this.name);
      effects.violations.push(found);
      seen.broken = brokenAt(world, found.why);
    }
  }

  private look(world: World, effects: Effects, memory: unknown): void {
    const acted = world.nodes[effects.acted];
    const look = editionOf(this.fact.look);
    for (const fields of look({ nodes: world.nodes, acted, time: world.time, memory })) {
      effects.events.push({ node: acted.id, name: this.name, fields });
      if (effects.locate) effects.eventStacks.push('');
    }
  }
}

export function factMonitors(protocol: Protocol): FactMonitor[] {
  return Object.entries(protocol.facts ?? {}).map(([name, fact]) => new FactMonitor(name, fact));
}
