/** The facts of a protocol as monitors: each adds its event to the step in which it comes about. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { Pending } from '../kernel/pending.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { Fact, Protocol } from '../protocol/types.ts';

/** Stands before all other monitors, so that they hear its events like any node's. */
export class FactMonitor implements Monitor {
  constructor(
    readonly name: string,
    private readonly fact: Fact,
  ) {}

  start(): unknown {
    return this.fact.remember?.();
  }

  after(world: World, _action: Action | Pending, effects: Effects, memory: unknown): undefined {
    if (effects.acted < 0) return;
    const acted = world.nodes[effects.acted];
    for (const fields of this.fact.look({ nodes: world.nodes, acted, time: world.time, memory })) {
      effects.events.push({ node: acted.id, name: this.name, fields });
      if (effects.locate) effects.eventStacks.push('');
    }
  }
}

export function factMonitors(protocol: Protocol): FactMonitor[] {
  return Object.entries(protocol.facts ?? {}).map(([name, fact]) => new FactMonitor(name, fact));
}
