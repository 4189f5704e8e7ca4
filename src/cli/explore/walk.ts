/** Walks over a scenario, ended by a clock; what they find is shrunk. */
import { sliceOf, stepInTime } from '../../dap/process/run-limit.ts';
import { noFaults, noLimits } from '../../explore/budgets.ts';
import type { Coverage } from '../../check/coverage/coverage.ts';
import { costOf, retelling, retoldRuns, shortActions } from '../../explore/shrink/retell.ts';
import { type Shrinkable, type Shrunk, shrinking } from '../../explore/shrink/shrink.ts';
import type { Targets } from '../../explore/search/problem.ts';
import { judgedIn } from '../../explore/timeless.ts';
import type { BreakReason, Promised, WalkExtent, Walked } from '../../explore/verdict.ts';
import { type Broken, promiseOf, reachedAs, withReach } from '../../explore/walks/broken.ts';
import {
  type Finding, lengthAtFirst, type WalkProgress, type WalkResult, walks,
} from '../../explore/walks/walks.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import type { Loaded } from '../load.ts';
import type { WalkJob } from '../seeds/seeds-thread.ts';
import type { Terminal } from '../terminal.ts';
import { lasting, shrinkMsMost, type WalkRequest, within } from './request.ts';
import { type Here, inThreads, type Stoppable, type WalkQueue } from './walk-threads.ts';

export interface WalkedScenario {
  readonly verdict: Walked;
  readonly finding?: Finding;
  /** Undefined if the violation cannot be scheduled. */
  readonly shrunk?: Shrunk | undefined;
}

interface Where {
  readonly terminal: Terminal;
  /** What is covered is counted in this thread alone. */
  readonly coverage: Coverage | undefined;
  readonly queue: WalkQueue | undefined;
}

export async function walkedScenario(
  { scenario, code }: Loaded & { readonly scenario: Scenario },
  request: WalkRequest,
  place: Pick<WalkJob, 'file' | 'root' | 'sources'>,
  { terminal, coverage, queue }: Where,
): Promise<WalkedScenario> {
  const { strategies, time, faults, faulty, stepsMost, targets: { reach, leadsTo } } = request;
  const isOwn = code !== undefined;
  const promising = reach === undefined ? scenario : withReach(scenario, reach);
  const walking = (counting: Coverage | undefined): Here => (options, seeds, isOver) => {
    const watch = counting && { watch: counting.note };
    const asked = { ...options, ...(leadsTo && { leadsTo }), ...watch };
    const all = walks(promising, { ...asked, seeds, slice: sliceOf(isOwn) });
    return toEnd(counting?.duringAll(all) ?? all, { isOwn, isOver, terminal });
  };
  const here = walking(coverage);
  // The run of a seed must not depend on other seeds, so its length is measured on one plain run.
  const { seed } = scenario.setup;
  const plain = {
    strategies: [{ type: 'plain' }], faults: noFaults, time: 'timed', stepsMost,
  } as const;
  const measured = await here(plain, [seed, seed], within(request, measureMsMost));
  // How far it came in some time would depend on the machine.
  const length = measured.isStopped ? lengthAtFirst : measured.depth || lengthAtFirst;
  const walk = { strategies, faults, time, stepsMost, length, ...(faulty && { faulty }) };
  const job: WalkJob = {
    ...place,
    walk,
    ...(reach && { reach: reach.text }),
    ...(leadsTo && { leadsTo: { condition: leadsTo.condition.text, within: leadsTo.within } }),
  };
  const result = await inThreads(request, job, here, terminal, queue);
  const extent = extentOf(request, result, promising);
  const { finding, clock } = result;
  if (clock !== undefined) {
    const why = { code: 'reads-clock', ...clock } as const;
    return { verdict: { type: 'unknown', why, ...extent } };
  }
  if (finding === undefined) {
    const why = { code: 'stopped', at: result.isStopped ? 'time' : 'seeds' } as const;
    return { verdict: { type: 'unknown', why, ...extent } };
  }
  const shrinkable = { ...finding, leadsTo: finding.isMissing && leadsTo };
  const isOver = lasting(shrinkMsMost);
  const first = await shrunkInSlices(promising, shrinkable, { isOver, terminal });
  const shrunk = first && leadsTo === undefined
    // As many runs as there is time for, so they are not counted.
    ? await retold(promising, first, { walk, here: walking(undefined), isOver, terminal })
    : first;
  const { subject, reason } = asked(shrunk?.broken ?? finding.broken, finding, request.targets);
  const before = finding.actions.length;
  const actions = shrunk?.actions.map(({ action }) => action) ?? finding.actions;
  const nodes = (shrunk ?? scenario).setup.nodes.map(({ id }) => id);
  const verdict: Walked = {
    type: 'violated',
    subject,
    reason,
    seed: finding.seed,
    before,
    trace: { actions },
    nodes,
    ...extent,
  };
  return { verdict, finding, shrunk };
}

