/** Replays a session's actions on reloaded code, up to where it was or where the runs differ. */
import {
  type EffectsDifference,
  effectsDifference,
  type StateDifference,
  stateDifference,
} from '../kernel/compare/difference.ts';
import { Effects } from '../kernel/effects.ts';
import { asPending } from '../kernel/run.ts';
import { step } from '../kernel/step.ts';
import type { World } from '../kernel/world.ts';
import type { Site } from '../code/transform/instrument.ts';
import { type Branch, lineage } from './branches/branch.ts';
import { keptTree } from './branches/kept.ts';
import { type Regrowing, regrowing } from './branches/regrowth.ts';
import { actionName } from './read/names.ts';
import type { Session } from './session.ts';
import { type Stop, stopFor } from './stop.ts';

/** What the replay found. */
export type ReloadResult =
  /** Every action had the same effects and left the same state. */
  | { readonly type: 'same' }
  /** Every action had the same effects, but one of them left another state. */
  | ({ readonly type: 'state differs' } & StateDiffersAt)
  /** The session is before this step, which is not possible any more or has other effects. */
  | {
      readonly type: 'run differs';
      readonly step: number;
      readonly action: string;
      /** `first` is on the old code, `second` on the new. */
      readonly difference: EffectsDifference | { readonly type: 'not possible' };
      /** The first state that differed before that, if one did. */
      readonly state?: StateDiffersAt;
    }
  /** The replay did not reach the place of the old session. */
  | { readonly type: 'interrupted' };

export interface StateDiffersAt {
  /** 0 for the start, in which the nodes boot. */
  readonly step: number;
  /** Empty for the start. */
  readonly action: string;
  readonly difference: StateDifference;
}

type RunDiffers = Extract<ReloadResult, { type: 'run differs' }>;

/**
 * Replays another session's actions on a fresh one, from its start to where the other one is, and
 * then its other branches.
 */
export class Following {
  private found: ReloadResult = { type: 'interrupted' };
  /** The branches on the way to where the old session is, which the fresh one has yet to enter. */
  private readonly ahead: Branch[];
  private regrowth: Regrowing | undefined;
  /** The first state that differs while all effects are the same. */
  private state: StateDiffersAt | undefined;
  private readonly world: World;
  private readonly until: number;
  private readonly before = new Effects();
  private readonly now = new Effects();

  constructor(
    private readonly old: Session,
    private readonly fresh: Session,
  ) {
    this.world = old.branch.run.at(0);
    this.until = old.step;
    this.ahead = lineage(old.branch).slice(1);
    this.compareStates(0, '');
  }

  get result(): ReloadResult {
    return this.found;
  }

  /** Replays at most `budget` actions: the stop at the end, undefined if there are more. */
  advance(budget: number): Stop | undefined {
    const { fresh } = this;
    if (this.regrowth !== undefined) return this.regrow(budget);
    for (let left = budget; left > 0; left--) {
      this.enterBranches();
      const isThere = fresh.step === this.until;
      const difference = isThere ? undefined : this.follow();
      if (!isThere && difference === undefined) continue;
      if (difference !== undefined) {
        this.found = difference;
        fresh.restore();
      }
      // The run that differs is not repeated any further: the user is at its end.
      const frozen = difference && fresh.branch;
      this.regrowth = regrowing(fresh, keptTree(this.old), frozen);
      return undefined;
    }
    return undefined;
  }

  /** After an error in the new code: the branches that were not repeated are stale. */
  abandon(): void {
    this.regrowth ??= regrowing(this.fresh, keptTree(this.old));
    this.regrowth.return();
  }

  private regrow(budget: number): Stop | undefined {
    for (let left = budget; left > 0; left -= 256) {
      if (this.regrowth!.next().done) return this.end();
    }
    return undefined;
  }

  private end(): Stop {
    const { fresh, found } = this;
    if (found.type !== 'run differs') return this.arrive();
    const reason = { type: 'reloaded', differsAt: found.step } as const;
    return fresh.stopAt({ ...stopFor(reason), quiet: true });
  }

  /** The branches that part here, as long as the old session went on in them. */
  private enterBranches(): void {
    const { ahead, fresh } = this;
    for (let [next] = ahead; next?.run.base === fresh.step; [next] = ahead) {
      // It has no actions yet if its first one was being chosen.
      if (next.run.length === next.run.base) return;
      fresh.simulation.enterBranch(next.number, next.name);
      ahead.shift();
    }
  }

  private arrive(): Stop {
    const { old, fresh, state } = this;
    // The cursor may be before the step at which its branch parts.
    const branch = fresh.branches.find(({ number }) => number === old.branch.number);
    if (branch !== undefined && branch !== fresh.branch) {
      fresh.restore(this.until, fresh.stop, branch);
    }
    this.found = state ? { type: 'state differs', ...state } : { type: 'same' };
    const why: Stop = { ...stopFor({ type: 'reloaded' }), quiet: true };
    if (old.entered === null) return fresh.stopAt(why);
    if (old.entered.type === 'start') fresh.enterStart(why);
    else fresh.enter(why);
    return fresh.moveTo(sameLine(old, fresh) ?? fresh.line, why);
  }

  /** Takes the next action on both; the new run records it if its effects are the same. */
  private follow(): RunDiffers | undefined {
    const { old, fresh, world, before, now, state } = this;
    const number = world.step + 1;
    const recorded = old.branch.run.action(number);
    const action = actionName(world, recorded);
    step(world, asPending(world, recorded), before);
    let difference: RunDiffers['difference'] | undefined;
    const followed = fresh.simulation.follow(recorded, now, () => {
      difference = effectsDifference(before, now);
      return difference === undefined;
    });
    if (followed === 'not possible') difference = { type: 'not possible' };
    if (difference !== undefined) {
      const first = state ? { state } : {};
      return { type: 'run differs', step: number, action, difference, ...first };
    }
    this.compareStates(number, action);
    return undefined;
  }

  /** Keeps the first state of a node that is not what it was. */
  private compareStates(number: number, action: string): void {
    if (this.state !== undefined) return;
    const difference = stateDifference(this.world, this.fresh.world);
    if (difference !== undefined) this.state = { step: number, action, difference };
  }
}

/** The statement at which the old session is, by its text, in the same action on new code. */
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
