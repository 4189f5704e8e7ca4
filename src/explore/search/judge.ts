/** What a search holds against each world that it meets: all strategies of searches judge alike. */
import type { Action } from '../../kernel/action.ts';
import { whyImpossible } from '../../kernel/impossible.ts';
import type { World } from '../../kernel/world.ts';
import type { Expression } from '../../scenario/conditions/condition.ts';
import { scopeAt } from '../../scenario/conditions/scope.ts';
import type { FaultBudget } from '../budgets.ts';
import { choicesAt, leavesOutPartitions, mayEndByTime } from '../choices.ts';
import { drawsLosses } from '../fingerprint/parts.ts';
import type { Cut, Exploration, Extent, Promised, Unknown } from '../verdict.ts';
import {
  type EndJudged, isExcusedOnceSpent, judgeEnd, mayEnd, missed, promisesEnd,
} from './ending.ts';
import { type Break, brokenIn, type Problem } from './problem.ts';
import type { ShortestRuns } from './shortest-runs.ts';
import { type Successor, Successors, waysMost } from './successors.ts';

/** A state that breaks a promise, with the actions after it that show this. */
export interface JudgedState {
  readonly broken: Break;
  readonly then: readonly Action[];
}

/** A limit past which a state is not explored further. */
export type BeyondLimit = 'depth' | 'messages' | 'within';

export class Judge {
  readonly cuts = new Set<Cut>();
  /** Why the search proves nothing although it went to its end. */
  doubt: Unknown | undefined;
  /** In how many states a run could end. */
  ends = 0;
  /** In how many states the condition of `within` is false, also those that end a run anyway. */
  notInside = 0;

  constructor(private readonly problem: Problem) {}

  /** What the last action to the successor broke. */
  brokenBy({ world, left, actions, effects }: Successor): Break | undefined {
    const excused = this.isSpent(left) ? this.isExcused : undefined;
    return brokenIn(this.problem, world, actions.at(-1)!, effects, excused);
  }

  /** What is promised of every state for itself. */
  state(world: World): JudgedState | undefined {
    const { reach, leadsTo } = this.problem.targets;
    if (reach !== undefined && this.isTrue(reach, world, 'reach')) {
      return { broken: reachedBy(reach), then: [] };
    }
    const found = leadsTo && missed(world, leadsTo);
    if (leadsTo === undefined || found === undefined) return undefined;
    if ('unknown' in found) {
      this.doubt ??= found.unknown;
      return undefined;
    }
    const { condition, within } = leadsTo;
    const reason = { code: 'not-reached', within } as const;
    const subject = { kind: 'leads to', text: condition.text } as const;
    return { broken: { subject, reason }, then: found.actions };
  }

  /** What a run breaks that ends here, if it may; `found` is everything that may happen next. */
  end(
    world: World,
    left: FaultBudget,
    found: readonly Pick<Successor, 'actions' | 'isFault'>[],
  ): Break | undefined {
    const { setting } = this.problem;
    const { scenario, time } = setting;
    if (scenario === undefined) return undefined;
    const isEnd = time === 'timed' ? mayEndByTime(world, setting) : mayEnd(world, found);
    if (!isEnd) return undefined;
    return this.ended(judgeEnd(scenario, world, { time, isSpent: this.isSpent(left) }));
  }

  /** Counts what the end of a run shows. */
  ended(judged: EndJudged | undefined): Break | undefined {
    if (judged === undefined) return undefined;
    this.ends++;
    for (const one of judged.cut) this.cuts.add(one);
    return judged.broken;
  }

  /** The limit that keeps the state from being explored further, if one does. */
  beyond(world: World, depth: number): BeyondLimit | undefined {
    const { limits, targets } = this.problem;
    if (depth >= limits.depth) return 'depth';
    if (limits.messages < Infinity && inFlight(world) > limits.messages) return 'messages';
    const { nodeWithin, within } = targets;
    if (nodeWithin !== undefined && !world.nodes.every(nodeWithin)) return 'within';
    if (within !== undefined && !this.isTrue(within, world, 'within')) return 'within';
    if (drawsLosses(world.network)) this.cuts.add('losses');
    return undefined;
  }

