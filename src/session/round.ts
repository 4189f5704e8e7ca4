/** The pursuit of *step out* between two actions: the end of the operation or of the round. */
import { isRoundOpen, type Pursuit, untilAnswered, untilRoundEnds } from './pursuit.ts';
import type { Session } from './session.ts';

/**
 * The last action, of the cluster or of a node, goes back to a client's operation, a timer or the
 * start. An operation without an answer ends with its answer. Anything else ends when no message is
 * in flight that goes back to the same root; timers are not counted. Undefined if that is so now.
 */
export function outOfRound(session: Session, node?: number): Pursuit | undefined {
  const { run } = session.branch;
  const last = node === undefined ? session.step : session.lastActed(node, session.step);
  const root = session.chain(last).at(-1) ?? 0;
  const invoked = root > 0 ? session.explain(root).effects.invoked : null;
  const isOutstanding = session.moment.nodes.some(({ operations }) =>
    operations.some(({ id }) => id === invoked?.operation),
  );
  if (invoked && isOutstanding) return untilAnswered(invoked.operation, node);
  const steps = new Set([root]);
  for (let step = root + 1; step <= session.step; step++) {
    if (steps.has(run.cause(step)) && run.action(step).type === 'deliver') steps.add(step);
  }
  return isRoundOpen(session.world, steps) ? untilRoundEnds(steps, node) : undefined;
}
