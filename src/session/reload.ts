/** The same actions on new code: as far as they bring about the same, and where they do not. */
import { asPending } from '../kernel/run.ts';
import { Effects } from '../kernel/effects.ts';
import { canonical, equal } from '../kernel/plain.ts';
import { step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import { actionName } from './names.ts';
import type { Session } from './session.ts';
import { type Stop, stopOf } from './stop.ts';

/** Leads a session that stands at its start to where another one stands. */
export class Following {
  /** How the runs differ, where they do; known at the end. */
  difference: string | undefined;
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
  }

  /** At most `budget` actions: the stop at the end, undefined where there is more. */
  advance(budget: number): Stop | undefined {
    const { fresh } = this;
    for (let left = budget; left > 0; left--) {
      if (fresh.step === this.until) return this.arrive();
      this.difference = this.follow();
      if (this.difference === undefined) continue;
      const number = fresh.branch.run.length;
      const why = stopOf('goto', `step ${number}: the new code differs in the next one`);
      return fresh.goto(number, undefined, why);
    }
    return undefined;
  }

  private arrive(): Stop {
    const why = stopOf('goto', 'the same step, on the new code');
    return this.isInside ? this.fresh.enter(why) : this.fresh.stopAt(why);
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
    return undefined;
  }
}

function differenceOf(before: Effects, now: Effects): string | undefined {
  const kinds: readonly [string, (effects: Effects) => unknown][] = [
    ['threw', ({ failure }) => failure?.message ?? null],
    ['reported', ({ events }) => events.map(({ name, fields }) => ({ name, ...fields }))],
    ['sent', ({ sent }) => sent.map(({ to, body }) => ({ to, ...body }))],
    ['answered', ({ replies }) => replies.map(({ operation, result }) => ({ operation, result }))],
    ['set the timers', ({ timers }) => timers],
  ];
  for (const [verb, what] of kinds) {
    const [once, again] = [what(before), what(now)];
    if (equal(once, again)) continue;
    return `${verb} ${canonical(once)} before, and ${canonical(again)} now`;
  }
  return undefined;
}
