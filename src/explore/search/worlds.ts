/**
 * Visits every state of a problem, each as a world: it applies to all protocols and all faults.
 * Breadth-first finds a shortest run to a violation; depth-first keeps fewer worlds at a time.
 */
import type { Action } from '../../kernel/action.ts';
import type { World } from '../../kernel/world.ts';
import { scopeAt } from '../../scenario/conditions/scope.ts';
import type { FaultBudget } from '../budgets.ts';
import { clockReader } from '../clock-reader.ts';
import { Fingerprints } from '../fingerprint/fingerprint.ts';
import type { Cut, Exploration, Extent, Unknown } from '../verdict.ts';
import { brokenAtEnd, mayEnd, missed, reached } from './ending.ts';
import { type Break, brokenIn, type Problem } from './problem.ts';
import { type Successor, Successors } from './successors.ts';
import { StateTable } from './table.ts';

export type Order = 'bfs' | 'dfs';

interface Visit {
  readonly world: World;
  readonly left: FaultBudget;
  readonly state: number;
  readonly depth: number;
}

/** What a world on the frontier takes, roughly: it shares most of its nodes with others. */
const worldBytes = 2_000;
/** The meter is called after so many states. */
const meterEvery = 64;

export function exploreWorlds(problem: Problem, order: Order): Exploration {
  return new WorldSearch(problem, order).run();
}

class WorldSearch {
  private readonly table = new StateTable();
  private readonly fingerprints: Fingerprints;
  private readonly successors: Successors;
  private readonly cuts = new Set<Cut>();
  private frontier: Visit[] = [];
  private next: Visit[] = [];
  private transitions = 0;
  private depth = 0;
  private expanded = 0;

  constructor(
    private readonly problem: Problem,
    private readonly order: Order,
  ) {
    this.fingerprints = new Fingerprints(problem.setting);
    this.successors = new Successors(problem.setting);
  }

  run(): Exploration {
    const { world, effects, setting } = this.problem;
    const left = setting.faults;
    this.table.add(this.fingerprints.of(world, left), -1, 0);
    if (effects !== undefined) {
      this.successors.noticed.clock = clockReader(world, null, effects) ?? null;
    }
    const broken = effects && brokenIn(this.problem, world, null, effects);
    if (broken !== undefined) return this.violated(broken, 0, []);
    const first: Visit = { world, left, state: 0, depth: 0 };
    const atStart = this.judgeState(first);
    if (atStart !== undefined) return atStart;
    this.frontier.push(first);
    for (let visit = this.pop(); visit !== undefined; visit = this.pop()) {
      const ended = this.stopped() ?? this.expand(visit);
      if (ended !== undefined) return ended;
    }
    return { type: 'holds', ...this.extent() };
  }

  private pop(): Visit | undefined {
    if (this.order === 'dfs') return this.frontier.pop();
    if (this.frontier.length === 0) {
      // Popped from the end, in the order in which they were found.
      this.frontier = this.next.reverse();
      this.next = [];
    }
    return this.frontier.pop();
  }

  private expand(visit: Visit): Exploration | undefined {
    const { world, left, state, depth } = visit;
    if (this.isBeyond(visit)) return undefined;
    const found: Pick<Successor, 'actions' | 'isFault'>[] = [];
    let number = 0;
    for (const successor of this.successors.of(world, left)) {
      const { actions, effects, isFault } = successor;
      found.push({ actions, isFault });
      this.transitions++;
      const choice = number++;
      const { clock } = this.successors.noticed;
      if (clock !== null && this.problem.setting.time === 'untimed') {
        return this.unknown({ code: 'reads-clock', ...clock });
      }
      const broken = brokenIn(this.problem, successor.world, actions.at(-1)!, effects);
      if (broken !== undefined) return this.violated(broken, state, actions);
      const mark = this.fingerprints.of(successor.world, successor.left);
      const known = this.table.add(mark, state, choice);
      if (known < 0) continue;
      const child: Visit = {
        world: successor.world, left: successor.left, state: known, depth: depth + 1,
      };
      this.depth = Math.max(this.depth, child.depth);
      const ended = this.judgeState(child);
      if (ended !== undefined) return ended;
      (this.order === 'dfs' ? this.frontier : this.next).push(child);
    }
    const { scenario } = this.problem.setting;
    if (scenario === undefined || !mayEnd(world, found)) return undefined;
    const broken = brokenAtEnd(scenario, world);
    return broken && this.violated(broken, state, []);
  }

