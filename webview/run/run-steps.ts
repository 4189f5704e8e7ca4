/** The steps of an exported run, for the player that panels have, too. */

import type { Moment } from '../../src/view/contract.ts';
import type { ReplayedRun } from '../../src/view/export/replayed-run.ts';
import type { RecordedRun } from '../../src/view/export/recorded-run.ts';
import { Motion } from '../play/motion.ts';
import type { TimesLeft } from '../play/motion.ts';
import type { Steps } from '../play/player.ts';

/** The picture in which messages move between two steps. */
export interface Moving {
  readonly root: ParentNode;
  readonly left: TimesLeft;
}

export class RunSteps implements Steps {
  current: Moment;
  next: Moment | undefined;
  private motion: Motion | undefined;
  /** Whether playing led to a moment at which a debugger stops, so that it ends there. */
  private isStop = false;
  private readonly stops: readonly number[];

  constructor(
    private readonly run: ReplayedRun,
    private readonly of: RecordedRun,
    /** Called after each change of the moment that is shown. */
    private readonly show: () => void,
    private readonly moving: () => Moving | undefined,
  ) {
    this.stops = of.moments.map(({ step }) => step);
    this.current = run.goTo(of.about.first);
  }

  get isAtStart(): boolean {
    return this.current.step <= this.of.about.first;
  }

  get isAtEnd(): boolean {
    return this.current.step >= this.of.about.last;
  }

  step(): Promise<boolean> {
    if (this.isAtEnd || this.isStop) {
      this.isStop = false;
      return Promise.resolve(false);
    }
    this.next = this.run.goTo(this.current.step + 1);
    return Promise.resolve(true);
  }

  draw(share: number): void {
    const { next, current } = this;
    if (!next) return;
    if (share >= 1) {
      this.forget();
      this.isStop = this.stops.includes(next.step);
      return this.arrive(next);
    }
    const moving = this.motion ? undefined : this.moving();
    if (moving) this.motion = new Motion(moving.root, moving.left);
    this.motion?.show((next.time - current.time) * share);
  }

  back(): void {
    this.goto(this.current.step - 1);
  }

  goto(wanted: number): void {
    const { first, last } = this.of.about;
    const step = Math.round(Math.min(last, Math.max(first, wanted)));
    this.forget();
    this.isStop = false;
    this.arrive(this.run.goTo(Number.isFinite(step) ? step : first));
  }

  /** From the end, playing begins again. */
  rewind(): void {
    this.isStop = false;
    if (this.isAtEnd) this.goto(this.of.about.first);
  }

  /** The next step at which a debugger would stop; the last one if there is none. */
  get nextStop(): number {
    return this.stops.find((step) => step > this.current.step) ?? this.of.about.last;
  }

  get previousStop(): number {
    return this.stops.findLast((step) => step < this.current.step) ?? this.of.about.first;
  }

  private arrive(moment: Moment): void {
    this.current = moment;
    this.show();
  }

  private forget(): void {
    this.motion?.clear();
    this.motion = undefined;
    this.next = undefined;
  }
}
