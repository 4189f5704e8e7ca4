/** Branches as what is kept of them beyond their session: where they parted, and their actions. */
import type { Action } from '../../kernel/action.ts';
import type { Branch } from './branch.ts';
import type { Actions } from './growth.ts';

export interface KeptBranch extends Actions {
  readonly number: number;
  readonly name: string;
  /** The number of the branch that it parted from, after `base` actions. */
  readonly parent: number;
  readonly base: number;
  /** Its own actions, if they are a copy and not read from a run. */
  readonly own?: readonly Action[];
  /** It parted from the first run as that happens by itself, whatever a person chose in it. */
  readonly isByItself?: true;
}

/** A branch that could not be repeated: it has actions, but no moments. */
export interface StaleBranch extends KeptBranch {
  readonly why: StaleReason;
}

export type StaleReason =
  /** This step is not possible on the present code; the action in words. */
  | { readonly type: 'not possible'; readonly step: number; readonly action: string }
  /** The branch that it parted from is stale itself, or was deleted. */
  | { readonly type: 'no parent'; readonly parent: number }
  /** The branch that it parted from has fewer steps now. */
  | { readonly type: 'parent shorter'; readonly parent: number; readonly length: number }
  /** A person chose another action of the branch that it parted from, in this step. */
  | { readonly type: 'parent differs'; readonly parent: number; readonly step: number }
  /** It comes from an earlier session, or from before a restart, and is repeated at a stop. */
  | { readonly type: 'waiting' }
  /** The repeating was halted or failed before this branch was whole. */
  | { readonly type: 'interrupted' };

/** All that a session has, in the order of the numbers. */
export interface KeptTree {
  /** The first run, which is not kept: it happens by itself up to `chosen`, if that is not 0. */
  readonly first: Actions & { readonly chosen: number };
  readonly branches: readonly KeptBranch[];
  /** The number that the next branch gets. */
  readonly next: number;
}

/** What a session has of it. */
export interface Tree {
  readonly branches: readonly Branch[];
  readonly stale: readonly StaleBranch[];
  readonly simulation: { reserve(least?: number): number };
}

export function keptTree({ branches, stale, simulation }: Tree): KeptTree {
  const [first, ...others] = branches;
  const kept = [...others.filter(({ run }) => run.length > run.base).map(keptBranch), ...stale];
  return {
    first: { ...actionsOf(first), chosen: first.chosen },
    branches: kept.sort((a, b) => a.number - b.number),
    next: simulation.reserve(),
  };
}

/** Whether there is something to keep: a first run without a choice happens again by itself. */
export function isWorthKeeping({ first, branches }: KeptTree): boolean {
  return branches.length > 0 || first.chosen > 0;
}

function keptBranch(branch: Branch): KeptBranch {
  const { number, name, parent, run, beside } = branch;
  return {
    ...actionsOf(branch), number, name, parent: parent!.number, base: run.base,
    ...(beside && { isByItself: true }),
  };
}

/** As they are now: the branch may grow afterwards. */
function actionsOf({ run }: Branch): Actions {
  return { length: run.length, action: (step: number): Action => run.action(step) };
}

/**
 * Whether a branch parted from `rest`: what a person chose at the end of the first run. One of an
 * earlier session, which was not repeated, parted from that run as it happens by itself.
 */
export function isOnRest(kept: KeptBranch | StaleBranch, rest: { readonly base: number }): boolean {
  const why = 'why' in kept ? kept.why.type : undefined;
  if (kept.isByItself || why === 'waiting' || why === 'parent differs') return false;
  return kept.parent === 0 && kept.base > rest.base;
}

/** The branch with its own actions copied, so that nothing holds on to the run that had them. */
export function ownActions(kept: KeptBranch): KeptBranch {
  const { number, name, parent, base, length, isByItself } = kept;
  const own = kept.own?.slice(0, length - base) ??
    Array.from({ length: length - base }, (_, i) => kept.action(base + i + 1));
  const action = (step: number): Action => own[step - base - 1];
  return { number, name, parent, base, length, own, action, ...(isByItself && { isByItself }) };
}
