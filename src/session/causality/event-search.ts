/** Finds an event of a node by name. Events are not recorded, so steps are replayed in parts. */
import { Effects } from '../../kernel/effects.ts';
import { asPending, type Run, type Way } from '../../kernel/run.ts';
import { step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import type { Simulation } from '../simulation.ts';

export interface FoundEvent {
  readonly step: number;
  /** Its place among the events of that step. */
  readonly index: number;
}

/** Wanted: the nth event of that name, counted from 1; the last one if `nth` is undefined. */
export interface WantedEvent {
  readonly node: string;
  readonly name: string;
  readonly nth?: number;
}

/**
 * The last event is searched in stretches from the end to the start, each as long as all that were
 * searched before; the nth in one stretch from the start.
 */
export class EventSearch {
  /** How many such events were passed in the stretch. */
  count = 0;
  private last: FoundEvent | undefined;
  private readonly effects = new Effects();
  private from: number;
  private end: number;
  private length = 256;
  private way: Way | undefined;
  private world: World | undefined;

  /** Searches the steps of a branch of the simulation up to `until`. */
  constructor(
    private readonly simulation: Simulation,
    private readonly run: Run,
    private readonly wanted: WantedEvent,
    until: number,
  ) {
    this.end = until;
    this.from = wanted.nth === undefined ? Math.max(0, until - this.length) : 0;
  }

  /** Replays at most `budget` actions: the event, null if there is none, undefined before that. */
  advance(budget: number): FoundEvent | null | undefined {
    for (let left = budget; left > 0; left--) {
      if (this.world === undefined && !this.isBegun(left)) return undefined;
      if (this.count === this.wanted.nth) return this.last;
      const world = this.world!;
      if (world.step < this.end) this.replayOne(world);
      else if (this.wanted.nth !== undefined) return null;
      else if (this.last !== undefined || this.from === 0) return this.last ?? null;
      else this.earlier();
    }
    return undefined;
  }

  private isBegun(budget: number): boolean {
    this.way ??= this.run.wayTo(this.from);
    this.world = this.way.world(budget);
    if (this.world === undefined) return false;
    this.way = undefined;
    if (this.from === 0) this.note(0, this.simulation.explain(0, this.run).effects);
    return true;
  }

  private replayOne(world: World): void {
    const action = this.run.action(world.step + 1);
    if (!step(world, asPending(world, action), this.effects)) {
      throw new Error(`step ${world.step + 1} cannot be replayed`);
    }
    this.note(world.step, this.effects);
  }

  private note(number: number, { events }: Effects): void {
    const { node, name, nth } = this.wanted;
    for (const [index, event] of events.entries()) {
      if (event.node !== node || event.name !== name || this.count === nth) continue;
      this.count++;
      this.last = { step: number, index };
    }
  }

  private earlier(): void {
    this.end = this.from;
    this.length *= 2;
    this.from = Math.max(0, this.end - this.length);
    this.world = undefined;
  }
}
