/** Requests about branches: what the Runs view and the debug console do with them. */
import {
  branchNamed, type BranchCommand, type BranchProblem, deletedWith, isProblem, nameIn,
  placeBeforeDeleting, sameStep,
} from '../../session/branches/commands.ts';
import type { Branch } from '../../session/branches/branch.ts';
import type { StaleBranch } from '../../session/branches/kept.ts';
import { isWaiting, restoring } from '../../session/branches/restoring.ts';
import type { StoredBranch } from '../../session/branches/stored.ts';
import type { Session } from '../../session/session.ts';
import { type Stop, stopFor } from '../../session/stop.ts';
import type { BranchesView } from '../../view/branches.ts';
import { BranchTree } from '../branch-tree.ts';
import type { Debuggee } from '../debuggee.ts';
import type { CommandOrigin, Moving } from '../motion/moving.ts';
import { Restoration } from '../motion/restoration.ts';
import type { Task } from '../motion/tasks.ts';
import { RequestRefusal } from '../refusal.ts';
import type { TimeLimit } from '../time-limit.ts';
import type { View } from '../view.ts';
import {
  branchesText, deletedText, goneToText, namedText, notKeptText,
} from '../words/branches.ts';
import { nearestTitle, savingTitle } from '../words/progress.ts';
import { type Advance, goingTo, travelling } from './motions.ts';
import { checkActions } from './arguments.ts';
import { type NearestBranch, nearestBranch } from './nearest.ts';
import { type SaveBranch, saveBranch, type SavedBranch } from './save-branch.ts';

/** The arguments of the request `lockstep/branch`. */
export type BranchRequest = Exclude<BranchCommand, { type: 'list' }>;

/** What these requests need of the adapter. */
export interface BranchHost {
  /** What was launched; refuses while the run is in progress. */
  readonly stopped: Debuggee;
  /** The same also while it is. */
  readonly launched: Debuggee;
  readonly branchTree: BranchTree;
  readonly view: View;
  move(advance: Advance, node: number | undefined, moving?: Moving): void;
  /** Does something once the current request is answered. */
  later(next: () => void): void;
}

/** What lists the branches, and repeats those of an earlier session. */
export function branchTreeOf(
  host: Pick<BranchHost, 'branchTree' | 'view'> & {
    send(event: string, body?: unknown): void;
    print(line: string): void;
  },
  failed: (error: unknown) => void,
  bounded: TimeLimit,
): BranchTree {
  const changed = (session: Session) => branchesChanged(host, session);
  const send = (event: string, body: object) => host.send(event, body);
  const left = (number: number, name: string) => host.print(notKeptText(number, name));
  const restoration = new Restoration(send, changed, left, failed, bounded);
  return new BranchTree(send, failed, bounded, restoration);
}

/** Does a command. Returns what the debug console shows of it. */
export function obeyBranch(
  host: BranchHost,
  command: BranchCommand,
  from?: CommandOrigin,
): string {
  const { session } = host.stopped;
  if (command.type === 'list') return branchesText(host.branchTree.view(session));
  if (command.type === 'delete') return deleteBranch(host, command.branch, from);
  const waiting = session.stale.find((one) => {
    return one.number === command.branch && isWaiting(one);
  });
  if (waiting !== undefined) return obeyWaiting(host, waiting, command, from);
  const branch = live(session, command.branch);
  if (command.type === 'name') {
    branch.name = nameIn(command.name ?? '');
    branchesChanged(host, session);
    return namedText(branch.number, branch.name);
  }
  const step = command.step ?? sameStep(session, branch);
  move(host, goingTo(session, step, branch, asPause(step)), from);
  return goneToText(branch.number, step);
}

