/** The same actions on new code: as far as they bring about the same, and where they do not. */
import { asPending } from '../kernel/run.ts';
import { Effects } from '../kernel/effects.ts';
import { step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import {
  effectsDifference,
  type EffectsDifference,
  stateDifference,
  type StateDifference,
} from '../kernel/compare/difference.ts';
import type { Site } from '../code/transform/instrument.ts';
import { actionName } from './read/names.ts';
import type { Session } from './session.ts';
import { type Stop, stopOf } from './stop.ts';

/** How the run on the new code compares to the old one. */
export type ReloadResult =
  | { readonly type: 'same' }
  | { readonly type: 'state differs'; readonly state: DifferingState }
  | {
      readonly type: 'run differs';
      readonly step: number;
      readonly action: string;
      readonly difference: { readonly type: 'impossible' } | EffectsDifference;
      /** A state that differed before that step already. */
      readonly state?: DifferingState;
    };

/** The first state that differs, and the step after which it does; 0 is the start. */
export interface DifferingState {
  readonly step: number;
  readonly difference: StateDifference;
}

/** Leads a session that stands at its start to where another one stands. */
export class Following {
  /** Known at the end. */
  result: ReloadResult | undefined;
  /** The first state that differs, while all that was sent and reported is the same. */
  private state: DifferingState | undefined;
  private readonly world: World;
  private readonly until: number;
  private readonly isInside: boolean;
  private readonly before = new Effects();
  private readonly now = new Effects();

  constructor(
    private readonly old: Session,
    private readonly fresh: Session,
  ) {
    this.world = old.branch.run.at(0);
    this.until = old.step;
    this.isInside = old.entered !== null;
    this.noteStates(0);
  }

  /** At most `budget` actions: the stop at the end, undefined where there is more. */
  advance(budget: number): Stop | undefined {
    const { fresh } = this;
    for (let left = budget; left > 0; left--) {
      if (fresh.step === this.until) return this.arrive();
      this.result = this.follow();
      if (this.result === undefined) continue;
      const number = fresh.branch.run.length;
      const text = `step ${number}, before the new code differs`;
      return fresh.goto(number, undefined, { ...stopOf('goto', text), quiet: true });
    }
    return undefined;
  }

  private arrive(): Stop {
    const { old, fresh } = this;
    const why: Stop = { ...stopOf('goto', 'the new code'), quiet: true };
    this.result = this.state ? { type: 'state differs', state: this.state } : { type: 'same' };
    if (!this.isInside) return fresh.stopAt(why);
    fresh.enter(why);
    fresh.line = sameLine(old, fresh) ?? fresh.line;
    return why;
  }

  /** Notes the first state of a node that is not what it was. */
  private noteStates(number: number): void {
    if (this.state !== undefined) return;
    const difference = stateDifference(this.world, this.fresh.world);
    if (difference !== undefined) this.state = { step: number, difference };
  }

  /** One action on both: the result where they differ. The new run keeps it where they do not. */
  private follow(): ReloadResult | undefined {
    const { old, fresh, world, before, now } = this;
    const number = world.step + 1;
    const action = old.branch.run.action(number);
    const here = {
      type: 'run differs' as const,
      step: number,
      action: actionName(world, action),
      ...(this.state ? { state: this.state } : {}),
    };
    step(world, asPending(world, action), before);
    const pending = asPending(fresh.world, action);
    if (!step(fresh.world, pending, now)) return { ...here, difference: { type: 'impossible' } };
    const difference = effectsDifference(before, now);
    if (difference !== undefined) return { ...here, difference };
    fresh.branch.run.record(fresh.world, pending, now.cause);
    this.noteStates(number);
    return undefined;
  }
}

/** The statement at which the old session stands, by its text, in the same action on new code. */
function sameLine(old: Session, fresh: Session): number | undefined {
  const { lines: was, line } = old;
  const { lines: now } = fresh;
  if (was === undefined || now === undefined || line < 0) return undefined;
  const here = statementText(old, was.site(line));
  let left = 0;
  for (let one = 0; one <= line; one++) if (statementText(old, was.site(one)) === here) left++;
  for (let one = 0; one < now.ownLength; one++) {
    if (statementText(fresh, now.site(one)) === here && --left === 0) return one;
  }
  return undefined;
}

/** The line of a statement, and which one of it. */
function statementText({ code }: Session, { file, line, column }: Site): string {
  const text = code.files.get(file)?.split('\n')[line - 1] ?? '';
  return `${column - text.search(/\S/)} ${text.trim()}`;
}
