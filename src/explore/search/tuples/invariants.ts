/**
 * Invariants that remember or read their step. Each runs once for all that it reads: of the nodes,
 * the step, and the cells of its memory; all of them together, once for a step, the nodes, the
 * bundles of cells that they read, and the orders of keys.
 */
import type { InvariantMonitor } from '../../../check/invariants.ts';
import { copy } from '../../../kernel/data/plain.ts';
import type { World } from '../../../kernel/world.ts';
import { Cells, MemoryShape } from './cells.ts';
import type { SeenSteps } from './group.ts';
import { type LocalSteps, NotLocal, type Result } from './local.ts';
import { Memo, ReadOrder } from './memo.ts';
import { Parts } from './parts.ts';
import { Remembered } from './remembered.ts';
import { isNotLocal, type Learned, Reclassified } from './state-checks.ts';
import { watchedStep } from './watched.ts';

/** What one invariant makes of a step: which cells have another value. */
interface Change {
  readonly isBroken: boolean;
  readonly cells: readonly [cell: number, value: number][];
}

/** What all of them make of a step. */
interface Changes {
  readonly isBroken: boolean;
  /** The parts of nodes that did not act, if these decide it, too. */
  readonly ofNodes: readonly number[];
  /** Of each bundle that is another one: which, and its number. */
  readonly bundles: readonly number[];
  /** The orders of keys that are others: of each its cell, and its value. */
  readonly orders: readonly number[];
}

/** An observer, and the branch of its memo to which a step leads; −1 if that is not known. */
interface Open {
  readonly observer: Observer;
  readonly branch: number;
}

interface Observer {
  readonly monitor: InvariantMonitor;
  /** Undefined if it remembers nothing. */
  readonly shape: MemoryShape | undefined;
  readonly memo: Memo<Change>;
}

export class Invariants {
  private readonly cells: Cells;
  private readonly observers: readonly Observer[];
  private readonly all: readonly Open[];
  /** By step: the observers of which it does not say alone that they change nothing. */
  private readonly open: (readonly Open[] | undefined)[] = [];
  private readonly known = new Memo<Changes>();
  private readonly size: number;
  readonly parts: Parts;
  private readonly read: number[] = [];

  constructor(
    private readonly world: World,
    private readonly local: LocalSteps,
    private readonly seen: SeenSteps,
    monitors: readonly InvariantMonitor[],
    private readonly learned: Learned,
  ) {
    this.size = world.nodes.length;
    const ids = world.nodes.map(({ id }) => id);
    this.cells = new Cells(ids);
    this.observers = monitors.map((monitor, i) => {
      const own = this.startOf(monitor);
      const isWhole = learned.wholeMemories.has(monitor);
      const remembers = own !== undefined;
      const shape = remembers ? new MemoryShape(this.cells, i, own, isWhole, ids) : undefined;
      return { monitor, shape, memo: new Memo() };
    });
    this.all = this.observers.map((observer) => ({ observer, branch: -1 }));
    this.parts = new Parts(local, this.cells);
  }

  /** How many bundles there are. */
  get width(): number {
    return this.cells.bundles.length;
  }

  get bytes(): number {
    const memos = this.observers.reduce((sum, { memo }) => sum + memo.bytes, 0);
    return this.cells.bytes + this.parts.bytes + this.known.bytes + memos;
  }

  get count(): number {
    return this.observers.length;
  }

  /** The bundles of the memories at the start. */
  first(): Int32Array {
    const { cells } = this;
    const bundles = new Int32Array(this.width);
    for (const { monitor, shape } of this.observers) {
      for (const [cell, value] of shape?.cellsOf(copy(this.startOf(monitor))) ?? []) {
        bundles[cells.bundleOf(cell)] = cells.written(bundles, cell, cells.numberOf(cell, value));
      }
    }
    return bundles;
  }

  /** What the invariants remember where the bundles have these numbers, in place of `memories`. */
  write(memories: unknown[], bundles: ArrayLike<number>): void {
    const { cells } = this;
    for (const { monitor, shape } of this.observers) {
      const own = shape?.memory((cell) => cells.at(cell, bundles[cells.bundleOf(cell)]));
      const at = this.world.monitors.indexOf(monitor);
      memories[at] = { ...(memories[at] as object), own };
    }
  }

  high(bundle: number, number: number): number {
    return this.cells.bundles[bundle].high(number);
  }

  low(bundle: number, number: number): number {
    return this.cells.bundles[bundle].low(number);
  }

  /** Writes what a step changes into the numbers of bundles. */
  after(bundles: Int32Array, result: Result, words: Int32Array): Changes {
    const { parts, known, cells } = this;
    parts.show(words, bundles, this.seen.of(result.step, result.effects));
    const number = known.find(result.step, parts);
    const changes = number >= 0 ? known.at(number) : this.observe({ result, words, bundles });
    const { bundles: changed, orders } = changes;
    for (let i = 0; i < changed.length; i += 2) bundles[changed[i]] = changed[i + 1];
    for (let i = 0; i < orders.length; i += 2) {
      bundles[cells.bundleOf(orders[i])] = cells.written(bundles, orders[i], orders[i + 1]);
    }
    return changes;
  }

