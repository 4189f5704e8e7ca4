/** The faults of one walk: which of its budget it uses, when, and against what. */
import type { Action } from '../../kernel/action.ts';
import type { World } from '../../kernel/world.ts';
import { faults, type Fault } from '../budgets.ts';
import { choicesOf, keepsMessages, leavesOutPartitions, type Setting } from '../choices.ts';
import { Dice } from './dice.ts';

/** More than this many of a kind in one run would leave nothing of the run. */
const perRunMost = 5;

interface Planned {
  readonly place: number;
  readonly fault: Fault | 'restart' | 'heal';
  readonly node?: string;
}

/**
 * Half of the runs have no faults, so that a bug which needs none is not blamed on one. The others
 * use a random part of the budget at random places.
 */
export class FaultPlan {
  private readonly dice: Dice;
  private planned: Planned[] = [];

  constructor(
    private readonly setting: Setting,
    seed: number,
    private readonly length: number,
  ) {
    this.dice = new Dice(seed, 'faults');
    const budget = setting.faults;
    const chosen = faults.filter((fault) => fault !== 'duplicates' || !keepsMessages(setting));
    const most = chosen.reduce((sum, fault) => sum + budget[fault], 0);
    if (most === 0 || this.dice.share() < 0.5) return;
    for (const fault of chosen) {
      const bound = Math.min(budget[fault], perRunMost);
      const count = this.dice.below(bound + 1);
      for (let i = 0; i < count; i++) this.plan({ place: this.dice.below(length), fault });
    }
  }

  /** Whether the run has no faults but those of its scenario. */
  get isEmpty(): boolean {
    return this.planned.length === 0;
  }

  /** The fault that is due after `taken` actions, if it is possible now. */
  next(world: World, taken: number): Action | undefined {
    while (this.planned.length > 0 && this.planned[0].place <= taken) {
      const action = this.actionOf(this.planned.shift()!, world, taken);
      if (action !== undefined) return action;
    }
    return undefined;
  }

  private plan(planned: Planned): void {
    this.planned.push(planned);
    this.planned.sort((a, b) => a.place - b.place);
  }

  private actionOf(planned: Planned, world: World, taken: number): Action | undefined {
    const at = world.time;
    switch (planned.fault) {
      case 'restart': {
        const node = planned.node!;
        return world.node(node)?.up === false ? { type: 'restart', at, node } : undefined;
      }
      case 'heal':
        return { type: 'heal', at };
      default:
        return this.ofBudget(planned.fault, world, taken);
    }
  }

  /** One of those that a search may choose here; a crash is followed by a restart, and so on. */
  private ofBudget(fault: Fault, world: World, taken: number): Action | undefined {
    const isWide = fault === 'partitions' && leavesOutPartitions(world, this.setting);
    const all = isWide ? [] : choicesOf(fault, world, this.setting);
    const action = isWide ? this.anySides(world) : all.length > 0
      ? this.dice.one(all).actions[0]
      : undefined;
    if (action === undefined) return undefined;
    const place = taken + 1 + this.dice.below(this.rest(taken));
    if (action.type === 'crash') this.plan({ place, fault: 'restart', node: action.node });
    if (action.type === 'partition') this.plan({ place, fault: 'heal' });
    return action;
  }

  /** There are too many to list, so one of them is drawn. */
  private anySides(world: World): Action | undefined {
    const { faulty } = this.setting;
    const ids = world.nodes.map(({ id }) => id);
    const side = ids.filter((id) => {
      return this.dice.share() < 0.5 && (faulty === undefined || faulty.includes(id));
    });
    const other = ids.filter((id) => !side.includes(id));
    if (side.length === 0 || other.length === 0) return undefined;
    return { type: 'partition', at: world.time, groups: [side, other] };
  }

  /** How much of the run is left, at least a little. */
  private rest(taken: number): number {
    return Math.max(10, this.length - taken);
  }
}