/** A branch of an earlier session can be named at once; going there repeats it first. */
function obeyWaiting(
  host: BranchHost,
  waiting: StaleBranch,
  command: Exclude<BranchCommand, { type: 'list' | 'delete' }>,
  from?: CommandOrigin,
): string {
  const { session } = host.stopped;
  const { number, length } = waiting;
  if (command.type === 'name') {
    const name = nameIn(command.name ?? '');
    session.stale = session.stale.map((one) => (one === waiting ? { ...one, name } : one));
    branchesChanged(host, session);
    return namedText(number, name);
  }
  const step = command.step ?? Math.min(session.step, length);
  const parts = restoring(session);
  let going: Advance | undefined;
  const advance = (budget: number): Stop | undefined => {
    const branch = session.branches.find((one) => one.number === number);
    if (branch !== undefined) going ??= goingTo(session, step, branch, asPause(step));
    if (going !== undefined) return going(budget);
    const isStale = session.stale.some((one) => one.number === number && !isWaiting(one));
    if (isStale || parts.next().done === true) throw refused({ type: 'stale branch', number });
    return undefined;
  };
  move(host, advance, from);
  return goneToText(number, step);
}

/** From now on, the client keeps the branches that have names, and gives back those it has. */
export function keepBranches(
  { stopped, branchTree }: BranchHost,
  { branches = [] }: { branches?: readonly StoredBranch[] },
): void {
  for (const { actions } of branches) checkActions(actions, '"actions" in "branches"');
  branchTree.restoration.keep(stopped.session, branches);
}

export function listBranches({ stopped, branchTree }: BranchHost): BranchesView {
  return branchTree.list(stopped.session);
}

/** Does what a request needs in parts. */
type Work = <Result>(
  title: string,
  parts: (task: Task, bounded: TimeLimit) => Promise<Result>,
) => Promise<Result>;

export function saveBranchOf(
  { stopped }: BranchHost,
  given: SaveBranch,
  work: Work,
): Promise<SavedBranch> {
  const branch = live(stopped.session, given.branch);
  return work(savingTitle(), (...by) => saveBranch(stopped, branch, given, ...by));
}

export async function openNearest(
  host: BranchHost,
  given: { branch: number },
  work: Work,
): Promise<NearestBranch> {
  const { session } = host.stopped;
  const branch = live(session, given.branch);
  // A reload or a restart may take its place meanwhile.
  const isHere = () => host.launched.session === session;
  const result = await work(nearestTitle(), (...by) =>
    nearestBranch(session, branch, isHere, ...by));
  if (result.found) branchesChanged(host, session);
  return result;
}

function live(session: Session, number: number): Branch {
  const found = branchNamed(session, number);
  if (isProblem(found)) throw refused(found);
  return found;
}

/** If the cursor is on one of the branches, it goes to where they parted first. */
function deleteBranch(host: BranchHost, number: number, from?: CommandOrigin): string {
  const { session } = host.stopped;
  if (number === 0) throw refused({ type: 'first branch' });
  const found = branchNamed(session, number);
  if (isProblem(found) && found.type !== 'stale branch') throw refused(found);
  const all = deletedWith(session, number).map((one) => one.number);
  const remove = () => {
    if (!isProblem(found)) session.simulation.remove(found);
    session.stale = session.stale.filter((one) => !all.includes(one.number));
    branchesChanged(host, session);
  };
  const place = isProblem(found) ? undefined : placeBeforeDeleting(session, found);
  if (place === undefined) remove();
  else {
    const { step, branch } = place;
    move(host, travelling(session, step, branch, () => {
      const arrival = session.goto(step, branch, stopFor({ type: 'branch left', number }));
      if (arrival.type === 'stopped') remove();
      return arrival;
    }), from);
  }
  return deletedText(all);
}

/** Panels list branches, too. */
export function branchesChanged(
  { branchTree, view }: Pick<BranchHost, 'branchTree' | 'view'>,
  session: Session,
): void {
  branchTree.update(session);
  view.refresh('spacetime', session);
}

function move(host: BranchHost, advance: Advance, from?: CommandOrigin): void {
  host.later(() => host.move(advance, undefined, from && { from }));
}

/** Only the request `goto` stops for this reason: editors show the bare word for other threads. */
function asPause(step: number): Stop {
  return { ...stopFor({ type: 'goto', step }), type: 'pause' };
}

function refused(problem: BranchProblem): RequestRefusal {
  return new RequestRefusal({ code: 'problem', problem });
}
