/**
 * A part of a level of a breadth-first search, as plain data: another thread or machine can take
 * it. It names each state by the turns of a run to it.
 */
import type { Action } from '../../../kernel/action.ts';
import type { FaultBudget } from '../../budgets.ts';
import { type ClockReader, clockReader } from '../../clock-reader.ts';
import { Fingerprints } from '../../fingerprint/fingerprint.ts';
import type { Cut, Unknown } from '../../verdict.ts';
import type { World } from '../../../kernel/world.ts';
import { Judge } from '../judge.ts';
import type { Break, Problem } from '../problem.ts';
import { type Successor, Successors, type Turn } from '../successors.ts';

export interface Part {
  /** The length of the runs to its states, in choices. */
  readonly depth: number;
  /** The runs, as a tree without its root: each place follows the place of the one before it. */
  readonly tree: readonly (readonly [before: number, turn: Turn])[];
  /** The places of its states; −1 is the start. */
  readonly states: readonly number[];
}

/** What follows one state of a part. */
export interface Expanded {
  /** The fingerprints of its successors, in two halves one after the other. */
  readonly prints: readonly number[];
  readonly turns: readonly Turn[];
  /** What some successors break, or why that is not known, by their number. */
  readonly judged: readonly (readonly [number, JudgedSuccessor])[];
  /** The limits of what was judged, and whether a run may end here. */
  readonly cuts: readonly Cut[];
  readonly isOutside?: boolean;
  readonly isEnd: boolean;
  readonly hasLongDraw: boolean;
  readonly doubt?: Unknown;
  /** What ended the expansion: after the last successor, or at the state itself. */
  readonly broken?: { readonly by: Break; readonly turn?: Turn };
  readonly clock?: ClockReader;
}

/** If its state is new. */
export interface JudgedSuccessor {
  readonly broken?: Break;
  readonly then?: readonly Action[];
  readonly doubt?: Unknown;
}

/** The texts of so many parts are kept: they are what states have in common. */
const partsPerFingerprints = 200;

/** A state may have thousands of outcomes, because a step may draw in so many ways. */
const outcomesAtOnce = 128;

/** Expands parts of one problem. */
export class PartExpander {
  private readonly successors: Successors;
  private fingerprints: Fingerprints;
  private parts = 0;
  private readonly clockAtStart: ClockReader | null;

  constructor(private readonly problem: Problem) {
    const { world, effects } = problem;
    this.clockAtStart = (effects && clockReader(world, null, effects)) ?? null;
    this.successors = new Successors(problem.setting);
    this.fingerprints = new Fingerprints(problem.setting);
  }

  expand(part: Part): Expanded[] {
    const all = this.expanding(part);
    for (;;) {
      const next = all.next();
      if (next.done) return next.value;
    }
  }

  /** The same, one action or state after the other, or some outcomes of a state. */
  *expanding({ depth, tree, states }: Part): Generator<void, Expanded[]> {
    if (++this.parts % partsPerFingerprints === 0) {
      this.fingerprints = new Fingerprints(this.problem.setting);
    }
    const { world, setting } = this.problem;
    const start = { world, left: setting.faults };
    const places: { world: World; left: FaultBudget }[] = [];
    const at = (place: number) => (place < 0 ? start : places[place]);
    for (const [before, turn] of tree) {
      const from = at(before);
      const { world: next, left } = this.successors.at(from.world, from.left, turn);
      places.push({ world: next, left });
      yield;
    }
    const judgedPrints = new Set<string>();
    const all: Expanded[] = [];
    for (const place of states) {
      const from = at(place);
      all.push(yield* this.expandingState(from.world, from.left, depth, judgedPrints));
      yield;
    }
    return all;
  }

  private *expandingState(
    world: World,
    left: FaultBudget,
    depth: number,
    judgedPrints: Set<string>,
  ): Generator<void, Expanded> {
    const judge = new Judge(this.problem);
    const prints: number[] = [];
    const turns: Turn[] = [];
    const judged: [number, JudgedSuccessor][] = [];
    const { noticed } = this.successors;
    noticed.clock = this.clockAtStart;
    noticed.hasLongDraw = false;
    const expanded = (ended: Pick<Expanded, 'broken' | 'clock'> = {}): Expanded => ({
      prints,
      turns,
      judged,
      cuts: [...judge.cuts],
      ...(judge.notInside > 0 && { isOutside: true }),
      isEnd: judge.ends > 0,
      hasLongDraw: noticed.hasLongDraw,
      ...(judge.doubt && { doubt: judge.doubt }),
      ...ended,
    });
    const limit = judge.beyond(world, depth);
    if (limit !== undefined) {
      if (limit === 'within') judge.notInside++;
      const { isCut, broken: by } = judge.endBeyond(world, left);
      if (isCut) judge.cut(limit);
      return expanded(by && { broken: { by } });
    }
    const found: Pick<Successor, 'actions' | 'isFault'>[] = [];
    for (const successor of this.successors.of(world, left)) {
      const { actions, isFault, turn } = successor;
      found.push({ actions, isFault });
      const { clock } = noticed;
      if (clock !== null && this.problem.setting.time === 'untimed') return expanded({ clock });
      const by = judge.brokenBy(successor);
      if (by !== undefined) return expanded({ broken: { by, turn } });
      const { high, low } = this.fingerprints.of(successor.world, successor.left);
      prints.push(high, low);
      turns.push(turn);
      const own = this.judgeOnce(successor.world, `${high} ${low}`, judgedPrints);
      if (own !== undefined) judged.push([turns.length - 1, own]);
      if (turns.length % outcomesAtOnce === 0) yield;
    }
    const by = judge.end(world, left, found);
    return by === undefined ? expanded() : expanded({ broken: { by } });
  }

  /** Each state of the part once: the first run to it in a search is the first one here, too. */
  private judgeOnce(
    world: World,
    print: string,
    judgedPrints: Set<string>,
  ): JudgedSuccessor | undefined {
    const { reach, leadsTo } = this.problem.targets;
    if (reach === undefined && leadsTo === undefined) return undefined;
    if (judgedPrints.has(print)) return undefined;
    judgedPrints.add(print);
    const judge = new Judge(this.problem);
    const state = judge.state(world);
    const { doubt } = judge;
    if (state === undefined && doubt === undefined) return undefined;
    return { ...state, ...(doubt && { doubt }) };
  }
}
