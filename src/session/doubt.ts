/** Checks that an action has the same result when it is replayed, which going back relies on. */
import {
  type EffectsDiffer,
  effectsDifference,
  type StateDiffers,
  stateDifference,
} from './differences.ts';
import { actionName } from './read/names.ts';
import type { Session } from './session.ts';

/** A step whose replay has another result, as when code keeps something outside `node.state`. */
export interface Doubt {
  readonly step: number;
  readonly action: string;
  readonly difference: EffectsDiffer | StateDiffers;
}

/** About the last action, if it was just taken. Built-in protocols are known to replay exactly. */
export function doubtOf(session: Session): Doubt | undefined {
  const { code, simulation, step, entered } = session;
  if (code.root === undefined || entered !== null || !simulation.isApplied) return undefined;
  const again = session.explain(step);
  if (again.action === null) return undefined;
  const difference =
    effectsDifference(simulation.applied, again.effects) ??
    stateDifference(session.moment, again.after);
  if (difference === undefined) return undefined;
  return { step, action: actionName(again.before, again.action), difference };
}