  private observe(moment: Moment): Changes {
    const { cells, parts } = this;
    const { result, bundles } = moment;
    const { acted } = result.effects;
    const order = new ReadOrder();
    const next = bundles.slice();
    const changed: number[] = [];
    const orders: number[] = [];
    let isBroken = false;
    for (const one of this.openIn(result)) {
      const change = this.ofObserver(one, moment);
      for (const part of this.read) {
        const coarse = parts.coarse(part, acted);
        if (coarse !== undefined) order.note(coarse);
      }
      isBroken ||= change.isBroken;
      if (isBroken) break;
      for (const [cell, value] of change.cells) {
        if (cells.isOrder(cell)) {
          orders.push(cell, value);
          continue;
        }
        const bundle = cells.bundleOf(cell);
        next[bundle] = cells.written(next, cell, value);
        if (!changed.includes(bundle)) changed.push(bundle);
      }
    }
    const changes: Changes = {
      isBroken,
      ofNodes: order.parts.filter((part) => parts.isOfNode(part)),
      bundles: changed.flatMap((bundle) => [bundle, next[bundle]]),
      orders,
    };
    this.known.keep(result.step, order.parts, parts, changes);
    return changes;
  }

  /**
   * The observers for which it matters what is remembered, and what nodes are that did not act. Of
   * most of them a step says enough: `when` is false. All of them until each was called for it.
   */
  private openIn({ step, effects: { acted } }: Result): readonly Open[] {
    const known = this.open[step];
    if (known !== undefined) return known;
    const { parts } = this;
    const open: Open[] = [];
    for (const observer of this.observers) {
      const { memo } = observer;
      const branch = memo.settled(0, parts, (part) => parts.isOfStep(part, acted));
      if (branch < 0) return this.all;
      const value = memo.valueOf(branch);
      if (value < 0 || !changesNothing(memo.at(value))) open.push({ observer, branch });
    }
    return (this.open[step] = open);
  }

  /** What one invariant makes of a step; `read` has what it read for that. */
  private ofObserver({ observer, branch }: Open, moment: Moment): Change {
    const { read, parts } = this;
    const { memo } = observer;
    read.length = 0;
    const known = branch < 0 ? memo.find(0, parts, read) : memo.findFrom(branch, parts, read);
    if (known >= 0) return memo.at(known);
    const order = new ReadOrder();
    const change = this.run(observer, moment, order);
    memo.keep(0, order.parts, parts, change);
    read.length = 0;
    for (const part of order.parts) read.push(part);
    return change;
  }

  private run(
    { monitor, shape }: Observer,
    { result, words, bundles }: Moment,
    order: ReadOrder,
  ): Change {
    const { size, cells, parts } = this;
    const slots = Array.from(words.subarray(0, size), (slot) => this.local.slots[slot]);
    const numberOf = (cell: number) => cells.at(cell, bundles[cells.bundleOf(cell)]);
    const note = (part: number) => order.note(part);
    const remembered = shape && new Remembered(shape, numberOf, (cell) => note(parts.ofCell(cell)));
    let isLeft = false;
    const leaves = () => (isLeft = true);
    const isBrokenWith = (memory: { memory: unknown } | undefined, noting = note) => {
      // Code of the workspace is stopped before it changes an object that belongs to these nodes.
      // What a memory must not keep is replaced in place: the next run needs a list of its own.
      const own = monitor.isTraced ? slots.slice() : slots;
      const nodes = monitor.isTraced
        ? parts.wholes(own, noting)
        : slots.map((slot, node) => parts.view(slot, node, noting));
      const { time } = this.world;
      const watched = watchedStep({
        nodes, effects: result.effects, own: memory, note: noting, leaves, time, behind: own,
      });
      const isBroken = monitor.isBrokenIn(watched, isNotLocal);
      // Nothing is thrown where it happens: the code could catch it.
      if (isLeft) throw new NotLocal();
      return isBroken;
    };
    const isBroken = isBrokenWith(remembered);
    if (shape === undefined || remembered === undefined) return { isBroken, cells: [] };
    if (isBroken) {
      // It may be confused by a memory of cells; a search with a whole one would never end here.
      const isInCells = shape.records !== undefined;
      if (isInCells && !isBrokenWith({ memory: shape.memory(numberOf) }, () => {})) {
        this.makeWhole(monitor);
      }
      return { isBroken, cells: [] };
    }
    return { isBroken, cells: remembered.changes() ?? this.makeWhole(monitor) };
  }

  private makeWhole(monitor: InvariantMonitor): never {
    this.learned.wholeMemories.add(monitor);
    throw new Reclassified();
  }

  /** What an invariant remembers at the start. */
  private startOf(monitor: InvariantMonitor): unknown {
    const { monitors, memories } = this.world;
    return (memories[monitors.indexOf(monitor)] as { own: unknown }).own;
  }
}

function changesNothing({ isBroken, cells }: Change): boolean {
  return !isBroken && cells.length === 0;
}

interface Moment {
  readonly result: Result;
  readonly words: Int32Array;
  readonly bundles: Int32Array;
}
