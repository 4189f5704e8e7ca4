/**
 * Which cells of what they remember the observers of a step use and change: two steps depend on
 * each other only if one changes what the other uses. In most memories, nodes have cells of their
 * own.
 */
import { DerivedEventMonitor } from '../../../check/derived-events.ts';
import { InvariantMonitor } from '../../../check/invariants.ts';
import type { Monitor, World } from '../../../kernel/world.ts';
import { CellNames, isIdentical, WatchedMemory } from '../watched-memory.ts';
import type { Forgotten } from './footprint.ts';

/** Observers whose memories are one cell each, which is known once their code uses them so. */
export type WholeMemories = Set<Monitor>;

/** The memory of an observer. */
interface Remembering {
  readonly names: CellNames;
  /** Its place among the memories of a world. */
  readonly index: number;
  readonly watched: WatchedMemory;
  /** The cells that were used in this step. */
  readonly used: Set<number>;
}

export class Memories {
  /** The cells that were read or written in this step. */
  readonly used = new Set<number>();
  /** Those whose values are others after it. */
  readonly changed = new Set<number>();
  private readonly all = new Map<Monitor, Remembering>();
  private cells = 0;
  private hasNew = false;

  constructor(
    { monitors, memories, nodes }: World,
    private readonly wholes: WholeMemories,
    private readonly forgotten: Forgotten,
  ) {
    const ids = nodes.map(({ id }) => id);
    for (const [index, monitor] of monitors.entries()) {
      const own = ownOf(monitor, memories[index]);
      if (own === undefined) continue;
      const names = new CellNames(own, wholes.has(monitor), ids, () => this.cells++);
      const used = new Set<number>();
      const watched = new WatchedMemory(names, (cell) => used.add(cell));
      this.all.set(monitor, { names, index, watched, used });
    }
  }

  get isAny(): boolean {
    return this.all.size > 0;
  }

  reset(): void {
    this.used.clear();
    this.changed.clear();
    for (const { used } of this.all.values()) used.clear();
  }

  /** What an observer receives. */
  show(own: unknown, observer: Monitor): unknown {
    return this.all.get(observer)?.watched.show(own) ?? own;
  }

  /** Whether an observer uses its memory in a way that is not one of cells: then it is whole. */
  findsOdd(): boolean {
    for (const [observer, { watched }] of this.all) if (watched.isOdd) this.makeWhole(observer);
    return this.hasNew;
  }

  /** The next search takes the memory of an observer for one cell. False if this one does. */
  makeWhole(observer: Monitor): boolean {
    if (this.all.get(observer)?.names.records === undefined) return false;
    this.wholes.add(observer);
    this.hasNew = true;
    return true;
  }

  /** Notes what the step changed: only what was used, because all ways to a value pass its cell. */
  compare(before: World, after: World): void {
    for (const [observer, { names, index, watched, used }] of this.all) {
      if (used.size === 0) continue;
      const own = ownOf(observer, before.memories[index]);
      const now = ownOf(observer, after.memories[index]);
      for (const cell of used) {
        if (names.isOrder(cell) && this.forgotten.has('orders of keys')) continue;
        this.used.add(cell);
        const value = names.valueIn(now, cell);
        if (isIdentical(names.valueIn(own, cell), value)) continue;
        this.changed.add(cell);
        if (watched.isPart(value)) this.makeWhole(observer);
      }
    }
  }
}

/** What an invariant or a derived event remembers; undefined if it remembers nothing. */
function ownOf(monitor: Monitor, memory: unknown): unknown {
  const remembers = monitor instanceof InvariantMonitor || monitor instanceof DerivedEventMonitor;
  return remembers ? (memory as { own: unknown }).own : undefined;
}
