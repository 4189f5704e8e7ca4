/** Named branches as plain data, which a later session of the same scenario receives. */
import type { Action } from '../../kernel/action.ts';
import { equal } from '../../kernel/data/plain.ts';
import type { Session } from '../session.ts';
import { nameIn } from './commands.ts';
import { type KeptBranch, keptTree, ownActions, type StaleBranch } from './kept.ts';

export interface StoredBranch {
  readonly number: number;
  readonly name: string;
  /** The number of the branch that it parted from, after `base` actions. It comes before. */
  readonly parent: number;
  readonly base: number;
  readonly actions: readonly Action[];
}

/** So much is stored: the latest branches, with those from which they parted. */
const branchesMost = 50;
const actionsMost = 5_000;

/** What a user named, or a search found, is worth more than one session. */
export function worthStoring(session: Session): KeptBranch[] {
  const all = new Map(withRest(session).map((one) => [one.number, one]));
  const stored = new Set<KeptBranch>();
  let actions = 0;
  for (const named of [...all.values()].reverse()) {
    if (named.name === '') continue;
    const missing: KeptBranch[] = [];
    for (let one = all.get(named.number); one !== undefined; one = all.get(one.parent)) {
      if (!stored.has(one)) missing.push(one);
    }
    const more = missing.reduce((sum, { length, base }) => sum + length - base, 0);
    const isTooMuch = actions + more > actionsMost ||
      stored.size + missing.length > branchesMost;
    if (isTooMuch) continue;
    actions += more;
    for (const one of missing) stored.add(one);
  }
  // Parents come first: they have lower numbers, or are the rest of the first run.
  return [...all.values()].filter((one) => stored.has(one));
}

/** From where a person chose an action of the first run, that is a branch of a later one. */
function withRest(session: Session): readonly KeptBranch[] {
  const { first, branches, next } = keptTree(session);
  const [{ name }] = session.branches;
  if (first.chosen === 0) return branches;
  const rest: KeptBranch = { ...first, number: next, name, parent: 0, base: first.chosen - 1 };
  const isOnRest = ({ parent, base }: KeptBranch) => parent === 0 && base > rest.base;
  return [rest, ...branches.map((one) => {
    return isOnRest(one) ? { ...ownActions(one), parent: rest.number } : one;
  })];
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
