/** Opens the nearest run that does not break as a branch beside one that does. */
import {
  type Change, nearestHolding, type NearestRun, type Violating, windowMost,
} from '../../explore/nearest/nearest.ts';
import { promiseOf } from '../../explore/walks/broken.ts';
import { type Branch, brokenIn, lineage } from '../../session/branches/branch.ts';
import { Growth } from '../../session/branches/growth.ts';
import type { Session } from '../../session/session.ts';
import type { Task } from '../motion/tasks.ts';
import { RequestRefusal } from '../refusal.ts';
import type { TimeLimit } from '../time-limit.ts';
import { nearestTitle } from '../words/progress.ts';

/** The body of the response to `lockstep/nearest`. */
export interface NearestBranch {
  /** How many runs were tried. */
  tried: number;
  /** The branch that was opened, and what is different first; absent if none keeps the promise. */
  found?: { branch: number; change: Change };
}

/** The session stays where it is; other requests are answered between the parts. */
export async function nearestBranch(
  session: Session,
  branch: Branch,
  task: Task,
  bounded: TimeLimit,
): Promise<NearestBranch> {
  const all = bounded(() => nearestHolding(violatingBranch(session, branch)));
  let tried = 0;
  for (;;) {
    const part = bounded(() => all.next());
    if (!part.done) {
      tried = part.value;
      await task.before(nearestTitle());
      continue;
    }
    if (part.value === undefined) return { tried };
    const opened = await open(session, branch, part.value, task, bounded);
    return { tried: part.value.tried, found: { branch: opened.number, change: part.value.change } };
  }
}

/** What broke first in a branch is the promise that another run must keep. */
function violatingBranch({ script }: Session, branch: Branch): Violating {
  const { run, judged, number } = branch;
  const broken = brokenIn(branch);
  const verdict = judged?.step === run.length ? judged.verdict : undefined;
  const last = broken?.step ?? (verdict && run.length);
  // A start that breaks it has no other run.
  if (last === undefined || last === 0) {
    throw new RequestRefusal({ code: 'nothing broken', branch: number });
  }
  const from = Math.max(0, last - windowMost);
  const actions = Array.from({ length: last - from }, (_, i) => run.action(from + i + 1));
  const what = broken?.what;
  return {
    world: run.at(from),
    actions,
    isBroken: (_world, _action, { violations, failure }) =>
      what?.type === 'violated'
        ? violations.some(({ monitor }) => monitor === what.violation.monitor)
        : what !== undefined && failure !== null,
    isBrokenAtEnd: (end) => verdict !== undefined && script.verdicts(end, true).some((one) =>
      one.type === 'violated' && promiseOf(one.subject) === promiseOf(verdict.subject)),
  };
}

/** Beside the branch if they differ in its own actions; else where they differ. */
async function open(
  session: Session,
  branch: Branch,
  { base, actions }: NearestRun,
  task: Task,
  bounded: TimeLimit,
): Promise<Branch> {
  const { run, number, parent } = branch;
  const isOwn = parent !== null && base >= run.base;
  const from = isOwn ? parent : lineage(branch).findLast((one) => one.run.base <= base)!;
  const at = isOwn ? run.base : base;
  const { simulation, watch } = session;
  const opened = bounded(() =>
    simulation.part(from.run.at(at), from, undefined, `Nearest to ${number} that holds`));
  watch.branch = session.branch.number;
  const growth = new Growth(opened, {
    length: base + actions.length,
    action: (step) => (step <= base ? run.action(step) : actions[step - base - 1]),
  });
  for (;;) {
    const grown = bounded(() => growth.advance(256));
    if (grown?.type === 'whole') return opened;
    if (grown !== undefined) throw new Error(`step ${grown.step} is not possible: ${grown.action}`);
    await task.before(nearestTitle());
  }
}
