/** The same actions on new code: as far as they bring about the same, and where they do not. */
import { asPending } from '../kernel/run.ts';
import { Effects } from '../kernel/effects.ts';
import { step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import { differenceOf, stateDifference } from './differences.ts';
import type { Site } from '../code/transform/instrument.ts';
import { actionName } from './read/names.ts';
import type { Session } from './session.ts';
import { type Stop, stopOf } from './stop.ts';

/** Leads a session that stands at its start to where another one stands. */
export class Following {
  /** How the runs differ, where they do; known at the end. */
  difference: string | undefined;
  /** The first state that differs, while all that was sent and reported is the same. */
  private stateDifference: string | undefined;
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
    this.noteStates('the start');
  }

  /** At most `budget` actions: the stop at the end, undefined where there is more. */
  advance(budget: number): Stop | undefined {
    const { fresh } = this;
    for (let left = budget; left > 0; left--) {
      if (fresh.step === this.until) return this.arrive();
      this.difference = this.follow();
      if (this.difference === undefined) continue;
      if (this.stateDifference) this.difference = `${this.stateDifference}; ${this.difference}`;
      const number = fresh.branch.run.length;
      const text = `step ${number}, before the new code differs`;
      return fresh.goto(number, undefined, { ...stopOf('goto', text), quiet: true });
    }
    return undefined;
  }

  private arrive(): Stop {
    const { old, fresh } = this;
    const why: Stop = { ...stopOf('goto', 'the new code'), quiet: true };
    if (this.stateDifference) {
      this.difference = `${this.stateDifference}; what is sent and reported is the same up to here`;
    }
    if (!this.isInside) return fresh.stopAt(why);
    fresh.enter(why);
    fresh.line = sameLine(old, fresh) ?? fresh.line;
    return why;
  }

  /** Notes the first state of a node that is not what it was. */
  private noteStates(when: string): void {
    if (this.stateDifference !== undefined) return;
    const difference = stateDifference(this.world, this.fresh.world);
    if (difference !== undefined) this.stateDifference = `${when} ${difference}`;
  }

  /** One action on both: a sentence where they differ. The new run keeps it where they do not. */
  private follow(): string | undefined {
    const { old, fresh, world, before, now } = this;
    const number = world.step + 1;
    const action = old.branch.run.action(number);
    const name = `step ${number} (${actionName(world, action)})`;
    step(world, asPending(world, action), before);
    const pending = asPending(fresh.world, action);
    if (!step(fresh.world, pending, now)) return `${name} is not possible any more`;
    const different = differenceOf(before, now);
    if (different !== undefined) return `${name} ${different}`;
    fresh.branch.run.record(fresh.world, pending, now.cause);
    this.noteStates(name);
    return undefined;
  }
}

/** The statement at which the old session stands, by its text, in the same action on new code. */
function sameLine(old: Session, fresh: Session): number | undefined {
  const { trace: was, line } = old;
  const { trace: now } = fresh;
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
