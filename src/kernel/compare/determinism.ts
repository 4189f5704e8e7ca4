/**
 * The check of determinism: each action runs twice from the same world, and everything that it
 * caused is compared. Code that keeps state outside of its node comes out differently.
 */
import type { Action } from '../action.ts';
import { type Difference, effectsDifference, worldDifference } from './difference.ts';
import { Effects } from '../effects.ts';
import type { Pending } from '../pending.ts';
import type { Setup } from '../plan.ts';
import { start, step } from '../step.ts';
import type { Monitor, World } from '../world.ts';

/** Takes `action` on a fork of `world`, then on `world` itself. */
export function stepTwice(
  world: World,
  action: Action | Pending,
  effects: Effects,
): { readonly taken: boolean; readonly difference?: Difference } {
  const fork = world.fork();
  const first = new Effects();
  const wasTaken = step(fork, action, first);
  const taken = step(world, action, effects);
  if (taken !== wasTaken) return { taken, difference: { type: 'possible', first: wasTaken } };
  const difference = effectsDifference(first, effects) ?? worldDifference(fork, world);
  return difference ? { taken, difference } : { taken };
}

/** Boots all nodes twice. */
export function startTwice(setup: Setup, monitors: readonly Monitor[]): Difference | undefined {
  const [first, second] = [new Effects(), new Effects()];
  const worlds = [start(setup, monitors, first), start(setup, monitors, second)];
  return effectsDifference(first, second) ?? worldDifference(worlds[0], worlds[1]);
}
