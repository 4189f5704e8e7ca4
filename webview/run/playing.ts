/** Plays a recorded run: the step that is shown, and the pace at which the next one follows. */

import type { Frame } from '../../src/view/export/recorded-run.ts';

export interface Playable {
  readonly first: number;
  readonly last: number;
  frame(step: number): Frame;
}

/** How long a step is shown at speed 1. */
const stepMs = 1_000;
export const speeds = [0.5, 1, 2, 5, 10, 100] as const;

export class Playing {
  step: number;
  speed = 1;
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly run: Playable,
    /** Called after each change of the step, the speed, or whether it plays. */
    private readonly changed: () => void,
  ) {
    this.step = run.first;
  }

  get isPlaying(): boolean {
    return this.timer !== undefined;
  }

  get isAtEnd(): boolean {
    return this.step >= this.run.last;
  }

  goTo(step: number): void {
    this.halt();
    this.show(step);
  }

  /** Goes on to the next moment at which a debugger would stop; from the end, it begins again. */
  toggle(): void {
    if (this.isPlaying) return this.pause();
    if (this.isAtEnd) this.step = this.run.first;
    this.goOn();
    this.changed();
  }

  pause(): void {
    this.halt();
    this.changed();
  }

  setSpeed(speed: number): void {
    this.speed = speed;
    if (this.isPlaying) {
      this.halt();
      this.goOn();
    }
    this.changed();
  }

  /** The next step at which a debugger would stop; the last one if there is none. */
  nextMoment(step = this.step): number {
    let next = step + 1;
    while (next < this.run.last && !isMoment(this.run.frame(next))) next++;
    return Math.min(next, this.run.last);
  }

  private goOn(): void {
    this.timer = setTimeout(() => {
      this.timer = undefined;
      const next = Math.min(this.step + 1, this.run.last);
      if (next < this.run.last && !isMoment(this.run.frame(next))) this.goOn();
      this.show(next);
    }, stepMs / this.speed);
  }

  private halt(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
  }

  private show(step: number): void {
    this.step = Math.min(this.run.last, Math.max(this.run.first, step));
    this.changed();
  }
}

/** Whether a debugger stops here without being asked to. */
export function isMoment({ moment }: Frame): boolean {
  const { type } = moment.stop;
  return type !== 'start' && type !== 'step';
}
