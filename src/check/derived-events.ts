/** The derived events of a protocol as monitors; each adds its events to the step's effects. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import { variantOf } from '../kernel/handler.ts';
import type { Pending } from '../kernel/pending.ts';
import { seal } from '../kernel/data/seal.ts';
import { shown } from '../kernel/data/shown.ts';
import type { Monitor, World } from '../kernel/world.ts';
import type { DerivedEvent, Json, Protocol } from '../protocol/types.ts';
import { type Witness, witnessAt } from '../scenario/verdict.ts';
import { authorCodeFailed, initialMemory } from './author-code.ts';
import { type Reader, tracedObservation } from './field-reads.ts';
import { observationOf } from './observation.ts';

interface Seen {
  /** What the derived event itself remembers. */
  own: unknown;
  /** Where it threw; it is not evaluated after that. */
  violated: Witness | null;
}

/** Runs before all other monitors, so that they see its events like those of any node. */
export class DerivedEventMonitor implements Monitor<Seen> {
  private readonly reader: Reader;

  constructor(
    readonly name: string,
    private readonly derived: DerivedEvent,
  ) {
    this.reader = { kind: 'derived event', name };
  }

  start(): Seen {
    return { own: undefined, violated: null };
  }

  after(world: World, action: Action | Pending | null, effects: Effects, seen: Seen): undefined {
    if (seen.violated !== null) return;
    try {
      if (action === null) seen.own = initialMemory(this.derived);
      else if (effects.acted >= 0) this.look(world, effects, seen.own);
    } catch (error) {
      const violation = authorCodeFailed(error, 'derived event', this.name);
      effects.violations.push(violation);
      seen.violated = witnessAt(world, violation.reason);
    }
  }

  private look(world: World, effects: Effects, memory: unknown): void {
    const acted = world.nodes[effects.acted];
    const look = variantOf(this.derived.look);
    const seen = observationOf(world, effects, memory, this);
    const observation = tracedObservation(seen, world, this.reader);
    const found: unknown = look(observation);
    if (!Array.isArray(found) || !found.every(isFields)) {
      const list = '`look` must return a list with the fields of each event, or an empty list';
      throw new Error(`it returned ${shown(found)}: ${list}`);
    }
    for (const fields of found) {
      effects.events.push({ node: acted.id, name: this.name, fields: seal(fields, '', 'events') });
      effects.derived++;
      if (effects.locate) effects.eventStacks.push('');
    }
  }
}

function isFields(value: unknown): value is Readonly<Record<string, Json>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function derivedEventMonitors(protocol: Protocol): DerivedEventMonitor[] {
  return Object.entries(protocol.derivedEvents ?? {}).map(
    ([name, derived]) => new DerivedEventMonitor(name, derived),
  );
}
