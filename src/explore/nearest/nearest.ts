/**
 * The nearest run that does not break: of a run that broke a promise, one that differs in the place
 * of a single action and keeps the promise to the same end.
 */
import type { Action } from '../../kernel/action.ts';
import { Effects } from '../../kernel/effects.ts';
import { messageOf } from '../../kernel/network/in-flight.ts';
import { Message, type Pending } from '../../kernel/pending.ts';
import { asAction, asPending } from '../../kernel/run.ts';
import { step } from '../../kernel/step.ts';
import { actionText } from '../../kernel/text/action-text.ts';
import type { World } from '../../kernel/world.ts';
import { ownActions } from '../saved/steps.ts';
import { inWorld, type Planned } from '../shrink/schedule.ts';

/** A run that broke a promise. */
export interface Violating {
  /** A moment before the break. It is not changed; its monitors watch the promise. */
  readonly world: World;
  /** What was taken from there on; the last action broke the promise, or the end after it. */
  readonly actions: readonly Action[];
  /** Whether the last action of a run broke the same promise. */
  isBroken(world: World, action: Action, effects: Effects): boolean;
  /** The same at the end of a run. */
  isBrokenAtEnd(world: World): boolean;
}

/** What is different first. Actions are in words. */
export interface Change {
  /**
   * `before`: it happens before `other`, and not after it. `last`: it happens at the end.
   * `left out`: it does not happen. `lost`: the message is lost.
   */
  readonly type: 'before' | 'last' | 'left out' | 'lost';
  readonly action: string;
  readonly other?: string;
  /** The first step in which the runs differ. */
  readonly step: number;
}

export interface NearestRun {
  readonly change: Change;
  /** How many actions it shares with the other run, and those after them. */
  readonly base: number;
  readonly actions: readonly Action[];
  /** How many runs were tried. */
  readonly tried: number;
}

/** A run with one action elsewhere: from index `from` on it takes these. */
interface Candidate {
  readonly from: number;
  readonly list: readonly Planned[];
  readonly change: Omit<Change, 'step'>;
  /** The first of the list must be possible: it is what is different. */
  readonly mustTake: boolean;
}

/** So many actions before the break are tried in another place. */
export const windowMost = 400;
const candidatesMost = 2_000;
/** What happens by itself between the actions and after them. */
const byItselfMost = 2_000;

/** Yields after each run that was tried. Undefined if none of them keeps the promise. */
export function* nearestHolding(violating: Violating): Generator<number, NearestRun | undefined> {
  const search = new Search(violating);
  let tried = 0;
  for (const candidate of search.candidates()) {
    if (++tried > candidatesMost) return undefined;
    const actions = search.holding(candidate);
    if (actions !== undefined) {
      const base = violating.world.step + candidate.from;
      return { change: { ...candidate.change, step: base + 1 }, base, actions, tried };
    }
    yield tried;
  }
  return undefined;
}

class Search {
  private readonly planned: Planned[] = [];
  /** The moments before each action, and the node that acts in it. */
  private readonly worlds: World[] = [];
  private readonly actors: number[] = [];
  /** Which of them come by themselves: they come again, if nothing prevents it. */
  private readonly isOwn: readonly boolean[];
  private readonly effects = new Effects();
  private readonly endTime: number;

  constructor(private readonly violating: Violating) {
    const world = violating.world.fork();
    this.isOwn = ownActions(violating.world.fork(), violating.actions) ?? [];
    for (const action of violating.actions) {
      const message = 'ordinal' in action ? messageOf(world, action) : undefined;
      this.planned.push({ action, ...(message === undefined ? {} : { body: message.body }) });
      this.worlds.push(world.fork());
      step(world, asPending(world, action), this.effects);
      this.actors.push(this.effects.acted);
    }
    this.endTime = world.time;
  }

  /** The smallest changes first, and of each kind those nearest to the break. */
  *candidates(): Generator<Candidate> {
    const { planned, actors } = this;
    const last = planned.length - 1;
    for (let at = last; at > 0; at--) {
      const before = actors[at] < 0 ? -1 : actors.lastIndexOf(actors[at], at - 1);
      if (before >= 0) yield this.swapped(before, at);
    }
    for (let at = last - 1; at >= 0; at--) {
      // A timer that is due cannot be held back.
      if (!this.isOwn[at] || planned[at].action.type === 'deliver') yield this.moved(at);
    }
    for (let at = last; at >= 0; at--) {
      const { type } = planned[at].action;
      if (type !== 'deliver' && type !== 'fire') yield this.leftOut(at, []);
    }
    for (let at = last; at >= 0; at--) {
      const { action } = planned[at];
      if (action.type === 'deliver') {
        yield this.leftOut(at, [{ ...planned[at], action: { ...action, type: 'drop' } as Action }]);
      }
    }
  }