/** The plain run is given up after so many milliseconds. */
const measureMsMost = 3_000;

/** A shorter story is looked for no longer than this, in milliseconds. */
const retoldMsMost = 3_000;

/**
 * The same violation in fewer actions, if runs with few delays show one: random runs take many
 * turns that their violation then depends on.
 */
async function retold(
  scenario: Scenario,
  first: Shrunk,
  { walk, here, isOver: isShrinkOver, terminal }: {
    readonly walk: WalkJob['walk']; readonly here: Here;
    readonly isOver: () => boolean; readonly terminal: Terminal;
  },
): Promise<Shrunk> {
  let best = first;
  const isRetoldOver = lasting(retoldMsMost);
  const isOver = () => isShrinkOver() || isRetoldOver();
  const promise = promiseOf(first.broken.subject);
  for (let seed = 1; seed <= retoldRuns && best.actions.length > shortActions && !isOver();) {
    const { finding } = await here(retelling(walk), [seed, retoldRuns], isOver);
    if (finding === undefined) break;
    seed = finding.seed + 1;
    if (promiseOf(finding.broken.subject) !== promise) continue;
    const shrunk = await shrunkInSlices(scenario, finding, { isOver, terminal });
    if (shrunk !== undefined && costOf(shrunk) < costOf(best)) best = shrunk;
  }
  return best;
}

/** What was broken, as the option that asked for it says it. */
function asked(
  broken: Broken,
  { isMissing }: Finding,
  { reach, leadsTo }: Targets,
): { readonly subject: Promised; readonly reason: BreakReason } {
  if (isMissing && leadsTo !== undefined) {
    const { condition: { text }, within } = leadsTo;
    return { subject: { kind: 'leads to', text }, reason: { code: 'not-reached', within } };
  }
  if (reach !== undefined && promiseOf(broken.subject) === promiseOf(reachedAs(reach).subject)) {
    return { subject: { kind: 'reach', text: reach.text }, reason: { code: 'reached' } };
  }
  return broken;
}

interface Around {
  readonly isOwn: boolean;
  readonly isOver: () => boolean;
  readonly terminal: Terminal;
}

async function toEnd(
  all: Generator<WalkProgress, WalkResult>,
  { isOwn, isOver, terminal }: Around,
): Promise<Stoppable> {
  let progress: WalkProgress = { runs: 0, steps: 0, depth: 0 };
  for (;;) {
    if (isOver()) return { ...progress, cut: 0, finding: undefined, isStopped: true };
    const next = isOwn ? stepInTime('', progress.steps, () => all.next()) : all.next();
    if (next.done) return { ...next.value, isStopped: false };
    progress = next.value;
    await terminal.rest?.();
  }
}

async function shrunkInSlices(
  scenario: Scenario,
  finding: Shrinkable,
  { isOver, terminal }: { readonly isOver: () => boolean; readonly terminal: Terminal },
): Promise<Shrunk | undefined> {
  const all = shrinking(scenario, finding, isOver);
  for (;;) {
    const next = all.next();
    if (next.done) return next.value;
    await terminal.rest?.();
  }
}

function extentOf(
  { time, faults, faulty, stepsMost, seeds: [first] }: WalkRequest,
  { runs, steps, depth, cut, finding, unjudged: learned = [] }: WalkResult,
  promising: Scenario,
): WalkExtent {
  // Other threads may have seen more.
  const unjudged = [...new Set([...judgedIn(time, promising).unjudged, ...learned])];
  // A queue may find something before it has done the seeds in front of it.
  const last = Math.max(first + runs - 1, finding?.seed ?? 0);
  return {
    time,
    faults,
    ...(faulty && { faulty }),
    limits: { ...noLimits, depth: stepsMost },
    seeds: runs === 0 ? undefined : [first, last],
    runs,
    transitions: steps,
    depth,
    cut: cut > 0 ? ['depth'] : [],
    ...(unjudged.length > 0 && { unjudged }),
  };
}
