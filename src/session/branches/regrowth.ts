/** Repeats kept branches in a fresh session, in parts: after a reload or a restart. */
import type { Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import { happensByItself } from '../recorded/rerun.ts';
import type { Session } from '../session.ts';
import type { Branch } from './branch.ts';
import { Growth } from './growth.ts';
import {
  isOnRest, type KeptBranch, type KeptTree, ownActions, type StaleBranch, type StaleReason,
} from './kept.ts';

/** How many steps are taken between two yields: a few milliseconds. */
const partSteps = 256;

/**
 * Yields between parts; `return` ends it early. A branch that cannot be repeated, or was not yet,
 * becomes a stale one. `frozen` is repeated no further than it is: the user is at its end.
 */
export function regrowing(session: Session, tree: KeptTree, frozen?: Branch): Regrowing {
  return new Regrowing(session, tree, frozen);
}

/** Its end does not need a `finally`: code over its time limit runs none. */
export class Regrowing implements IterableIterator<number> {
  private readonly regrowth: Regrowth;
  private readonly parts: Generator<number>;
  private isOver = false;

  constructor(
    private readonly session: Session,
    private readonly tree: KeptTree,
    frozen: Branch | undefined,
  ) {
    this.regrowth = new Regrowth(session, tree, frozen);
    this.parts = this.regrowth.all();
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<number, undefined> {
    if (this.isOver) return { done: true, value: undefined };
    const part = this.parts.next();
    return part.done ? this.return() : part;
  }

  /** What is not repeated by now is stale, and keeps its number. */
  return(): IteratorReturnResult<undefined> {
    const { session, tree, regrowth } = this;
    if (!this.isOver) {
      this.isOver = true;
      regrowth.interrupt();
      const { simulation, watch } = session;
      simulation.reserve(Math.max(tree.next, ...regrowth.stale.map(({ number }) => number + 1)));
      // A branch that was begun here is not the one of the cursor.
      watch.branch = session.branch.number;
      session.stale = regrowth.stale;
    }
    return { done: true, value: undefined };
  }
}

class Regrowth {
  readonly stale: StaleBranch[] = [];
  /** The branch that has the rest of the first run, from where a person chose its actions. */
  private rest: KeptBranch | undefined;
  /** Those that are not repeated yet; the first of them may be half repeated, as `growing`. */
  private todo: readonly KeptBranch[] | undefined;
  private growing: Branch | undefined;

  constructor(
    private readonly session: Session,
    private readonly tree: KeptTree,
    private readonly frozen: Branch | undefined,
  ) {}

  *all(): Generator<number> {
    yield* this.growFirst();
    this.begin();
    for (let [next] = this.todo!; next !== undefined; [next] = this.todo!) {
      yield* this.grow(next);
      this.growing = undefined;
      this.todo = this.todo!.slice(1);
    }
  }

  /** What is left becomes stale. The branch of the cursor keeps the steps that it has. */
  interrupt(): void {
    const { session: { simulation }, growing } = this;
    this.begin();
    if (growing !== undefined) simulation.remove(growing);
    for (const one of this.todo!) {
      const isPresent = this.session.branches.some(({ number }) => number === one.number);
      if (!isPresent) this.leave(one, { type: 'interrupted' });
    }
    this.todo = [];
  }

  /** After the first run is repeated as far as it is. */
  private begin(): void {
    if (this.todo !== undefined) return;
    const { session, tree: { first, branches, next }, frozen } = this;
    const [{ run }] = session.branches;
    if (first.chosen > 0 && run.length < first.length && frozen !== session.branches[0]) {
      const { length } = first;
      const action = (step: number) => first.action(step);
      this.rest = { length, action, number: next, name: '', parent: 0, base: run.length };
    }
    const { rest } = this;
    const all = rest === undefined ? branches : [rest, ...branches.map((one) => onRest(one, rest))];
    const waiting = this.waitingOf(branches);
    this.todo = parentsFirst(all).filter((one) => !waiting.has(one.number));
    const left = parentsFirst(branches).filter((one) => waiting.has(one.number));
    this.stale.push(...left.map((one) => ({ ...one, why: { type: 'waiting' } as const })));
  }

  /** They parted where the user has not run the first run: a stop repeats them beside it. */
  private waitingOf(branches: readonly KeptBranch[]): ReadonlySet<number> {
    const { session } = this;
    const waiting = new Set<number>();
    // A branch has a lower number than those that part from it.
    for (const one of branches) {
      const isPresent = session.branches.some(({ number }) => number === one.number);
      const why = 'why' in one ? (one as StaleBranch).why.type : undefined;
      const isBeside = one.isByItself === true || why === 'waiting' || waiting.has(one.parent);
      if (!isPresent && isBeside) waiting.add(one.number);
    }
    return waiting;
  }

  /** As far as a branch parts from it, and as long as it happens by itself. */
  private *growFirst(): Generator<number> {
    const { session, tree: { first, branches }, frozen } = this;
    const [{ run }] = session.branches;
    if (frozen === session.branches[0]) return;
    const chosen = first.chosen || Infinity;
    const waiting = this.waitingOf(branches);
    const bases = branches
      .filter(({ parent, number }) => parent === 0 && !waiting.has(number))
      .map(({ base }) => base);
    const last = Math.max(0, ...bases.map((base) => Math.min(base, chosen - 1)), first.chosen - 1);
    const { script } = session;
    const growth = new Growth(session.branches[0], {
      length: last,
      // The recorded run may be shorter, if the code was another one when it was recorded.
      action: (step, world) =>
        step > first.length || happensByItself(world, script, first.action(step))
          ? script.next(world)
          : undefined,
    });
    while (run.length < last && growth.advance(partSteps) === undefined) yield run.length;
  }

  private *grow(kept: KeptBranch): Generator<number> {
    const { branches, simulation } = this.session;
    const number = kept.parent;
    const parent = branches.find((one) => one.number === number);
    if (parent === undefined) return this.leave(kept, { type: 'no parent', parent: number });
    const present = branches.find((one) => one.number === kept.number);
    const { run } = parent;
    if (present === undefined && run.length < kept.base) {
      return this.leave(kept, { type: 'parent shorter', parent: number, length: run.length });
    }
    let branch = present;
    if (branch === undefined) {
      const world = yield* worldAt(run, kept.base);
      branch = simulation.part(world, parent, kept.number, kept.name);
      this.growing = branch;
    }
    if (branch === this.frozen) return;
    const growth = new Growth(branch, kept);
    for (;;) {
      const grown = growth.advance(partSteps);
      if (grown?.type === 'whole') return;
      if (grown !== undefined) {
        // The branch of the cursor keeps the steps that are still possible.
        if (present !== undefined) return;
        simulation.remove(branch);
        return this.leave(kept, grown);
      }
      yield branch.run.length;
    }
  }

  private leave(kept: KeptBranch, why: StaleReason): void {
    this.stale.push({ ...ownActions(kept), why });
  }
}

/** A branch that parted from what a person chose in the first run parts from its rest. */
function onRest(kept: KeptBranch, rest: KeptBranch): KeptBranch {
  return isOnRest(kept, rest) ? { ...ownActions(kept), parent: rest.number } : kept;
}

/** Parents have lower numbers, except the rest of the first run. */
export function parentsFirst(all: readonly KeptBranch[]): KeptBranch[] {
  const numbers = new Set(all.map(({ number }) => number));
  const sorted: KeptBranch[] = [];
  const add = (parent: number) => {
    for (const one of all) {
      const from = numbers.has(one.parent) ? one.parent : 0;
      if (from !== parent) continue;
      sorted.push(one);
      add(one.number);
    }
  };
  add(0);
  return sorted;
}

export function* worldAt(run: Run, step: number): Generator<number, World> {
  const way = run.wayTo(step);
  for (;;) {
    const world = way.world(partSteps);
    if (world !== undefined) return world;
    yield way.step;
  }
}
