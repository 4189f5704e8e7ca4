/** Whether an action comes out the same when it is taken again, as going back needs it to. */
import { differenceOf, stateDifference } from './differences.ts';
import { actionName } from './read/names.ts';
import type { Session } from './session.ts';

/**
 * A sentence where the last action does not, as when code keeps something that is no state of a
 * node. Of the built-in protocols it is known that they do.
 */
export function doubtOf(session: Session): string | undefined {
  const { code, step, world, effects, entered, tookLast, explanations, branch } = session;
  if (code.root === undefined || entered !== null || tookLast !== step) return undefined;
  const again = explanations.of(branch.run, step);
  const difference = differenceOf(effects, again.effects) ?? stateDifference(world, again.after);
  if (difference === undefined) return undefined;
  const name = actionName(again.before, again.action!);
  const why = 'something is kept outside of node.state, so going back is not exact';
  return `Step ${step} (${name}), taken again, ${difference}: ${why}.`;
}
