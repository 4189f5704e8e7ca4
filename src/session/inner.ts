/** The position of a session inside an action, and what stacks and variables read there. */
import type { Handler } from '../kernel/next-handler.ts';
import type { World } from '../kernel/world.ts';
import type { RecordedOperation } from '../protocol/history.ts';
import { historyAt } from '../check/history/recording.ts';
import type { Watch } from './breakpoints/watch.ts';
import { type Entered, enteredHandler, traceOf } from './entry.ts';
import { Past } from './past.ts';
import type { Cursor } from './read/reading.ts';
import type { ReplayedMoment, ReplayedTrace } from './replayed-trace.ts';
import { atStart, type Stop } from './stop.ts';

/** Where the cursor is inside an action. Never changed: replaced as a whole. */
interface Inside {
  /** The world is the one before it; for the start, in which the nodes boot, the one after. */
  readonly entered: Entered;
  /** How many of its statements were executed: 0 at the first; −1 if it has none. */
  readonly line: number;
  /** The line up to which log points have written their messages. */
  readonly loggedTo: number;
  /** True if an event stopped the session on its way: the user goes action by action. */
  readonly isPassing: boolean;
  /** True in the code of an invariant or a derived event, whose statements follow the handlers'. */
  readonly isInProperty: boolean;
}

export abstract class Inner extends Past {
  abstract readonly watch: Watch;
  protected place: Inside | null = null;
  /** The statements of the entered action, computed when first needed. */
  protected enteredTrace: ReplayedTrace | undefined;
  private reason: Stop = atStart;

  get world(): World {
    return this.simulation.world;
  }

  get history(): readonly RecordedOperation[] {
    return historyAt(this.world);
  }

  /** How many actions led here. */
  get step(): number {
    return this.simulation.world.step;
  }

  get stop(): Stop {
    return this.reason;
  }

  /** Sets why the session is where it is. */
  stopAt(stop: Stop): Stop {
    this.reason = stop;
    return stop;
  }

  get cursor(): Cursor {
    const { step, place } = this;
    const { number: branch } = this.simulation.branch;
    if (place === null) return { branch, step, inside: null };
    const type = place.entered.type === 'start' ? 'start' : 'action';
    return { branch, step, inside: { type, line: place.line } };
  }

  get entered(): Entered | null {
    return this.place?.entered ?? null;
  }

  get handler(): Handler | undefined {
    return this.place === null ? undefined : enteredHandler(this.world, this.place.entered);
  }

  get trace(): ReplayedTrace | undefined {
    const { place, code, world, watch } = this;
    if (place === null || !code.variants) return undefined;
    // A property is stepped through to its end, even if its breakpoint is removed meanwhile.
    const withProperties = watch.hasLines || place.isInProperty;
    return (this.enteredTrace ??= traceOf(code.variants, world, place.entered, withProperties));
  }

  /** The line of the cursor; −1 between actions, and if there are no statements. */
  get line(): number {
    return this.place?.line ?? -1;
  }

  /** Whether an event stopped the session here while the user goes action by action. */
  get isPassing(): boolean {
    return this.place?.isPassing === true;
  }

  /** The moment at the line of the cursor: replayed only when it is read. */
  get inside(): ReplayedMoment | undefined {
    const { trace, line } = this;
    return trace && line >= 0 ? trace.at(line) : undefined;
  }

  /** Moves to a line of the entered action. */
  moveTo(line: number, why: Stop): Stop {
    if (this.place !== null) {
      const isPassing = this.place.isPassing && why.reason.type === 'event';
      const isInProperty = this.trace?.property(line) !== undefined;
      this.place = { ...this.place, line, isPassing, isInProperty };
    }
    return this.stopAt(why);
  }

  /** Enters an action, before its first statement, because of a stop. */
  protected goInside(entered: Entered, why?: Stop): void {
    this.enteredTrace = undefined;
    const isPassing = why?.reason.type === 'event';
    this.place = { entered, line: 0, loggedTo: -1, isPassing, isInProperty: false };
    if (this.trace?.ownLength === 0) this.place = { ...this.place, line: -1 };
  }
}
