/**
 * The first protocol event by which a branch differs from the run that it parted from. Both are
 * walked once, in parts and only as far as needed; the walk goes on when they have grown.
 */
import { equal } from '../../kernel/data/plain.ts';
import type { EventMoment } from '../../kernel/seam/moment.ts';
import { eventLabel } from '../../kernel/text/message-text.ts';
import type { Micros } from '../../protocol/types.ts';
import type { RecordedBranch, Walk, WalkedStep } from '../read/reading.ts';

export interface EventAt {
  readonly step: number;
  readonly time: Micros;
  readonly node: string;
  /** Its name with its fields: `LeaderElected term 2`. */
  readonly label: string;
}

/** What a branch reports first that its parent does not, or the other way round. */
export interface FirstEvent {
  /** Undefined if the branch reports nothing where its parent does, as far as it is recorded. */
  readonly own?: EventAt;
  /** What the parent reports in its place; undefined if it reports nothing more. */
  readonly instead?: EventAt;
}

interface Reported extends EventAt {
  readonly event: EventMoment;
}

class Side {
  readonly waiting: Reported[] = [];
  private readonly walk: Walk;

  constructor(
    private readonly branch: RecordedBranch,
    first: number,
  ) {
    this.walk = branch.walk(first);
  }

  get isAtEnd(): boolean {
    return this.walk.next > this.branch.length;
  }

  /** Walks until the next event, at most `budget` steps. Returns how many steps were walked. */
  next(budget: number): number {
    const { walk, waiting } = this;
    let walked = 0;
    while (walked < budget && waiting.length === 0 && !this.isAtEnd) {
      walk.go(1, (step) => this.note(step));
      walked++;
    }
    return walked;
  }

  private note({ step, effects, moment }: WalkedStep): void {
    for (const event of effects.events) {
      const label = eventLabel(event, moment.wording);
      const { node } = event;
      this.waiting.push({ step, time: moment.time, node, label, event: { ...event } });
    }
  }
}

export class FirstEventSearch {
  private readonly own: Side;
  private readonly parents: Side;
  private found: FirstEvent | undefined;
  /** The lengths for which nothing more can be said. */
  private seen = [-1, -1];

  constructor(
    private readonly branch: RecordedBranch,
    readonly parent: RecordedBranch,
  ) {
    const first = branch.parted!.step + 1;
    this.own = new Side(branch, first);
    this.parents = new Side(parent, first);
  }

  /** What is known so far; it changes only while one of the two has nothing more to compare. */
  get result(): FirstEvent | undefined {
    return this.found;
  }

  /** Whether `advance` has nothing to do until one of the runs grows. */
  get isDone(): boolean {
    const [own, parent] = this.seen;
    const isFinal = this.found?.own !== undefined && this.found.instead !== undefined;
    return isFinal || (own === this.branch.length && parent === this.parent.length);
  }

  /** Walks at most `budget` steps. */
  advance(budget: number): void {
    const { own, parents } = this;
    for (let left = budget; left > 0 && !this.isDone; ) {
      left -= own.next(left) + parents.next(left) + 1;
      const [[mine], [theirs]] = [own.waiting, parents.waiting];
      if (mine !== undefined && theirs !== undefined && isSame(mine, theirs)) {
        own.waiting.shift();
        parents.waiting.shift();
        this.found = undefined;
        continue;
      }
      const isKnown = (one: Side, event: Reported | undefined) =>
        event !== undefined || one.isAtEnd;
      if (!isKnown(own, mine) || !isKnown(parents, theirs)) continue;
      this.found = mine === undefined && theirs === undefined ? undefined : {
        ...(mine && { own: placeOf(mine) }),
        ...(theirs && { instead: placeOf(theirs) }),
      };
      this.seen = [this.branch.length, this.parent.length];
    }
  }
}

function isSame({ event: one }: Reported, { event: other }: Reported): boolean {
  return equal(one, other);
}

function placeOf({ step, time, node, label }: Reported): EventAt {
  return { step, time, node, label };
}
