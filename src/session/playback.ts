/** A second cursor on the branch of a session: it reads each moment again, and moves nothing. */
import { historyAt } from '../check/history/recording.ts';
import type { World } from '../kernel/world.ts';
import type { RecordedOperation } from '../protocol/history.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Breakpoint, Trigger } from './breakpoints/breakpoint.ts';
import { Hits } from './breakpoints/hits.ts';
import { Watch } from './breakpoints/watch.ts';
import { Past } from './past.ts';
import type { Cursor, Reading } from './read/reading.ts';
import type { Session } from './session.ts';
import type { Branch, Simulation } from './simulation.ts';
import { atStart, type Stop, stopFor } from './stop.ts';

const stepped = stopFor({ type: 'step' });

export class Playback extends Past implements Reading {
  readonly simulation: Simulation;
  readonly branch: Branch;
  readonly entered = null;
  readonly handler = undefined;
  readonly trace = undefined;
  readonly inside = undefined;
  /** How many actions the branch had when this was made. It may have grown since. */
  private readonly end: number;
  private readonly watch: Watch;
  private reason: Stop;

  /** Begins at `step` of the branch on which the session is now. */
  constructor({ script, code, branch, simulation, length }: Session, step: number) {
    super(script, code);
    this.branch = branch;
    this.end = length;
    this.simulation = simulation.beside(step);
    this.reason = step === 0 ? atStart : stepped;
    this.watch = new Watch(this.moment.plan, code, script, () => undefined);
    this.watch.set(momentsOf(script.scenario));
  }

  override get length(): number {
    return this.end;
  }

  override get moment(): World {
    return this.simulation.world;
  }

  get cursor(): Cursor {
    return { branch: this.branch.number, step: this.moment.step, inside: null };
  }

  /** Where the scenario itself would stop, and at violations and errors, it says so. */
  get stop(): Stop {
    return this.reason;
  }

  get history(): readonly RecordedOperation[] {
    return historyAt(this.moment);
  }

  /** No action is taken in a playback but those that were recorded. */
  actsOn(): [] {
    return [];
  }

  /** Nothing is typed into a playback, so nothing is wrong with it. */
  faultIn(): undefined {
    return undefined;
  }

  /** Goes to the moment after the next action. Returns false at the end. */
  forward(): boolean {
    const { simulation, watch } = this;
    if (simulation.world.step >= this.end) return false;
    watch.prepare(simulation.world, undefined);
    simulation.next();
    const next = () => undefined;
    this.reason = watch.after(simulation.world, simulation.applied, 0, next) ?? stepped;
    return true;
  }
}

/** The events of `breakOn`, whatever is violated, and each handler that throws. */
function momentsOf({ breakOn }: Scenario): Breakpoint[] {
  const one = (id: number, trigger: Trigger): Breakpoint => {
    return { id, origin: 'exception', trigger, hits: new Hits() };
  };
  const events = breakOn.map(({ name, node, where }, index): Breakpoint => {
    const trigger: Trigger = { type: 'event', name, ...(node === undefined ? {} : { node }) };
    return { ...one(index + 3, trigger), ...(where ? { condition: where } : {}) };
  });
  return [one(1, { type: 'violated' }), one(2, { type: 'thrown' }), ...events];
}
