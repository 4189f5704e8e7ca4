/** Opens the nearest run that does not break as a branch beside one that does. */
import {
  type Change, nearestHolding, type NearestRun, type Violating, windowMost,
} from '../../explore/nearest/nearest.ts';
import { Run } from '../../kernel/run.ts';
import { promiseOf } from '../../explore/walks/broken.ts';
import { type Branch, brokenIn, lineage, newBranch } from '../../session/branches/branch.ts';
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
  isHere: () => boolean,
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
    const { run, from } = await recorded(branch, part.value, task, bounded);
    // It may have been deleted while the run was searched.
    if (!isHere() || !session.branches.includes(from)) {
      throw new RequestRefusal({ code: 'branch gone' });
    }
    const opened = session.simulation.attach(run, from, `Nearest to ${branch.number} that holds`);
    session.watch.branch = session.branch.number;
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

/**
 * The run beside the tree of branches, until it is whole; and what it parts from: the parent of the
 * branch if they differ in its own actions, else the one in which they differ.
 */
async function recorded(
  branch: Branch,
  { base, actions }: NearestRun,
  task: Task,
  bounded: TimeLimit,
): Promise<{ run: Branch; from: Branch }> {
  const { run, parent } = branch;
  const isOwn = parent !== null && base >= run.base;
  const from = isOwn ? parent : lineage(branch).findLast((one) => one.run.base <= base)!;
  const at = isOwn ? run.base : base;
  // The first run may be shorter than where the branch parted from what it does by itself.
  const { beside } = lineage(branch).find((one) => one.parent === from) ?? {};
  const whole = (beside ?? from).run;
  const grownRun = bounded((): Branch => {
    return { ...newBranch(-1, new Run(whole.at(at), whole, at), from), beside };
  });
  const growth = new Growth(grownRun, {
    length: base + actions.length,
    action: (step) => (step <= base ? run.action(step) : actions[step - base - 1]),
  });
  for (;;) {
    const grown = bounded(() => growth.advance(256));
    if (grown?.type === 'whole') return { run: grownRun, from };
    if (grown !== undefined) throw new Error(`step ${grown.step} is not possible: ${grown.action}`);
    await task.before(nearestTitle());
  }
}
