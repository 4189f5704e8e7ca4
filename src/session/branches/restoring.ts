/** Repeats the branches that wait for it, in parts, while the session is stopped. */
import { Run } from '../../kernel/run.ts';
import type { Session } from '../session.ts';
import { newBranch } from './branch.ts';
import { Growth } from './growth.ts';
import type { StaleBranch, StaleReason } from './kept.ts';
import { worldAt } from './regrowth.ts';

/** How many steps are taken between two yields: a few milliseconds. */
const partSteps = 256;

export function isWaiting({ why }: StaleBranch): boolean {
  return why.type === 'waiting';
}

/**
 * Yields between parts, and with `branch` after each branch that is whole or stale. A branch grows
 * beside the others, so the session may move between two parts: then what was begun is dropped, and
 * another generator begins it again.
 */
export function* restoring(session: Session): Generator<'part' | 'branch', void> {
  for (;;) {
    const next = session.stale.find(isWaiting);
    if (next === undefined) return;
    const why = yield* repeating(session, next);
    const isDeleted = !session.stale.includes(next);
    const others = session.stale.filter((one) => one !== next);
    if (!isDeleted) session.stale = why === undefined ? others : [...others, { ...next, why }];
    yield 'branch';
  }
}

/** What is not repeated is stale: protocol code does not end. */
export function giveUpRestoring(session: Session): void {
  session.stale = session.stale.map((one) => {
    return isWaiting(one) ? { ...one, why: { type: 'interrupted' } } : one;
  });
}

function* repeating(
  session: Session,
  kept: StaleBranch,
): Generator<'part', StaleReason | undefined> {
  const { number, name, parent: from, base } = kept;
  if (from === 0) yield* repeatingFirst(session, base);
  const parent = session.branches.find((one) => one.number === from);
  if (parent === undefined) return { type: 'no parent', parent: from };
  const { run, chosen } = parent;
  if (from === 0 && chosen > 0 && base >= chosen) {
    return { type: 'parent differs', parent: from, step: chosen };
  }
  if (run.length < base) return { type: 'parent shorter', parent: from, length: run.length };
  const way = worldAt(run, base);
  let world = way.next();
  for (; !world.done; world = way.next()) yield 'part';
  const beside = newBranch(-1, new Run(world.value, run, base), parent);
  const growth = new Growth(beside, kept);
  for (;;) {
    const grown = growth.advance(partSteps);
    if (grown === undefined) {
      yield 'part';
      continue;
    }
    if (grown.type !== 'whole') return grown;
    // They may have been deleted between two parts.
    if (!session.stale.includes(kept)) return undefined;
    if (!session.branches.includes(parent)) return { type: 'no parent', parent: from };
    session.simulation.attach(beside, parent, name, number);
    session.watch.branch = session.branch.number;
    return undefined;
  }
}

/** The first run happens by itself as far as the branch parts from it. */
function* repeatingFirst({ branches: [first], script }: Session, base: number): Generator<'part'> {
  const { run, chosen } = first;
  if (chosen > 0 || run.length >= base) return;
  const growth = new Growth(first, {
    length: base,
    action: (_step, world) => script.next(world),
  });
  while (run.length < base && growth.advance(partSteps) === undefined) yield 'part';
}
