/**
 * A recorded branch as what its scenario does not choose by itself, and the same branch again from
 * that. A run without a person's actions is its scenario and nothing else.
 */
import type { Action } from '../../kernel/action.ts';
import { digest } from '../../kernel/compare/digest.ts';
import { equal } from '../../kernel/data/plain.ts';
import { asAction, asPending, type Run } from '../../kernel/run.ts';
import type { Pending } from '../../kernel/pending.ts';
import type { World } from '../../kernel/world.ts';
import type { Script } from '../script.ts';
import type { Session } from '../session.ts';

/** An action that was taken in place of the one that the scenario and the cluster choose. */
export interface Choice {
  /** The number of its step; the first is 1. */
  readonly step: number;
  readonly action: Action;
}

/** The action after `world`, if it is not what happens there by itself. */
export function choiceAfter(world: World, script: Script, run: Run): Choice | undefined {
  const step = world.step + 1;
  const action = run.action(step);
  return happensByItself(world, script, action) ? undefined : { step, action };
}

/** Whether this recorded action is what the scenario and the cluster do next. */
export function happensByItself(world: World, script: Script, action: Action): boolean {
  const next = script.next(world);
  const itself = next && { ...withoutPlace(next), at: Math.max(world.time, next.at) };
  return equal(itself, action);
}

/** A timer that is due also says where the world has it. */
function withoutPlace(next: Action | Pending): Action {
  if (next.type !== 'fire') return asAction(next);
  const { type, at, node, timer, key } = next;
  const step = 'step' in next ? next.step : undefined;
  return { type, at, node, timer, key, ...(step === undefined ? {} : { step }) };
}

/** Takes the actions of a recorded run in a session that is at its start. */
export class Rerun {
  private readonly chosen: ReadonlyMap<number, Action>;

  constructor(
    private readonly session: Session,
    choices: readonly Choice[],
    private readonly last: number,
  ) {
    this.chosen = new Map(choices.map(({ step, action }) => [step, action]));
  }

  /** Takes at most `budget` actions. Returns whether all are taken. */
  advance(budget: number): boolean {
    const { simulation } = this.session;
    for (let left = budget; left > 0 && simulation.world.step < this.last; left--) {
      const { world } = simulation;
      const chosen = this.chosen.get(world.step + 1);
      const { type } = simulation.next(chosen && asPending(world, chosen));
      if (type !== 'moved') throw new Error(`step ${world.step + 1} does not happen`);
    }
    return simulation.world.step >= this.last;
  }
}

/** 16 hexadecimal digits, by which two worlds are found to be equal. */
export function digestOf(world: World): string {
  return digest(world);
}
