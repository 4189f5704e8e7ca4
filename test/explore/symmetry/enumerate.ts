/** All states of a model one by one, with the names that they have in several ways. */
import type { Action } from '../../../src/kernel/action.ts';
import type { Setup } from '../../../src/kernel/plan.ts';
import type { World } from '../../../src/kernel/world.ts';
import type { FaultBudget } from '../../../src/explore/budgets.ts';
import { Fingerprints } from '../../../src/explore/fingerprint/fingerprint.ts';
import { Successors } from '../../../src/explore/search/successors.ts';
import { SymmetricNames } from '../../../src/explore/symmetry/symmetric.ts';
import { symmetryOf } from '../../../src/explore/symmetry/alike.ts';
import type { Names } from '../../../src/explore/symmetry/renaming.ts';
import { staying, untimed } from '../models/search.ts';

type Text = (world: World, left: FaultBudget) => string;

/** Visits a world of each name, depth-first; `order` is that in which choices are pushed. */
function visit(
  setup: Setup,
  faults: Partial<FaultBudget>,
  nameOf: Text,
  order = (found: { world: World; left: FaultBudget; rank: string }[]) => found,
): Set<string> {
  const { world, setting } = untimed(setup, { faults });
  const successors = new Successors(setting);
  const seen = new Set([nameOf(world, setting.faults)]);
  const open = [{ world, left: setting.faults }];
  for (let one = open.pop(); one !== undefined; one = open.pop()) {
    const found = [...successors.of(one.world, one.left)].map((next) => {
      return { world: next.world, left: next.left, rank: rankOf(next.actions.at(-1)!) };
    });
    for (const next of order(found)) {
      const name = nameOf(next.world, next.left);
      if (seen.has(name)) continue;
      seen.add(name);
      open.push(next);
    }
  }
  return seen;
}

function namesOf(setup: Setup, faults: Partial<FaultBudget>) {
  const problem = untimed(setup, { faults });
  const symmetry = symmetryOf(problem);
  if (symmetry === undefined || !('alike' in symmetry)) throw new Error('no nodes are alike');
  return { problem, ids: symmetry.alike[0], symmetric: new SymmetricNames(problem, symmetry.alike) };
}

const text = ({ high, low }: { high: number; low: number }) => `${high} ${low}`;

/** How many states there are by their fingerprints, by their parts, and but for alike nodes. */
export function fingerprintsOf(setup: Setup, faults: Partial<FaultBudget> = staying) {
  const { problem, ids, symmetric } = namesOf(setup, faults);
  const fingerprints = new Fingerprints(problem.setting);
  const { parts, canonical } = symmetric;
  const [names, orbits] = [new Set<string>(), new Set<string>()];
  const states = visit(setup, faults, (world, left) => {
    names.add(text(canonical.under(parts.of(world, left), ids)));
    orbits.add(text(symmetric.of(world, left)));
    return text(fingerprints.of(world, left));
  });
  return { fingerprints: states.size, names: names.size, orbits: orbits.size };
}

/**
 * Stateright takes as the name of a state the one in which resource managers are sorted by their own
 * states; it visits the state itself, depth-first, so the number depends on the order of choices.
 */
export function representatives(setup: Setup): number {
  const { ids, symmetric } = namesOf(setup, staying);
  const { parts, canonical } = symmetric;
  const nameOf: Text = (world, left) => {
    const sorted = [...ids].sort((a, b) => rank(world, a) - rank(world, b));
    const names: Names = ids.map((id) => ids[sorted.indexOf(id)]);
    return text(canonical.under(parts.of(world, left), names));
  };
  return visit(setup, staying, nameOf, (found) => {
    return found.sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0));
  }).size;
}

const order = ['working', 'prepared', 'committed', 'aborted'];

function rank(world: World, id: string): number {
  return order.indexOf(world.node(id)?.state.is as string);
}

/** The order of Stateright's model: of the transaction manager, then of each resource manager. */
function rankOf(action: Action): string {
  if (action.type === 'fire') {
    const { node, timer } = action;
    if (node === 'tm') return `0 ${timer === 'commit' ? 0 : 1}`;
    return `1 ${node} ${timer === 'prepare' ? 1 : 2}`;
  }
  if (action.type !== 'deliver') throw new Error(`not a choice of the model: ${action.type}`);
  const { from, to } = action;
  return to === 'tm' ? `1 ${from} 0` : `1 ${to} 3`;
}
