/**
 * What a choice touches, as far as another choice could notice. Two choices that touch nothing in
 * common *commute*: either of them leaves the other possible, both orders lead to the same state,
 * and observers see the same in both.
 */
import type { Action } from '../../../kernel/action.ts';
import type { World } from '../../../kernel/world.ts';
import type { Fault, FaultBudget } from '../../budgets.ts';
import type { Choice } from '../../choices.ts';
import type { NumberSets } from './number-sets.ts';

export interface Footprint {
  /** The node whose handler runs, or which crashes, by index; −1 if none. */
  readonly node: number;
  /** The link from which a message is taken, by number; −1 if none. */
  readonly link: number;
  /** The budget from which a fault is taken. */
  readonly fault: Fault | undefined;
  /** The other nodes that observers read in it: bits by index. */
  readonly reads: number;
  /** The cells of memories that observers use in it, and those that they change: sets of these. */
  readonly uses: number;
  readonly changes: number;
  /** How many more messages are in flight after it. */
  readonly adds: number;
  /** It commutes with nothing: see `Footprints`. */
  readonly isVisible: boolean;
}

/**
 * What makes choices depend on each other. Each can be forgotten by a test, which shows that
 * something goes wrong then.
 */
export type Shared =
  | 'node' | 'link' | 'budget' | 'reads' | 'network' | 'cells' | 'cells read' | 'orders of keys'
  | 'events' | 'failures' | 'limits' | 'scenario' | 'readers of steps' | 'sleepers';

export type Forgotten = ReadonlySet<Shared>;

export const nothingForgotten: Forgotten = new Set<Shared>();

/** `left`: the faults that are left where both are possible. `cells`: the sets of cells. */
export function commute(
  one: Footprint,
  other: Footprint,
  left: FaultBudget,
  cells: NumberSets,
  forgotten: Forgotten = nothingForgotten,
): boolean {
  if (one.isVisible || other.isVisible) return false;
  if (one.node >= 0 && one.node === other.node && !forgotten.has('node')) return false;
  if (one.link >= 0 && one.link === other.link && !forgotten.has('link')) return false;
  if ((isRead(one, other) || isRead(other, one)) && !forgotten.has('reads')) return false;
  if (!forgotten.has('cells') && shareCells(one, other, cells, forgotten)) return false;
  // Of the last fault, one choice leaves none to the other.
  const { fault } = one;
  const isShared = fault !== undefined && fault === other.fault && left[fault] < 2;
  return !isShared || forgotten.has('budget');
}

function isRead({ node }: Footprint, { reads }: Footprint): boolean {
  return node >= 0 && (reads & (1 << node)) !== 0;
}

/** Whether one changes what the other uses. What both only read, or write again, is the same. */
function shareCells(
  one: Footprint,
  other: Footprint,
  cells: NumberSets,
  forgotten: Forgotten,
): boolean {
  if (forgotten.has('cells read')) return cells.meet(one.changes, other.changes);
  return cells.meet(one.changes, other.uses) || cells.meet(one.uses, other.changes);
}

/** More nodes have no bits: what reads any of them reads all. */
export const nodesMost = 30;

/** What follows from a choice alone; undefined if it may touch anything. */
export function touchedBy(
  { plan }: World,
  { actions, fault }: Choice,
): Pick<Footprint, 'node' | 'link' | 'fault'> | undefined {
  const action = actions.at(-1)!;
  // An action of the scenario changes its progress.
  if (action.step !== undefined) return undefined;
  const index = (id: string) => plan.indexOf.get(id) ?? -1;
  switch (action.type) {
    case 'deliver':
      return { node: index(action.to), link: linkOf(action, plan), fault };
    case 'drop':
      return { node: -1, link: linkOf(action, plan), fault };
    case 'duplicate':
      // The copy is the last message of its link, as is what the sender sends next.
      return { node: index(action.from), link: linkOf(action, plan), fault };
    case 'fire':
    case 'invoke':
    case 'crash':
    case 'restart':
      return { node: index(action.node), link: -1, fault };
    default:
      return undefined;
  }
}

function linkOf(
  { from, to }: Extract<Action, { type: 'deliver' | 'drop' | 'duplicate' }>,
  { indexOf, size }: World['plan'],
): number {
  return indexOf.get(from)! * size + indexOf.get(to)!;
}