  /**
   * What a run breaks that ends in a state beyond a limit. `isCut`: something may happen there, so
   * the limit left it out; a run that has ended anyway was not cut off.
   */
  endBeyond(world: World, left: FaultBudget): { isCut: boolean; broken: Break | undefined } {
    const next = this.nextOf(world, left);
    return { isCut: next.length > 0, broken: this.end(world, left, next) };
  }

  /**
   * A limit kept a state from being explored further. `shortest`: depth-first, a shorter run may
   * reach it later, so the depth has cut it off only if none does.
   */
  leaveOut(state: number, limit: BeyondLimit, shortest: ShortestRuns | undefined): void {
    if (limit === 'depth' && shortest !== undefined) shortest.leaveOut(state);
    else this.cut(limit);
  }

  /**
   * What may happen next, up to the first of it that keeps a run from ending. Nothing is run for
   * it, unless only that shows which deliveries are not followed.
   */
  private nextOf(world: World, left: FaultBudget): Pick<Successor, 'actions' | 'isFault'>[] {
    const { watch: _, ...setting } = this.problem.setting;
    const successors = setting.skipsIdle === true ? new Successors(setting) : undefined;
    const next: Pick<Successor, 'actions' | 'isFault'>[] = [];
    for (const choice of choicesAt(world, left, setting)) {
      const { actions, fault } = choice;
      // An operation that cannot be invoked now keeps no run from ending.
      if (whyImpossible(world, actions[0]) !== undefined) continue;
      if (successors?.outcomes(world, left, choice).next().done === true) continue;
      next.push({ actions, isFault: fault !== undefined });
      if (!mayEnd(world, next)) return next;
    }
    return next;
  }

  extent({
    states, transitions, depth, hasLongDraw,
  }: Pick<Extent, 'states' | 'transitions' | 'depth'> & { hasLongDraw: boolean }): Extent {
    const { setting, limits, targets, world, unjudged = [] } = this.problem;
    const { time, faults, faulty, scenario } = setting;
    const cuts = new Set(this.cuts);
    if (hasLongDraw) cuts.add('draws');
    if (time === 'timed') cuts.add('times');
    else if (this.drewAtStart) cuts.add('boots');
    if (leavesOutPartitions(world, setting)) cuts.add('partitions');
    if (targets.leadsTo !== undefined) cuts.add('continuations');
    if (this.ends === 0 && scenario !== undefined && promisesEnd(scenario)) cuts.add('ends');
    const more = {
      ...(faulty && { faulty }), ...(this.notInside > 0 && { notInside: this.notInside }),
      ...(unjudged.length > 0 && { unjudged }),
    };
    return { time, faults, ...more, limits, states, transitions, depth, cut: [...cuts] };
  }

  /** No action of a run has these draws: they are over when it begins. */
  private get drewAtStart(): boolean {
    const { effects, world } = this.problem;
    return effects !== undefined && world.nodes.some(({ drawn }) => drawn > 0);
  }

  private readonly isExcused = (promised: Promised): boolean => {
    return isExcusedOnceSpent(promised) && this.cut('spent');
  };

  private isSpent(left: FaultBudget): boolean {
    return this.problem.isSpent === true || left !== this.problem.setting.faults;
  }

  cut(by: Cut): true {
    this.cuts.add(by);
    return true;
  }

  /** One that has no value here is not true, and the search proves nothing. */
  private isTrue(condition: Expression, world: World, of: 'reach' | 'within'): boolean {
    const failure = condition.test(scopeAt(world));
    if (typeof failure === 'boolean') return failure;
    this.doubt ??= { code: 'condition-failed', of, failure };
    return false;
  }
}

/**
 * The verdict of a search that went to its end. A user sets the other limits; that of the ways to
 * draw is our own, so a user cannot expect that *holds* means only within it.
 */
export function concluded(extent: Extent): Exploration {
  if (!extent.cut.includes('draws')) return { type: 'holds', ...extent };
  return { type: 'unknown', why: { code: 'long-draw', most: waysMost }, ...extent };
}

/** What a search for a state finds in it. */
export function reachedBy({ text }: Expression): Break {
  return { subject: { kind: 'reach', text }, reason: { code: 'reached' } };
}

/** How many messages are in flight. */
export function inFlight({ queue }: World): number {
  let count = 0;
  for (const { type } of queue.items) if (type === 'deliver') count++;
  return count;
}
