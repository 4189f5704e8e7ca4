/** The branches of a session as the Runs view lists them: where each parted, and what it shows. */
import { subjectText, verdictSentence, violationSentence } from '../check/verdict-words.ts';
import { propertyKind } from '../session/breakpoints/reasons.ts';
import { type Branch, brokenIn, partedFrom } from '../session/branches/branch.ts';
import type { EventAt, FirstEvent } from '../session/branches/first-event.ts';
import type { StaleBranch, StaleReason } from '../session/branches/kept.ts';
import type { RecordedBranch } from '../session/read/reading.ts';
import type { Session } from '../session/session.ts';
import { actionSentence } from './words.ts';

/** The response to the DAP request `lockstep/branches`. */
export interface BranchesView {
  /** The branch of the cursor, and its step. */
  current: number;
  step: number;
  /** In the order of their numbers. */
  branches: BranchView[];
}

/** The body of the DAP event `lockstep/branches`: what is not as it was when it was sent last. */
export interface BranchesChange {
  current: number;
  step: number;
  changed: BranchView[];
  /** The numbers of branches that do not exist any more. */
  gone: number[];
}

export interface BranchView {
  number: number;
  /** The name that the user gave it; '' if none. */
  name: string;
  /** Where it parted from another branch, and the virtual time then; null for the first. */
  parted: { from: number; step: number; time: number } | null;
  /** How many actions lead to its end, including those before it parted. */
  length: number;
  /** Its first own action in words: `n1 crashes`. */
  began?: string;
  /** The first protocol event that its parent does not report at this place, if one is known. */
  event?: EventView;
  /** The first promise that its run broke. */
  broken?: BrokenView;
  /** Set if it could not be repeated: why. It has no moments then, so one cannot go there. */
  stale?: StaleReason;
}

export interface EventView extends EventAt {
  /** What the parent reports in its place; absent if it reports nothing more. */
  instead?: { node: string; label: string; step: number };
}

export interface BrokenView {
  kind: 'invariant' | 'derived event' | 'expectation' | 'scenario step' | 'handler' | 'run';
  /** Its name, or the text of an expectation; of a handler that threw, the node. */
  name: string;
  why: string;
  step: number;
  /** Whether that was before the branch parted. */
  isInherited: boolean;
}

export function branchView(
  session: Session,
  branch: Branch,
  recorded: RecordedBranch,
  first?: FirstEvent,
): BranchView {
  const { number, name, parent, run } = branch;
  const different = knownEvent(branch, first);
  const hasBegun = parent !== null && run.length > run.base;
  const began = hasBegun ? beganWith(recorded, run.base + 1) : undefined;
  const broken = brokenView(session, branch, recorded);
  return {
    number,
    name,
    parted: parent && { from: parent.number, step: run.base, time: run.time(run.base) },
    length: run.length,
    ...(began === undefined ? {} : { began }),
    ...(different?.own ? { event: eventView(different.own, different.instead) } : {}),
    ...(broken ? { broken } : {}),
  };
}

export function staleView({ number, name, parent, base, length, why }: StaleBranch): BranchView {
  const parted = { from: parent, step: base, time: 0 };
  return { number, name, parted, length, stale: why };
}

/** Equal as long as the view of a branch is: computed at each stop, so it costs little. */
export function branchKey(branch: Branch, first: FirstEvent | undefined): string {
  const { name, run, judged } = branch;
  const broken = brokenIn(branch);
  const different = knownEvent(branch, first);
  const events = [different?.own?.step, different?.instead?.step];
  return JSON.stringify([name, run.length, broken?.step, judged?.step, ...events]);
}

/** An event is different only if the parent is recorded up to its time and does not report it. */
function knownEvent(branch: Branch, first: FirstEvent | undefined): FirstEvent | undefined {
  const parent = partedFrom(branch);
  if (first?.own === undefined || parent === null) return undefined;
  const { run } = parent;
  return first.instead || run.time(run.length) >= first.own.time ? first : undefined;
}

function beganWith(recorded: RecordedBranch, step: number): string {
  const { action, effects, after } = recorded.explain(step)!;
  return actionSentence(action!, effects, after);
}

function eventView(own: EventAt, instead: EventAt | undefined): EventView {
  if (instead === undefined) return own;
  const { node, label, step } = instead;
  return { ...own, instead: { node, label, step } };
}

function brokenView(
  { script: { scenario }, world }: Session,
  branch: Branch,
  { parted }: RecordedBranch,
): BrokenView | undefined {
  const { units } = world.wording;
  const { judged, run } = branch;
  const broken = brokenIn(branch);
  if (broken !== null) {
    const { step, what } = broken;
    const isInherited = parted !== null && step <= parted.step;
    if (what.type === 'thrown') {
      return { kind: 'handler', name: what.node, why: what.message, step, isInherited };
    }
    const { monitor: name } = what.violation;
    const kind = propertyKind(scenario, name);
    return { kind, name, why: violationSentence(what.violation, units), step, isInherited };
  }
  if (judged === null || judged.step !== run.length) return undefined;
  const { verdict: { subject }, verdict } = judged;
  const why = verdictSentence(verdict, units) ?? '';
  const { kind: of } = subject;
  const kind = of === 'expectation' || of === 'invariant' ? of : 'run';
  return { kind, name: subjectText(subject), why, step: judged.step, isInherited: false };
}
