/** Repeats the branches that wait for it, in parts, while the session is stopped. */
import { Run } from '../../kernel/run.ts';
import type { Session } from '../session.ts';
import { type Branch, newBranch } from './branch.ts';
import { Growth } from './growth.ts';
import { ownActions, type StaleBranch, type StaleReason, type Tree } from './kept.ts';
import { parentsFirst, worldAt } from './regrowth.ts';
import { withRest } from './stored.ts';

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
    if (!isDeleted && why === undefined) session.stale = others;
    if (!isDeleted && why !== undefined) session.stale = [...others, { ...ownActions(next), why }];
    yield 'branch';
  }
}

/** What is not repeated is stale: protocol code does not end. */
export function giveUpRestoring(session: Session): void {
  session.stale = session.stale.map((one) => {
    return isWaiting(one) ? { ...one, why: { type: 'interrupted' } } : one;
  });
}

/** The session has the branches of the one before it from now on; `restoring` repeats them. */
export function letWait(fresh: Session, old: Tree): void {
  const { branches } = withRest(old);
  fresh.stale = parentsFirst(branches).map((one) => ({ ...one, why: { type: 'waiting' } }));
  fresh.simulation.reserve(Math.max(old.simulation.reserve(), ...fresh.stale.map(numberAfter)));
}

function numberAfter({ number }: StaleBranch): number {
  return number + 1;
}

function* repeating(
  session: Session,
  kept: StaleBranch,
): Generator<'part', StaleReason | undefined> {
  const { number, name, parent: from, base } = kept;
  const parent = session.branches.find((one) => one.number === from);
  if (parent === undefined) return { type: 'no parent', parent: from };
  const { chosen } = parent;
  if (from === 0 && chosen > 0 && base >= chosen) {
    return { type: 'parent differs', parent: from, step: chosen };
  }
  const beside = from === 0 && base > parent.run.length
    ? yield* firstRunUntil(session, base)
    : undefined;
  const { run } = beside ?? parent;
  if (run.length < base) return { type: 'parent shorter', parent: from, length: run.length };
  const way = worldAt(run, base);
  let world = way.next();
  for (; !world.done; world = way.next()) yield 'part';
  const grown = { ...newBranch(-1, new Run(world.value, run, base), parent), beside };
  const growth = new Growth(grown, kept);
  for (;;) {
    const end = growth.advance(partSteps);
    if (end === undefined) {
      yield 'part';
      continue;
    }
    if (end.type !== 'whole') return end;
    // They may have been deleted between two parts.
    if (!session.stale.includes(kept)) return undefined;
    if (!session.branches.includes(parent)) return { type: 'no parent', parent: from };
    session.simulation.attach(grown, parent, name, number);
    session.watch.branch = session.branch.number;
    return undefined;
  }
}

/**
 * What the first run does by itself up to a step to which the user has not run it. It grows beside
 * that run, whose next action is still the user's to choose.
 */
function* firstRunUntil(
  { branches, script }: Session,
  base: number,
): Generator<'part', Branch> {
  const [first] = branches;
  const known = branches.flatMap(({ beside }) => beside ?? []);
  let longest = known.find(({ run }) => known.every((other) => other.run.length <= run.length));
  if (longest === undefined) {
    const { length } = first.run;
    longest = newBranch(-1, new Run(first.run.at(length), first.run, length), first);
  }
  const { run } = longest;
  const growth = new Growth(longest, {
    length: base,
    action: (_step, world) => script.next(world),
  });
  while (run.length < base && growth.advance(partSteps) === undefined) yield 'part';
  return longest;
}
