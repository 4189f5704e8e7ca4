/** What is judged where a run may end, and what must be reached from every state. */
import { historyVerdict } from '../../check/history/judge.ts';
import type { Action } from '../../kernel/action.ts';
import { step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import { scopeAt } from '../../scenario/conditions/scope.ts';
import { expectationVerdicts } from '../../scenario/expect.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { progressOf } from '../fingerprint/fingerprint.ts';
import type { Break, Problem, Targets } from './problem.ts';
import type { Successor } from './successors.ts';

/**
 * Whether a run may end here: the scenario's steps are done, and nothing but timers in the
 * background can happen without another fault.
 */
export function mayEnd(world: World, next: readonly Pick<Successor, 'actions' | 'isFault'>[]) {
  return next.every(({ actions: [action], isFault }) => {
    if (isFault) return true;
    if (action.type !== 'fire') return false;
    return world.node(action.node)?.cast.role.background?.includes(action.timer) === true;
  });
}

/** What a run that ends here breaks: `end`, what was never met, and the model of its history. */
export function brokenAtEnd(scenario: Scenario, world: World): Break | undefined {
  const progress = progressOf(world);
  if (progress === undefined || (progress.index < scenario.steps.length && !progress.over)) {
    return undefined;
  }
  const all = expectationVerdicts(world, true, world.time).map((verdict, i) => {
    const expectation = scenario.expect[i];
    if (expectation.type !== 'history') return verdict;
    return historyVerdict(expectation, world, world.time);
  });
  const broken = all.find((one) => one.type === 'violated');
  return broken && { subject: broken.subject, reason: broken.reason };
}

/** More actions are not taken, should virtual time stand still. */
const actionsMax = 100_000;

/**
 * Lets faults stop and the cluster run by its own clock. Returns the actions of a run in which the
 * condition is not reached in time; undefined if it is reached.
 */
export function missed(
  world: World,
  { condition, within }: NonNullable<Targets['leadsTo']>,
): Action[] | undefined {
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
  for (let count = 0; count < actionsMax; count++) {
    if (condition.test(scopeAt(run)) === true) return undefined;
    const next = run.next();
    if (next === undefined || next.at > until) break;
    const action = plain(next);
    if (!step(run, next)) break;
    actions.push(action);
  }
  return actions;
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

/** What a state itself breaks, beside what its step broke. */
export function reached({ targets }: Problem, world: World): Break | undefined {
  const { reach } = targets;
  if (reach === undefined || reach.test(scopeAt(world)) !== true) return undefined;
  return { subject: { kind: 'reach', text: reach.text }, reason: { code: 'reached' } };
}
