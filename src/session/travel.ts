/** A jump to a recorded moment that may be far away: the way to it is replayed in parts. */
import type { Way } from '../kernel/run.ts';
import type { Session } from './session.ts';
import type { Branch } from './simulation.ts';

/** So few actions are replayed at once. */
const nearMost = 256;

/** The session itself stays where it is until a jump to the moment is short. */
export class Travel {
  private way: Way | undefined;

  constructor(
    private readonly session: Session,
    readonly step: number,
    private readonly branch?: Branch,
  ) {}

  /** Replays at most `budget` actions. Returns whether a jump to the moment is short now. */
  advance(budget: number): boolean {
    const { run } = this.branch ?? this.session.branch;
    const isThere = this.step >= 0 && this.step <= run.length;
    if (!isThere || (this.way === undefined && run.distanceTo(this.step) <= nearMost)) return true;
    this.way ??= run.wayTo(this.step);
    const world = this.way.world(budget);
    if (world === undefined) return false;
    run.remember(world);
    return true;
  }

  /** How far the replay is; undefined before it begins. */
  get reached(): { readonly step: number; readonly time: number } | undefined {
    return this.way;
  }
}
