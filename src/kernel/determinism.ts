/**
 * The check of determinism: each action is taken twice, and everything that came of it compared.
 */
import type { Action } from './action.ts';
import { Effects } from './effects.ts';
import type { Pending } from './pending.ts';
import { canonical, equal } from './data/plain.ts';
import { step } from './step.ts';
import { type Change, changes } from './data/changes.ts';
import { actionText } from './text/action-text.ts';
import type { World } from './world.ts';

/** Takes `action` on `world`, and a second time on a fork: a sentence where the two differ. */
export function stepTwice(
  world: World,
  action: Action | Pending,
  effects: Effects,
): { taken: boolean; difference?: string } {
  const twin = world.fork();
  const second = new Effects();
  const takenAgain = step(twin, action, second);
  const taken = step(world, action, effects);
  if (taken !== takenAgain)
    return { taken, difference: `${actionText(action)} was possible only once` };
  const difference = effectsDifference(effects, second) ?? stateDifference(world, twin);
  return difference ? { taken, difference: `${actionText(action)}: ${difference}` } : { taken };
}

function effectsDifference(first: Effects, second: Effects): string | undefined {
  const sent = (effects: Effects) =>
    effects.sent.map((message) => [message.to, message.at, message.body]);
  const kinds: [string, unknown, unknown][] = [
    ['what it sent', sent(first), sent(second)],
    ['the events that it reported', first.events, second.events],
    ['what it answered', first.replies, second.replies],
    ['the timers that it set', first.timers, second.timers],
    ['what it threw', first.failure?.message, second.failure?.message],
  ];
  const different = kinds.find(([, a, b]) => !equal(a, b));
  if (!different) return undefined;
  const [what, once, again] = different;
  return `${what} differs when it is taken again: ${canonical(once)} and ${canonical(again)}`;
}

function stateDifference(world: World, twin: World): string | undefined {
  for (let index = 0; index < world.nodes.length; index++) {
    const different: Change | undefined = changes(
      world.nodes[index].state,
      twin.nodes[index].state,
    )[0];
    if (different) {
      const { path, before, after } = different;
      const field = `${world.nodes[index].id}.state.${path.join('.')}`;
      return `${field} is ${canonical(before)} once and ${canonical(after)} when it is taken again`;
    }
  }
  return undefined;
}