  /** Two actions of a node in the other order: what comes second happens before the first. */
  private swapped(first: number, second: number): Candidate {
    const { planned } = this;
    const { at } = planned[first].action;
    const earlier = { ...planned[second], action: { ...planned[second].action, at } as Action };
    const rest = [planned[first], ...this.choices(first + 1, second)];
    const change = {
      type: 'before', action: nameOf(planned[second]), other: nameOf(planned[first]),
    } as const;
    return { from: first, list: [earlier, ...rest], change, mustTake: true };
  }

  /** What does not come by itself from an index on, without the one at `left`. */
  private choices(from: number, left = -1): Planned[] {
    return this.planned.slice(from).filter((_, i) => from + i !== left && !this.isOwn[from + i]);
  }

  private moved(at: number): Candidate {
    const { planned, endTime, isOwn } = this;
    const { action } = planned[at];
    if (isOwn[at] && action.type === 'deliver') {
      // It would arrive by itself, so it must be held back.
      const { type: _, ...message } = action;
      const by = endTime - action.at;
      const delayed = { ...planned[at], action: { ...message, type: 'delay', by } as Action };
      const change = { type: 'last', action: nameOf(planned[at]) } as const;
      return { from: at, list: [delayed, ...this.choices(at + 1)], change, mustTake: true };
    }
    const later = { ...planned[at], action: { ...planned[at].action, at: endTime } as Action };
    const change = { type: 'last', action: nameOf(planned[at]) } as const;
    return { from: at, list: [...this.choices(at + 1), later], change, mustTake: false };
  }

  private leftOut(at: number, instead: readonly Planned[]): Candidate {
    const { planned } = this;
    const type = instead.length === 0 ? 'left out' : 'lost';
    const change = { type, action: nameOf(planned[at]) } as const;
    const list = [...instead, ...this.choices(at + 1)];
    return { from: at, list, change, mustTake: instead.length > 0 };
  }

  /** The actions of the run after `from`, if it keeps the promise to the end. */
  holding({ from, list, mustTake }: Candidate): Action[] | undefined {
    const { violating, effects, endTime } = this;
    const world = this.worlds[from].fork();
    const taken: Action[] = [];
    const take = (action: Action | Pending): 'broken' | 'taken' | 'not possible' => {
      if (!step(world, action, effects)) return 'not possible';
      const recorded = { ...asAction(action), at: world.time } as Action;
      taken.push(recorded);
      return violating.isBroken(world, recorded, effects) ? 'broken' : 'taken';
    };
    const waiting = new Waiting(list);
    for (const [i, planned] of list.entries()) {
      let left = byItselfMost;
      for (;;) {
        const next = world.next();
        if (next === undefined || next.at >= planned.action.at || waiting.has(next)) break;
        if (--left < 0 || take(next) === 'broken') return undefined;
      }
      waiting.pass(planned);
      const meant = inWorld(world, planned);
      const result = meant === undefined ? 'not possible' : take(asPending(world, meant.action));
      if (result === 'broken' || (i === 0 && mustTake && result === 'not possible')) {
        return undefined;
      }
    }
    for (let left = byItselfMost; ; left--) {
      const next = world.next();
      if (next === undefined || next.at > endTime) break;
      if (left < 0 || take(next) === 'broken') return undefined;
    }
    return violating.isBrokenAtEnd(world) ? undefined : taken;
  }
}

/** What the rest of a list delivers or fires: it does not happen before its place. */
class Waiting {
  private readonly names = new Map<string, number>();

  constructor(list: readonly Planned[]) {
    for (const planned of list) this.add(planned, 1);
  }

  pass(planned: Planned): void {
    this.add(planned, -1);
  }

  has(next: Pending): boolean {
    const name = next instanceof Message ? contents(next.from, next.to, next.body)
      : next.type === 'fire' ? `${next.node} ${next.timer} ${next.key}` : undefined;
    return name !== undefined && (this.names.get(name) ?? 0) > 0;
  }

  private add({ action, body }: Planned, count: number): void {
    const name = 'ordinal' in action && body !== undefined ? contents(action.from, action.to, body)
      : action.type === 'fire' ? `${action.node} ${action.timer} ${action.key}` : undefined;
    if (name !== undefined) this.names.set(name, (this.names.get(name) ?? 0) + count);
  }
}

function contents(from: string, to: string, body: Message['body']): string {
  return `${from}->${to} ${JSON.stringify(body)}`;
}

/** `Accept p1 → a2`, or the command. */
function nameOf({ action, body }: Planned): string {
  return 'ordinal' in action && body !== undefined
    ? `${body.type} ${action.from} → ${action.to}`
    : actionText(action);
}
