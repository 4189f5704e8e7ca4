/** Named branches as plain data, which a later session of the same scenario receives. */
import type { Action } from '../../kernel/action.ts';
import { equal } from '../../kernel/data/plain.ts';
import type { Session } from '../session.ts';
import { nameIn } from './commands.ts';
import {
  isOnRest, type KeptBranch, keptTree, ownActions, type StaleBranch, type Tree,
} from './kept.ts';

export interface StoredBranch {
  readonly number: number;
  readonly name: string;
  /** The number of the branch that it parted from, after `base` actions. It comes before. */
  readonly parent: number;
  readonly base: number;
  readonly actions: readonly Action[];
}

/** So much is stored: the latest branches, with those from which they parted. */
export const storedMost = { branches: 50, actions: 5_000 } as const;

/** What a session has to store: a parent comes before what parts from it. */
export interface WorthStoring {
  readonly stored: readonly KeptBranch[];
  /** Those with names that are more than is stored; 0 is the rest of the first run. */
  readonly left: readonly { readonly number: number; readonly name: string }[];
}

/**
 * What a user named, or a search found. A branch from which one parted, and which is not worth it
 * itself, is stored only up to there. No action is copied: this happens at each stop.
 */
export function worthStoring(session: Tree): WorthStoring {
  const isNamed = ({ name }: { readonly name: string }) => name !== '';
  if (!session.branches.some(isNamed) && !session.stale.some(isNamed)) return nothing;
  const { rest, branches } = withRest(session);
  const all = new Map(branches.map((one) => [one.number, one]));
  /** How long each is stored. */
  const lengths = new Map<KeptBranch, number>();
  const left: { readonly number: number; readonly name: string }[] = [];
  let actions = 0;
  for (const named of [...branches].reverse()) {
    if (!isNamed(named)) continue;
    const wanted = lengthsFor(named, all);
    let more = 0;
    let count = lengths.size;
    for (const [one, length] of wanted) {
      const present = lengths.get(one);
      if (present === undefined) count++;
      more += Math.max(0, length - (present ?? one.base));
    }
    if (actions + more > storedMost.actions || count > storedMost.branches) {
      left.push({ number: named === rest ? 0 : named.number, name: named.name });
      continue;
    }
    actions += more;
    for (const [one, length] of wanted) lengths.set(one, Math.max(length, lengths.get(one) ?? 0));
  }
  // Parents come first: they have lower numbers, or are the rest of the first run.
  const stored = branches.filter((one) => lengths.has(one));
  return { stored: stored.map((one) => ({ ...one, length: lengths.get(one)! })), left };
}

const nothing: WorthStoring = { stored: [], left: [] };

/** A branch as a whole, and the others as far as it needs them: at least their first actions. */
function lengthsFor(
  named: KeptBranch,
  all: ReadonlyMap<number, KeptBranch>,
): ReadonlyMap<KeptBranch, number> {
  const lengths = new Map([[named, named.length]]);
  let { base } = named;
  for (let one = all.get(named.parent); one !== undefined; one = all.get(one.parent)) {
    lengths.set(one, Math.max(base, one.base + 1));
    ({ base } = one);
  }
  return lengths;
}

/** From where a person chose an action of the first run, that is a branch of a later one. */
export function withRest(
  session: Tree,
): { readonly rest?: KeptBranch; readonly branches: readonly KeptBranch[] } {
  const { first, branches, next } = keptTree(session);
  const [{ name }] = session.branches;
  if (first.chosen === 0) return { branches };
  const rest: KeptBranch = { ...first, number: next, name, parent: 0, base: first.chosen - 1 };
  const moved = branches.map((one) => {
    return isOnRest(one, rest) ? { ...one, parent: rest.number } : one;
  });
  return { rest, branches: [rest, ...moved] };
}

export function storedBranch(kept: KeptBranch): StoredBranch {
  const { number, name, parent, base, own } = ownActions(kept);
  return { number, name, parent, base, actions: own! };
}

/** Whether the runs of two branches are stored alike. */
export function storedKey(
  { number, name, parent, base, length }: Omit<KeptBranch, 'action' | 'own'>,
): string {
  return JSON.stringify([number, name, parent, base, length]);
}

/** The session has the branches of an earlier one from now on; `restoring` repeats them. */
export function receive(session: Session, stored: readonly StoredBranch[]): void {
  const { simulation, branches, stale } = session;
  const numbers = new Map([[0, 0]]);
  const received: StaleBranch[] = [];
  for (const { number: old, name, parent: from, base, actions } of stored) {
    const parent = numbers.get(from);
    if (parent === undefined || actions.length === 0) continue;
    const known = branches.find((one) => {
      return one.parent?.number === parent && one.run.base === base &&
        one.run.length >= base + actions.length &&
        actions.every((action, i) => equal(action, one.run.action(base + i + 1)));
    });
    if (known !== undefined) {
      known.name ||= nameIn(name);
      numbers.set(old, known.number);
      continue;
    }
    const number = simulation.reserve();
    simulation.reserve(number + 1);
    numbers.set(old, number);
    received.push({
      number,
      name: nameIn(name),
      parent,
      base,
      length: base + actions.length,
      own: actions,
      action: (step) => actions[step - base - 1],
      why: { type: 'waiting' },
    });
  }
  session.stale = [...stale, ...received];
}
