/** What is judged where a run may end, and what must be reached from every state. */
import { historyVerdict } from '../../check/history/judge.ts';
import type { Action } from '../../kernel/action.ts';
import { step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import type { EvaluationFailure } from '../../scenario/conditions/errors.ts';
import { scopeAt } from '../../scenario/conditions/scope.ts';
import { endTime, memoryOf, progressAt } from '../../scenario/driver.ts';
import { untimedProgress } from '../../scenario/due.ts';
import { expectationVerdicts } from '../../scenario/expect.ts';
import type { Expectation, Scenario, Step } from '../../scenario/scenario.ts';
import { mustHappen } from '../promises.ts';
import type { Cut, Promised, TimeMode, Unknown } from '../verdict.ts';
import type { Break, Targets } from './problem.ts';
import type { Successor } from './successors.ts';

/**
 * Untimed: whether a run may end here, because nothing but timers in the background can happen
 * without another fault.
 */
export function mayEnd(world: World, next: readonly Pick<Successor, 'actions' | 'isFault'>[]) {
  return next.every(({ actions: [action], isFault }) => {
    if (isFault) return true;
    if (action.type !== 'fire') return false;
    return world.node(action.node)?.cast.role.background?.includes(action.timer) === true;
  });
}

/** What a step waits for is not a promise once there was a fault. */
export function isExcusedOnceSpent({ kind }: Promised): boolean {
  return kind === 'step';
}

/** What the end of a run shows. */
export interface EndJudged {
  readonly broken?: Break;
  /** The limits of the judgement. */
  readonly cut: readonly Cut[];
}

/** Whether a scenario promises anything that only the end of a run shows. */
export function promisesEnd({ expect, until, steps }: Scenario): boolean {
  const isOfEnd = (one: Expectation) => {
    return one.type === 'end' || one.type === 'history' || mustHappen(one);
  };
  const waits = ({ placement, command }: Step) => {
    const isOfTime = placement === undefined || placement.type === 'at';
    return !isOfTime || command.type === 'until' || (command.type === 'invoke' && command.waits);
  };
  const isAwaited = until !== undefined && until.type !== 'time';
  return isAwaited || expect.some(isOfEnd) || steps.some(waits);
}

/**
 * What a run that ends here breaks: `end`, what was never met, and the model of its history; timed,
 * also a step or an `until` that waited in vain. `isSpent`: there were faults of the budget in it.
 * Undefined if the scenario is not at its end.
 */
export function judgeEnd(
  scenario: Scenario,
  world: World,
  { time, isSpent }: { readonly time: TimeMode; readonly isSpent: boolean },
): EndJudged | undefined {
  const isTimed = time === 'timed';
  const cut = new Set<Cut>();
  if (isTimed) {
    const waited = waitedInVain(scenario, world);
    if (waited !== undefined && !isSpent) return { broken: waited, cut: [] };
    if (waited !== undefined) cut.add('spent');
  }
  const { index, over } = isTimed
    ? progressAt(scenario, world, true)
    : untimedProgress(scenario, world);
  if (index < scenario.steps.length && !over) return cut.size > 0 ? { cut: [...cut] } : undefined;
  const ended = isTimed ? endTime(scenario, world) : world.time;
  const all = expectationVerdicts(world, true, ended);
  for (let i = 0; i < all.length; i++) {
    const expectation = scenario.expect[i];
    const verdict = expectation.type === 'history'
      ? historyVerdict(expectation, world, ended)
      : all[i];
    if (verdict.type === 'unknown') cut.add('undecided');
    if (verdict.type !== 'violated') continue;
    const { subject, reason } = verdict;
    if (!isSpent || !mustHappen(expectation)) return { broken: { subject, reason }, cut: [...cut] };
    cut.add('spent');
  }
  return { cut: [...cut] };
}

/** A step that failed because only time passed, or an `until` that did not come. */
function waitedInVain(scenario: Scenario, world: World): Break | undefined {
  const before = memoryOf(scenario, world).failures.length;
  const progress = progressAt(scenario, world, true);
  const failure = progress.failures.at(before);
  if (failure !== undefined) {
    const { text, range } = scenario.steps[failure.index];
    return { subject: { kind: 'step', text, range }, reason: failure.reason };
  }
  const { until } = scenario;
  if (until === undefined || until.type === 'time' || progress.over) return undefined;
  if (until.type === 'condition' && until.condition.test(scopeAt(world)) === true) return undefined;
  const { text, range } = until;
  const subject = { kind: 'until', text, ...(range && { range }) } as const;
  return { subject, reason: { code: 'until-not-reached' } };
}

/** More actions are not taken, should virtual time stand still. */
export const actionsMax = 100_000;

/**
 * Lets faults stop and the cluster run by its own clock, along the one run that the seed draws.
 * Undefined if the condition is reached; otherwise the actions of a run in which it is not reached
 * in time, or why that is not known.
 */
export function missed(
  world: World,
  { condition, within }: NonNullable<Targets['leadsTo']>,
  most = actionsMax,
): { readonly actions: Action[] } | { readonly unknown: Unknown } | undefined {
  const run = world.fork();
  const actions: Action[] = [];
  const take = (action: Action) => {
    if (step(run, action)) actions.push(action);
  };
  const at = run.time;
  if (run.network.isCut) take({ type: 'heal', at });
  for (const { id: node, up, started, paused } of run.nodes) {
    if (!up && started) take({ type: 'restart', at, node });
    if (paused) take({ type: 'resume', at, node });
  }
  const until = at + within;
  let failure: EvaluationFailure | undefined;
  for (let count = 0; count < most; count++) {
    const result = condition.test(scopeAt(run));
    if (result === true) return undefined;
    if (typeof result === 'object') failure ??= result;
    const next = run.next();
    const action = next === undefined || next.at > until ? undefined : plain(next);
    if (action === undefined || !step(run, next!)) {
      return failure === undefined
        ? { actions }
        : { unknown: { code: 'condition-failed', of: 'leads to', failure } };
    }
    actions.push(action);
  }
  return { unknown: { code: 'too-long', actions: most } };
}

/** The action of a pending one, as a trace holds it. */
function plain(pending: NonNullable<ReturnType<World['next']>>): Action {
  const { at } = pending;
  if (pending.type === 'postponed') return { ...pending.action, at };
  if (pending.type === 'deliver') {
    const { from, to, ordinal, copy } = pending;
    return { type: 'deliver', at, from, to, ordinal, copy };
  }
  return { type: 'fire', at, node: pending.node, timer: pending.timer, key: pending.key };
}
