/** Repeats kept branches in a fresh session, in parts: after a reload or a restart. */
import type { Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import { happensByItself } from '../recorded/rerun.ts';
import type { Session } from '../session.ts';
import type { Branch } from './branch.ts';
import { Growth } from './growth.ts';
import type { KeptBranch, KeptTree, StaleBranch, StaleReason } from './kept.ts';

/** How many steps are taken between two yields: a few milliseconds. */
const partSteps = 256;

/**
 * Yields between parts. A branch that cannot be repeated becomes a stale one. `frozen` is repeated
 * no further than it is: the user is at its end.
 */
export function* regrowing(session: Session, tree: KeptTree, frozen?: Branch): Generator<number> {
  const { simulation, watch } = session;
  const regrowth = new Regrowth(session, tree, frozen);
  try {
    yield* regrowth.all();
  } finally {
    simulation.reserve(tree.next);
    // A branch that was begun here is not the one of the cursor.
    watch.branch = session.branch.number;
    session.stale = regrowth.stale;
  }
}

class Regrowth {
  readonly stale: StaleBranch[] = [];
  /** The branch that has the rest of the first run, from where a person chose its actions. */
  private rest: KeptBranch | undefined;

  constructor(
    private readonly session: Session,
    private readonly tree: KeptTree,
    private readonly frozen: Branch | undefined,
  ) {}

  *all(): Generator<number> {
    yield* this.growFirst();
    // Parents have lower numbers, except the rest of the first run.
    const kept = [...(this.rest ? [this.rest] : []), ...this.tree.branches];
    for (const one of kept) yield* this.grow(one);
  }

  /** As far as a branch parts from it, and as long as it happens by itself. */
  private *growFirst(): Generator<number> {
    const { session, tree: { first, branches, next }, frozen } = this;
    const [{ run }] = session.branches;
    if (frozen === session.branches[0]) return;
    const chosen = first.chosen || Infinity;
    const bases = branches.filter(({ parent }) => parent === 0).map(({ base }) => base);
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
    if (first.chosen > 0 && run.length < first.length) {
      const { length } = first;
      const action = (step: number) => first.action(step);
      this.rest = { length, action, number: next, name: '', parent: 0, base: run.length };
    }
  }

  private *grow(kept: KeptBranch): Generator<number> {
    const { session, rest } = this;
    const { branches, simulation } = session;
    const isOnRest = rest !== undefined && kept !== rest && kept.parent === 0 &&
      kept.base > rest.base;
    const number = isOnRest ? rest.number : kept.parent;
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
    this.stale.push({ ...kept, action: (step) => kept.action(step), why });
  }
}

function* worldAt(run: Run, step: number): Generator<number, World> {
  const way = run.wayTo(step);
  for (;;) {
    const world = way.world(partSteps);
    if (world !== undefined) return world;
    yield way.step;
  }
}
