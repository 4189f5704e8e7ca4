/** A branch of a session: a run, where it parted, and what is remembered of it. */
import { equal } from '../../kernel/data/plain.ts';
import type { Effects, Violation } from '../../kernel/effects.ts';
import type { Run } from '../../kernel/run.ts';
import type { World } from '../../kernel/world.ts';
import type { Verdict } from '../../scenario/verdict.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';

/** A run and the branch that it parted from; the first has no parent. */
export interface Branch {
  /** Counted from 0, in the order in which they were made. Deleted numbers are not given again. */
  readonly number: number;
  readonly run: Run;
  readonly parent: Branch | null;
  /** The name that the user gave it; '' if none. */
  name: string;
  /**
   * The first step of the branch itself that a person chose at its end, so that no other branch
   * began; 0 if there is none. The first action of a branch is not counted.
   */
  chosen: number;
  /** What broke first in the steps of the branch itself; null if nothing did so far. */
  broken: BrokenAt | null;
  /** What was judged violated at the end of the run, after so many steps; null if nothing was. */
  judged: { readonly step: number; readonly verdict: Violated } | null;
  /**
   * What the first run, its parent, does by itself up to where it parted, if the user had not run
   * so far when it was repeated: it is not a branch that is shown.
   */
  readonly beside?: Branch | undefined;
}

export type Violated = Extract<Verdict, { type: 'violated' }>;

/** The first step in which something was violated or a handler threw. */
export interface BrokenAt {
  readonly step: number;
  readonly time: Micros;
  readonly what:
    | { readonly type: 'violated'; readonly violation: Violation }
    | { readonly type: 'thrown'; readonly node: NodeId; readonly message: string };
}

export function newBranch(number: number, run: Run, parent: Branch | null, name = ''): Branch {
  return { number, run, parent, name, chosen: 0, broken: null, judged: null };
}

/** Called with each recorded step of a branch: it costs two comparisons if nothing broke. */
export function noteBroken(branch: Branch, { step, time }: World, effects: Effects): void {
  const { violations, failure } = effects;
  if (violations.length === 0 && failure === null) return;
  if (branch.broken !== null) return;
  const what = violations.length > 0
    ? { type: 'violated', violation: violations[0] } as const
    : { type: 'thrown', node: failure!.node, message: failure!.message } as const;
  branch.broken = { step, time, what };
}

/** What broke first in the whole run of a branch, also before it parted. */
export function brokenIn(branch: Branch, until = branch.run.length): BrokenAt | null {
  const { run, broken } = branch;
  const parent = branch.beside ?? branch.parent;
  const before = parent && brokenIn(parent, Math.min(until, run.base));
  if (before) return before;
  return broken !== null && broken.step <= until ? broken : null;
}

/**
 * The run with which a branch is compared: its parent, or what that does by itself if the user has
 * not run it so far, or in another way.
 */
export function partedFrom(branch: Branch): Branch | null {
  const { run: { base }, parent, beside } = branch;
  if (beside === undefined || parent === null || parent.run.length <= base) {
    return beside ?? parent;
  }
  const known = sameWays.get(branch);
  const isSame = known?.run === parent.run ? known.isSame : isSameUntil(base, parent, beside);
  sameWays.set(branch, { run: parent.run, isSame });
  return isSame ? parent : beside;
}

/**
 * What is recorded does not change, so that this is found out once. By branch: several share what
 * is beside them, and each parted from it elsewhere.
 */
const sameWays = new WeakMap<Branch, { readonly run: Run; readonly isSame: boolean }>();

function isSameUntil(last: number, { run: one }: Branch, { run: other }: Branch): boolean {
  for (let step = 1; step <= last; step++) {
    if (!equal(one.action(step), other.action(step))) return false;
  }
  return true;
}

/** Where a branch parted from its parent, as far as that is recorded. */
export function partedAt({ run, parent }: Branch): number {
  return Math.min(run.base, parent?.run.length ?? 0);
}

/** Whether a branch is another one, or parted from it or from one that did. */
export function descends(branch: Branch, from: Branch): boolean {
  for (let one: Branch | null = branch; one !== null; one = one.parent) {
    if (one === from) return true;
  }
  return false;
}

/** From the first branch to this one. */
export function lineage(branch: Branch): Branch[] {
  return branch.parent === null ? [branch] : [...lineage(branch.parent), branch];
}
