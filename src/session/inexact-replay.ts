/** Checks that an action has the same result when it is replayed, which going back relies on. */
import {
  type EffectsDifference,
  effectsDifference,
  type StateDifference,
  stateDifference,
} from '../kernel/compare/difference.ts';
import { actionName } from './read/names.ts';
import type { Session } from './session.ts';

/** A step whose replay has another result, as when code keeps state outside `node.state`. */
export interface InexactReplay {
  readonly step: number;
  readonly action: string;
  /** `first` is what the step did, `second` what its replay did. */
  readonly difference: EffectsDifference | StateDifference;
}

/** Checks the last action, if it was just taken. Built-in protocols are known to replay exactly. */
export function inexactReplay(session: Session): InexactReplay | undefined {
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
