/** What *step out* runs towards from between two actions: the end of the operation or round. */
import { type Pursuit, untilAnswered, untilRoundEnds } from './pursuit.ts';
import type { Session } from './session.ts';

/**
 * The action where the session stands goes back to a client operation, a timer or the start. An
 * operation that is not answered yet is left when it is; anything else when no message is on its
 * way any more that goes back to the same root, timers not counted.
 */
export function outOfRound(session: Session, node?: number): Pursuit {
  const { run } = session.branch;
  const root = session.chain(session.step).at(-1) ?? 0;
  const invoked = root > 0 ? session.explanations.of(run, root).effects.invoked : null;
  if (invoked && session.isOutstanding(invoked.operation)) {
    return untilAnswered(invoked.operation, node);
  }
  const steps = new Set([root]);
  for (let step = root + 1; step <= session.step; step++) {
    if (steps.has(run.cause(step)) && run.action(step).type === 'deliver') steps.add(step);
  }
  return untilRoundEnds(steps, node);
}
