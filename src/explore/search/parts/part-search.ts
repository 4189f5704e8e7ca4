/**
 * A breadth-first search that leaves the expansion of states to others. It finds what the search in
 * one thread finds, with the same counts and the same run: it enters what they found in the order
 * in which one thread would, so each state is expanded once, wherever it was found.
 */
import type { Action } from '../../../kernel/action.ts';
import type { World } from '../../../kernel/world.ts';
import type { FaultBudget } from '../../budgets.ts';
import { Fingerprints } from '../../fingerprint/fingerprint.ts';
import type { Exploration, Extent, Unknown } from '../../verdict.ts';
import { concluded, Judge } from '../judge.ts';
import { type Break, brokenIn, type Problem } from '../problem.ts';
import { Successors, type Turn } from '../successors.ts';
import { StateTable, tooMany } from '../table.ts';
import { outOfMemory, outOfStates, outOfTime } from '../patience.ts';
import type { Expanded, Part } from './part.ts';

/** All states to which the shortest runs have one length. */
export interface Level {
  readonly states: number;
  readonly parts: readonly Part[];
}

/** For each part of a level what follows its states; undefined if the time was over before. */
export type LevelResults = readonly (readonly Expanded[] | undefined)[];

/** A part has so many states, if the level has enough: its size depends on nothing else. */
const statesMost = 1_000;
const statesLeast = 50;
const partsPerLevel = 16;

/** The meter is called after so many states. */
const meterEvery = 64;
/** What a state takes besides its place in the table. */
const turnBytes = 12;

export function* exploreInParts(problem: Problem): Generator<Level, Exploration, LevelResults> {
  return yield* new PartSearch(problem).run();
}

class PartSearch {
  private readonly table: StateTable;
  private readonly judge: Judge;
  /** How each state was reached from its parent in the table. */
  private readonly turns: Turn[] = [0];
  private hasLongDraw = false;
  private transitions = 0;
  private depth = 0;
  private expanded = 0;

  constructor(private readonly problem: Problem) {
    this.judge = new Judge(problem);
    this.table = new StateTable(problem.limits.states);
  }

  *run(): Generator<Level, Exploration, LevelResults> {
    const atStart = this.start();
    if (atStart !== undefined) return atStart;
    let level = [0];
    for (let depth = 0; level.length > 0; depth++) {
      const parts = this.partsOf(level, depth);
      const results = yield { states: level.length, parts };
      const next: number[] = [];
      let place = 0;
      for (let i = 0; i < parts.length; i++) {
        const all = results[i];
        if (all === undefined) return this.unknown(outOfTime);
        for (const one of all) {
          const ended = this.stopped() ?? this.enter(one, level[place++], depth, next);
          if (ended !== undefined) return ended;
        }
      }
      level = next;
    }
    const { doubt } = this.judge;
    if (doubt !== undefined) return this.unknown(doubt);
    return concluded(this.extent());
  }

  private start(): Exploration | undefined {
    const { world, effects, setting } = this.problem;
    this.table.add(new Fingerprints(setting).of(world, setting.faults), -1, 0);
    const broken = effects && brokenIn(this.problem, world, null, effects);
    if (broken !== undefined) return this.violated(broken, 0, undefined, []);
    const judged = this.judge.state(world);
    return judged && this.violated(judged.broken, 0, undefined, judged.then);
  }

  private partsOf(level: readonly number[], depth: number): Part[] {
    const wanted = Math.ceil(level.length / partsPerLevel);
    const size = Math.min(statesMost, Math.max(statesLeast, wanted));
    const parts: Part[] = [];
    for (let from = 0; from < level.length; from += size) {
      parts.push(this.partOf(level.slice(from, from + size), depth));
    }
    return parts;
  }

  private partOf(states: readonly number[], depth: number): Part {
    const tree: [number, Turn][] = [];
    const places = new Map<number, number>([[0, -1]]);
    const placeOf = (state: number): number => {
      const run: number[] = [];
      for (let one = state; !places.has(one); one = this.table.parentOf(one)) run.push(one);
      for (const one of run.reverse()) {
        places.set(one, tree.length);
        tree.push([places.get(this.table.parentOf(one))!, this.turns[one]]);
      }
      return places.get(state)!;
    };
    const own = states.map(placeOf);
    return { depth, tree, states: own };
  }

  /** Enters what follows a state, as if it were expanded now. */
  private enter(
    { prints, turns, judged, ...ended }: Expanded,
    state: number,
    depth: number,
    next: number[],
  ): Exploration | undefined {
    const { judge } = this;
    // First what one thread would have noticed before it had an end.
    for (const cut of ended.cuts) judge.cuts.add(cut);
    if (ended.doubt !== undefined) judge.doubt ??= ended.doubt;
    this.hasLongDraw ||= ended.hasLongDraw;
    const judgedOf = new Map(judged);
    for (let i = 0; i < turns.length; i++) {
      this.transitions++;
      const known = this.table.addHalves(prints[2 * i], prints[2 * i + 1], state, i);
      if (known === tooMany) return this.unknown(outOfStates);
      if (known < 0) continue;
      this.turns.push(turns[i]);
      this.depth = Math.max(this.depth, depth + 1);
      const own = judgedOf.get(i);
      if (own?.doubt !== undefined) judge.doubt ??= own.doubt;
      if (own?.broken !== undefined) return this.violated(own.broken, known, undefined, own.then!);
      next.push(known);
    }
    if (ended.isEnd) judge.ends++;
    if (ended.isOutside === true) judge.notInside++;
    const { broken, clock } = ended;
    const isOfSuccessor = clock !== undefined || broken?.turn !== undefined;
    if (isOfSuccessor) this.transitions++;
    if (clock !== undefined) return this.unknown({ code: 'reads-clock', ...clock });
    return broken && this.violated(broken.by, state, broken.turn, []);
  }

  private stopped(): Exploration | undefined {
    const { limits, meter } = this.problem;
    const { size } = this.table;
    if (++this.expanded % meterEvery !== 0) return undefined;
    if (this.table.bytes + size * turnBytes > limits.bytes) {
      return this.unknown(outOfMemory);
    }
    const { transitions, depth } = this;
    const isOver = meter?.({ states: size, transitions, depth }) === true;
    return isOver ? this.unknown(outOfTime) : undefined;
  }

  private extent(): Extent {
    const { transitions, depth, hasLongDraw, table: { size: states } } = this;
    return this.judge.extent({ states, transitions, depth, hasLongDraw });
  }

  private unknown(why: Unknown): Exploration {
    return { type: 'unknown', why, ...this.extent() };
  }

  private violated(
    broken: Break,
    state: number,
    turn: Turn | undefined,
    then: readonly Action[],
  ): Exploration {
    const actions = [...this.actionsTo(state, turn), ...then];
    return { type: 'violated', ...broken, trace: { actions }, ...this.extent() };
  }

  /** The actions to a state, and one turn more. */
  private actionsTo(state: number, last: Turn | undefined): Action[] {
    const turns: Turn[] = last === undefined ? [] : [last];
    for (let one = state; one > 0; one = this.table.parentOf(one)) turns.push(this.turns[one]);
    const { world, setting } = this.problem;
    const successors = new Successors(setting);
    const all: Action[] = [];
    let now: { world: World; left: FaultBudget } = { world, left: setting.faults };
    for (const turn of turns.reverse()) {
      const { actions, ...next } = successors.at(now.world, now.left, turn);
      all.push(...actions);
      now = next;
    }
    return all;
  }
}
