/** The faults of one walk: which of its budget it uses, when, and against what. */
import type { Action } from '../../kernel/action.ts';
import { isOwn, Message } from '../../kernel/pending.ts';
import type { World } from '../../kernel/world.ts';
import type { FaultBudget } from '../budgets.ts';
import { faults, type Fault } from '../budgets.ts';
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
    budget: FaultBudget,
    seed: number,
    private readonly length: number,
  ) {
    this.dice = new Dice(seed, 'faults');
    const most = faults.reduce((sum, fault) => sum + budget[fault], 0);
    if (most === 0 || this.dice.share() < 0.5) return;
    for (const fault of faults) {
      const bound = Math.min(budget[fault], perRunMost);
      const count = this.dice.below(bound + 1);
      for (let i = 0; i < count; i++) this.plan({ place: this.dice.below(length), fault });
    }
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
      case 'crashes': {
        const up = world.nodes.filter((slot) => slot.up && !slot.paused);
        if (up.length === 0) return undefined;
        const node = this.dice.one(up).id;
        this.plan({ place: taken + 1 + this.dice.below(this.rest(taken)), fault: 'restart', node });
        return { type: 'crash', at, node };
      }
      case 'restart': {
        const node = planned.node!;
        return world.node(node)?.up === false ? { type: 'restart', at, node } : undefined;
      }
      case 'drops':
      case 'duplicates':
        return this.messageFault(planned.fault, world);
      case 'partitions':
        return this.partition(world, taken);
      case 'heal':
        return { type: 'heal', at };
    }
  }

  private messageFault(fault: 'drops' | 'duplicates', world: World): Action | undefined {
    const fit = world.queue.items.filter((one): one is Message => {
      return one instanceof Message && !isOwn(one) && one.connection === '';
    });
    if (fit.length === 0) return undefined;
    const { from, to, ordinal, copy } = this.dice.one(fit);
    const type = fault === 'drops' ? 'drop' : 'duplicate';
    return { type, at: world.time, from, to, ordinal, copy };
  }

  private partition(world: World, taken: number): Action | undefined {
    const ids = world.nodes.map(({ id }) => id);
    const side = ids.filter(() => this.dice.share() < 0.5);
    const other = ids.filter((id) => !side.includes(id));
    if (side.length === 0 || other.length === 0) return undefined;
    this.plan({ place: taken + 1 + this.dice.below(this.rest(taken)), fault: 'heal' });
    return { type: 'partition', at: world.time, groups: [side, other] };
  }

  /** How much of the run is left, at least a little. */
  private rest(taken: number): number {
    return Math.max(10, this.length - taken);
  }
}