  /** What is promised of every state for itself. */
  private judgeState({ world, state }: Visit): Exploration | undefined {
    const broken = reached(this.problem, world);
    if (broken !== undefined) return this.violated(broken, state, []);
    const { leadsTo } = this.problem.targets;
    const actions = leadsTo && missed(world, leadsTo);
    if (leadsTo === undefined || actions === undefined) return undefined;
    const { condition, within } = leadsTo;
    const reason = { code: 'not-reached', within } as const;
    const subject = { kind: 'leads to', text: condition.text } as const;
    return this.violated({ subject, reason }, state, actions);
  }

  /** Whether a limit keeps the state from being explored further. */
  private isBeyond({ world, depth }: Visit): boolean {
    const { limits, targets } = this.problem;
    if (depth >= limits.depth) return this.cut('depth');
    if (limits.messages < Infinity && inFlight(world) > limits.messages) {
      return this.cut('messages');
    }
    const { nodeWithin } = targets;
    if (nodeWithin !== undefined && !world.nodes.every(nodeWithin)) return this.cut('within');
    if (targets.within === undefined) return false;
    return targets.within.test(scopeAt(world)) === true ? false : this.cut('within');
  }

  private cut(by: Cut): true {
    this.cuts.add(by);
    return true;
  }

  private stopped(): Exploration | undefined {
    const { limits, meter } = this.problem;
    const { size } = this.table;
    if (size >= limits.states) return this.unknown({ code: 'stopped', at: 'states' });
    if (++this.expanded % meterEvery !== 0) return undefined;
    const waiting = this.frontier.length + this.next.length;
    if (this.table.bytes + waiting * worldBytes > limits.bytes) {
      return this.unknown({ code: 'stopped', at: 'bytes' });
    }
    const { transitions, depth } = this;
    const isOver = meter?.({ states: size, transitions, depth }) === true;
    return isOver ? this.unknown({ code: 'stopped', at: 'time' }) : undefined;
  }

  private extent(): Extent {
    if (this.successors.noticed.hasLongDraw) this.cuts.add('draws');
    const { setting, limits } = this.problem;
    const { transitions, depth } = this;
    const cut = [...this.cuts];
    const { time, faults } = setting;
    return { time, faults, limits, states: this.table.size, transitions, depth, cut };
  }

  private unknown(why: Unknown): Exploration {
    return { type: 'unknown', why, ...this.extent() };
  }

  private violated(broken: Break, state: number, then: readonly Action[]): Exploration {
    const actions = [...pathActions(this.problem, this.table.pathTo(state)), ...then];
    return { type: 'violated', ...broken, trace: { actions }, ...this.extent() };
  }
}

export function inFlight({ queue }: World): number {
  let count = 0;
  for (const { type } of queue.items) if (type === 'deliver') count++;
  return count;
}

/** The actions of a path, whose choices are named by their numbers. */
export function pathActions({ world, setting }: Problem, path: readonly number[]): Action[] {
  const successors = new Successors(setting);
  const all: Action[] = [];
  let now: { world: World; left: FaultBudget } = { world, left: setting.faults };
  for (const choice of path) {
    let number = 0;
    for (const successor of successors.of(now.world, now.left)) {
      if (number++ !== choice) continue;
      all.push(...successor.actions);
      now = successor;
      break;
    }
  }
  return all;
}
