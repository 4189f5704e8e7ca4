/** The transitions of a branch, which grows with the run: each step is passed once. */
import type { Reading, RecordedBranch } from '../../session/read/reading.ts';
import { branchOf } from '../branch.ts';
import {
  type OthersNow, type StandingsNow, type Transition, transitionsIn, transitionsOfOthers,
} from './transitions.ts';

export interface TakenTransition extends Transition {
  readonly step: number;
  readonly time: number;
}

/** A run may be long when the panel is opened: no more of its past is replayed. */
const stepsMost = 20_000;

export class TransitionRecord {
  /** Transitions are known from this step on. */
  since = 0;
  private branch: RecordedBranch | undefined;
  private code: unknown;
  private upTo = -1;
  private taken: TakenTransition[] = [];
  private now: StandingsNow = new Map();
  private others: OthersNow = new Map();

  /** The transitions up to the step of the cursor, in their order. */
  at(reading: Reading): readonly TakenTransition[] {
    const { cursor: { step }, code } = reading;
    const isKnown = branchOf(reading) === this.branch && code === this.code && step >= this.since;
    if (!isKnown) this.begin(reading);
    if (step > this.upTo) this.goOn(reading);
    if (step === this.upTo) return this.taken;
    return this.taken.slice(0, this.countUpTo(step));
  }

  private begin(reading: Reading): void {
    const { step } = reading.cursor;
    this.branch = branchOf(reading);
    this.code = reading.code;
    this.since = Math.max(0, step - stepsMost);
    this.upTo = this.since - 1;
    this.taken = [];
    this.now = new Map();
    this.others = new Map();
  }

  private goOn(reading: Reading): void {
    const { since } = this;
    const { roles } = reading.code.protocol;
    reading.walk(this.upTo + 1, ({ step, moment }) => {
      const found = [
        ...transitionsIn(moment, this.now), ...transitionsOfOthers(moment, roles, this.others),
      ];
      this.upTo = step;
      // The first step after the start is only compared with: how nodes came there is not known.
      if (since > 0 && step === since) return;
      const { time } = moment;
      for (const one of found) this.taken.push({ ...one, step, time });
    });
  }

  private countUpTo(step: number): number {
    let [low, high] = [0, this.taken.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.taken[middle]!.step <= step) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
