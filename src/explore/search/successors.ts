/** The worlds that follow a world: one for each choice, and for each number that is drawn. */
import type { Action } from '../../kernel/action.ts';
import { Effects } from '../../kernel/effects.ts';
import { step } from '../../kernel/step.ts';
import type { World } from '../../kernel/world.ts';
import { type FaultBudget, spent } from '../budgets.ts';
import { type ClockReader, clockReader } from '../clock-reader.ts';
import { untimedSlot } from '../fingerprint/parts.ts';
import { type Choice, choicesAt, type Setting } from '../choices.ts';

export interface Successor {
  /** What names it among the successors of its world. */
  readonly turn: Turn;
  readonly world: World;
  readonly left: FaultBudget;
  /** Ordinary actions: taken by `step` in the world before, they lead here. */
  readonly actions: readonly Action[];
  /** Of the last action. Valid until the next successor is made. */
  readonly effects: Effects;
  /** A fault of the budget brought about this world. */
  readonly isFault: boolean;
}

/** The place of a choice among all of its world, and the numbers that are drawn in it, if any. */
export type Turn = number | readonly [number, ...number[]];

/**
 * So many ways to draw are tried in one step, such as all orders of seven nodes. Of more, only the
 * one of the seed is: then the search proves nothing.
 */
export const waysMost = 10_000;

/** Whether all numbers of the draw at a place of a step are tried, after all those before it. */
export function triesAll(bounds: readonly number[], place: number): boolean {
  let ways = 1;
  for (let i = 0; i <= place; i++) ways *= bounds[i];
  return ways <= waysMost;
}

/** What a search should know of handlers that ran in it. */
export interface Noticed {
  /** The first handler that read a clock. */
  clock: ClockReader | null;
  /** Whether a handler drew from more numbers than are tried. */
  hasLongDraw: boolean;
}

/** Makes successors. They always come in the same order, so that a number names each. */
export class Successors {
  readonly noticed: Noticed = { clock: null, hasLongDraw: false };
  private readonly effects = new Effects();

  constructor(private readonly setting: Setting) {}

  /** The world itself stays as it is. */
  *of(world: World, left: FaultBudget): Generator<Successor, void, undefined> {
    const choices = choicesAt(world, left, this.setting);
    for (let place = 0; place < choices.length; place++) {
      yield* this.outcomes(world, left, choices[place], place);
    }
  }

  /** The one that a turn names, without making the others. */
  at(world: World, left: FaultBudget, turn: Turn): Omit<Successor, 'turn'> {
    const [place, ...draws] = typeof turn === 'number' ? [turn] : turn;
    const choice = choicesAt(world, left, this.setting).at(place);
    if (choice === undefined) throw new Error(`there is no choice ${place}`);
    const child = world.fork();
    const actions = draws.length === 0 ? choice.actions : withDraws(choice.actions, draws);
    if (!this.take(child, actions)) throw new Error(`choice ${place} is not possible`);
    const { fault } = choice;
    const isFault = fault !== undefined;
    return { world: child, left: spent(left, fault), actions, effects: this.effects, isFault };
  }

  *outcomes(
    world: World,
    left: FaultBudget,
    { actions, fault }: Choice,
    place = 0,
  ): Generator<Successor, void, undefined> {
    const after = spent(left, fault);
    const open: number[][] = [[]];
    for (let draws = open.pop(); draws !== undefined; draws = open.pop()) {
      const child = world.fork();
      const taken = draws.length === 0 ? actions : withDraws(actions, draws);
      if (!this.take(child, taken)) continue;
      const { bounds } = this.effects;
      const bound = this.setting.time === 'untimed' ? bounds[draws.length] : undefined;
      if (bound !== undefined && triesAll(bounds, draws.length)) {
        // The last is taken first, so they are put down from the highest number.
        for (let number = bound - 1; number >= 0; number--) open.push([...draws, number]);
        continue;
      }
      if (bound !== undefined) this.noticed.hasLongDraw = true;
      if (this.setting.skipsIdle === true && isIdle(world, child, this.effects)) continue;
      const isFault = fault !== undefined;
      const turn: Turn = draws.length === 0 ? place : [place, ...draws];
      const { effects } = this;
      yield { turn, world: child, left: after, actions: taken, effects, isFault };
    }
  }

  private take(world: World, actions: readonly Action[]): boolean {
    for (const action of actions) {
      if (!step(world, action, this.effects)) return false;
      this.setting.watch?.(world, this.effects);
      this.noticed.clock ??= clockReader(world, action, this.effects) ?? null;
    }
    return true;
  }
}

/** Whether a delivery did nothing but take its message out of the network. */
function isIdle({ nodes }: World, child: World, effects: Effects): boolean {
  const { message, acted, lost, sent, events, replies, failure } = effects;
  if (message === null || acted < 0 || lost || failure !== null) return false;
  if (sent.length > 0 || events.length > 0 || replies.length > 0) return false;
  return untimedSlot(nodes[acted], all) === untimedSlot(child.nodes[acted], all);
}

const all = () => true;

function withDraws(actions: readonly Action[], draws: readonly number[]): Action[] {
  return actions.map((one, i) => (i === actions.length - 1 ? { ...one, draws } : one));
}
