/** How a walk chooses among what is possible. */
import type { World } from '../../kernel/world.ts';
import type { Candidates, Timing } from '../candidates.ts';
import { Dice } from './dice.ts';

/** The strategies that a user may name, each with what it is good at. */
export type Strategy =
  /** As the simulator: the drawn time decides. Only faults differ from a run of the scenario. */
  | { readonly type: 'plain' }
  /** Any possible action. */
  | { readonly type: 'random' }
  /** Finds each bug of this depth with a probability that is known. */
  | { readonly type: 'pct'; readonly depth: number }
  /** In the order of sending, except for so many delays, or in some runs two or four times that. */
  | { readonly type: 'delay'; readonly delays: number };

/** Chooses in one run. */
export interface Chooser {
  /** The place of the choice among the candidates, of which there is at least one. */
  choose(world: World, candidates: Candidates): number;
  /** When the chosen one is taken, within its window. */
  timing(): Timing;
}

/**
 * Half of the runs take everything at the time that the seed drew. The others also take what they
 * choose as early or as late as possible: faults show at the ends of windows.
 */
class Times {
  private readonly isMixed: boolean;

  constructor(private readonly dice: Dice) {
    this.isMixed = dice.share() < 0.5;
  }

  next(): Timing {
    return this.isMixed ? this.dice.one(['earliest', 'drawn', 'latest']) : 'drawn';
  }
}

/** `length` is how long a run may be expected to get. */
export function chooserOf(strategy: Strategy, seed: number, length: number): Chooser {
  const times = new Times(new Dice(seed, 'times'));
  const timing = () => times.next();
  const choose = choiceOf(strategy, seed, length);
  if (strategy.type === 'plain') return { choose, timing: () => 'drawn' };
  return { choose, timing };
}

function choiceOf(strategy: Strategy, seed: number, length: number): Chooser['choose'] {
  const dice = new Dice(seed, strategy.type);
  const chooser = chooserFor(strategy, dice, length);
  return (world, candidates) => chooser.choose(world, candidates);
}

function chooserFor(strategy: Strategy, dice: Dice, length: number): Pick<Chooser, 'choose'> {
  switch (strategy.type) {
    case 'plain':
      return { choose: (_world, candidates) => firstDrawn(candidates) };
    case 'random':
      return new RandomChooser(dice);
    case 'pct':
      return new PriorityChooser(dice, strategy.depth, length);
    case 'delay':
      return new DelayingChooser(dice, strategy.delays, length);
  }
}

/** What the simulator would take. */
function firstDrawn(candidates: Candidates): number {
  let first = 0;
  for (let at = 1; at < candidates.count; at++) {
    const before = candidates.drawnAt(at) - candidates.drawnAt(first);
    if (before < 0 || (before === 0 && candidates.tie(at) < candidates.tie(first))) first = at;
  }
  return first;
}

/**
 * Takes any candidate. How likely timers and the steps of the scenario are, beside messages, is
 * drawn for each run: bugs differ in what they need, and an average finds none of them often.
 */
class RandomChooser implements Pick<Chooser, 'choose'> {
  private readonly timer: number;
  private readonly script: number;

  constructor(private readonly dice: Dice) {
    this.timer = dice.one([1, 0.3, 0.1, 0.02]);
    this.script = dice.one([1, 0.3, 0.1]);
  }

  choose(_world: World, candidates: Candidates): number {
    let sum = 0;
    for (let at = 0; at < candidates.count; at++) sum += this.weight(candidates, at);
    let left = this.dice.share() * sum;
    for (let at = 0; at < candidates.count; at++) {
      left -= this.weight(candidates, at);
      if (left < 0) return at;
    }
    return candidates.count - 1;
  }

  private weight(candidates: Candidates, at: number): number {
    const kind = candidates.kind(at);
    if (kind === 'timer') return this.timer;
    return kind === 'script' ? this.script : 1;
  }
}

