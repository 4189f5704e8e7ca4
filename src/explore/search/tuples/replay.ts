/** A run of tuples as ordinary actions, taken in a world as it goes. */
import type { Action } from '../../../kernel/action.ts';
import { Effects } from '../../../kernel/effects.ts';
import type { Message } from '../../../kernel/pending.ts';
import { step } from '../../../kernel/step.ts';
import type { World } from '../../../kernel/world.ts';
import { bySending } from '../../choices.ts';
import { untimedMessage } from '../../fingerprint/parts.ts';
import { isExcusedOnceSpent, judgeEnd } from '../ending.ts';
import { reachedBy } from '../judge.ts';
import { type Break, brokenIn, type Problem } from '../problem.ts';
import { type LocalSteps, NotLocal, type Result } from './local.ts';

/** A choice between tuples: of a message, it has the number. */
export type Taken =
  | {
      readonly type: 'message';
      readonly message: number;
      readonly result: Result;
      readonly stays: boolean;
    }
  | { readonly type: 'action'; readonly action: Action; readonly result: Result }
  /** `place`: how many messages of its line are before it. */
  | { readonly type: 'drop' | 'duplicate'; readonly message: number; readonly place: number };

export class Replay {
  readonly actions: Action[] = [];
  broken: Break | undefined;
  /** Whether there was a fault of the budget. */
  isSpent = false;
  readonly world: World;
  private readonly effects = new Effects();

  constructor(
    private readonly problem: Problem,
    private readonly local: LocalSteps,
  ) {
    this.world = problem.world.fork();
    if (problem.effects) this.broken = brokenIn(problem, this.world, null, problem.effects);
  }

  take(taken: Taken): void {
    this.isSpent ||= isFault(taken);
    for (const action of this.actionsOf(taken)) {
      if (!step(this.world, action, this.effects)) {
        throw new Error(`the explorer took an action that is not possible: ${action.type}`);
      }
      this.actions.push(action);
    }
    const last = this.actions.at(-1)!;
    const excused = this.isSpent ? isExcusedOnceSpent : undefined;
    this.broken ??= brokenIn(this.problem, this.world, last, this.effects, excused);
  }

  private actionsOf(taken: Taken): Action[] {
    const at = this.world.time;
    if (taken.type === 'action') return [withDraws(taken.action, taken.result)];
    const { from, to, ordinal, copy } = this.find(taken);
    const name = { at, from, to, ordinal, copy };
    if (taken.type !== 'message') return [{ type: taken.type, ...name }];
    const delivery = withDraws({ type: 'deliver', ...name }, taken.result);
    return taken.stays ? [{ type: 'duplicate', ...name }, delivery] : [delivery];
  }

  /** Of equal messages on a line, the one that is meant; of others, the first. */
  private find(taken: Exclude<Taken, { type: 'action' }>): Message {
    const text = untimedMessage(this.local.messages[taken.message]);
    const messages = this.world.queue.items.filter((one) => one.type === 'deliver').sort(bySending);
    const { fromIndex, toIndex } = this.local.messages[taken.message];
    const onLink = messages.filter((one) => one.fromIndex === fromIndex && one.toIndex === toIndex);
    const place = taken.type === 'message' ? 0 : taken.place;
    const named = onLink[place];
    if (named !== undefined && untimedMessage(named) === text) return named;
    return onLink.find((one) => untimedMessage(one) === text)!;
  }
}

/** Faults of the budget; the scenario names its step in its own. */
function isFault(taken: Taken): boolean {
  if (taken.type === 'message') return false;
  if (taken.type !== 'action') return true;
  const { action } = taken;
  return (action.type === 'crash' || action.type === 'partition') && action.step === undefined;
}

/** What the run that was replayed breaks, in its last step or in the state to which it leads. */
export function violatedBy(
  { setting: { scenario }, targets: { reach } }: Problem,
  { world, broken, isSpent }: Replay,
  by: 'step' | 'end' | 'reach',
): Break {
  if (by === 'reach' && reach !== undefined) return reachedBy(reach);
  const found = by === 'end' && scenario !== undefined
    ? judgeEnd(scenario, world, { time: 'untimed', isSpent })?.broken
    : broken;
  if (found !== undefined) return found;
  if (by === 'end') throw new Error('the run that was found violates nothing');
  // An observer was confused by a view of what it observes: worlds show it the thing itself.
  throw new NotLocal();
}

function withDraws(action: Action, { draws }: Result): Action {
  return draws.length === 0 ? action : { ...action, draws };
}