/**
 * PCT (Burckhardt, Kothari, Musuvathi, Nagarakatte, ASPLOS 2010): each strand has a random
 * priority, the highest that can act does, and at `depth - 1` random places of the run the strand
 * that is about to act falls below all others. A bug is of depth d if d orderings of two actions
 * suffice for it. With n threads and runs of k actions, one run of the paper finds it with a
 * probability of at least 1 / (n · k^(d−1)). The strands here are links, timers and the scenario.
 * That bound holds if runs are no longer than the `length` given, and n counts all strands of a
 * run: each setting of a timer is a new one. Timed, it holds only for orders that the windows
 * allow, because what may happen now does not include all strands.
 */
class PriorityChooser implements Pick<Chooser, 'choose'> {
  private readonly priorities = new Map<number, number>();
  private readonly changes: number[];
  private taken = 0;
  private changed = 0;

  constructor(
    private readonly dice: Dice,
    private readonly depth: number,
    length: number,
  ) {
    this.changes = Array.from({ length: Math.max(0, depth - 1) }, () => dice.below(length));
  }

  choose(world: World, candidates: Candidates): number {
    const step = this.taken++;
    let highest = this.highest(world, candidates);
    for (const change of this.changes) {
      if (change !== step) continue;
      // The first change lowers least: later ones stay below it.
      const priority = (this.depth - ++this.changed) / this.depth - 1;
      this.priorities.set(candidates.strand(world, highest), priority);
      highest = this.highest(world, candidates);
    }
    return highest;
  }

  private highest(world: World, candidates: Candidates): number {
    let best = 0;
    let top = -Infinity;
    for (let at = 0; at < candidates.count; at++) {
      const priority = this.priority(candidates.strand(world, at));
      if (priority <= top) continue;
      top = priority;
      best = at;
    }
    return best;
  }

  private priority(strand: number): number {
    let priority = this.priorities.get(strand);
    if (priority === undefined) this.priorities.set(strand, (priority = this.dice.share()));
    return priority;
  }
}

/**
 * Delay-bounded (Emmi, Qadeer, Rakamarić, POPL 2011): a deterministic scheduler that takes what was
 * scheduled first, except that at random places what is due goes behind all that is pending.
 */
class DelayingChooser implements Pick<Chooser, 'choose'> {
  private readonly places: Set<number>;
  /** The new ranks of what was delayed, by its tie. */
  private readonly ranks = new Map<number, number>();
  private taken = 0;
  /**
   * How many messages and timers that came later go before a timer, in this run. Timers that take
   * turns with messages end most work before it has led to anything.
   */
  private readonly lag: number;

  constructor(dice: Dice, delays: number, length: number) {
    this.lag = dice.one([0, 10, 30]);
    // Most faults need few delays; some, as Raft's commitment of older entries, need more.
    const count = delays * dice.one([1, 1, 2, 4]);
    this.places = new Set(Array.from({ length: count }, () => dice.below(length)));
  }

  choose(_world: World, candidates: Candidates): number {
    const step = this.taken++;
    const first = this.first(candidates);
    if (!this.places.has(step) || candidates.count === 1) return first;
    this.ranks.set(candidates.tie(first), this.last(candidates) + 0.5);
    const next = this.first(candidates);
    // The scenario has one rank: it goes on after what it was delayed behind.
    this.ranks.delete(-1);
    return next;
  }

  private first(candidates: Candidates): number {
    let first = 0;
    for (let at = 1; at < candidates.count; at++) {
      if (this.rank(candidates, at) < this.rank(candidates, first)) first = at;
    }
    return first;
  }

  private last(candidates: Candidates): number {
    let last = -Infinity;
    for (let at = 0; at < candidates.count; at++) last = Math.max(last, this.rank(candidates, at));
    return last;
  }

  private rank(candidates: Candidates, at: number): number {
    const tie = candidates.tie(at);
    return this.ranks.get(tie) ?? (candidates.kind(at) === 'timer' ? tie + this.lag : tie);
  }
}
