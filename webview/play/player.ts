/** Plays steps: it fetches the next moment, moves the picture there, and goes on. */

import { paceOf } from './pace.ts';

/** What playing needs to know of a moment. */
export interface PlayedMoment {
  readonly step: number;
  /** How many steps the run has so far. */
  readonly steps: number;
  /** Virtual time in microseconds. */
  readonly time: number;
}

/** What is played: a debugger that steps, or a run that was exported. */
export interface Steps {
  /** The moment that is drawn; undefined while there is none. */
  readonly current: PlayedMoment | undefined;
  /** The moment after it, once `step` has fetched it. */
  readonly next: PlayedMoment | undefined;
  /**
   * Fetches the moment after `current`, without drawing it. False if playing ends here: there is no
   * such moment, or the debugger stopped for another reason, and has drawn it.
   */
  step(): Promise<boolean>;
  /** Draws the way from `current` to `next`, from 0 to 1; at 1, `next` becomes the current one. */
  draw(share: number): void;
  back(): void;
  goto(step: number): void;
}

/** The clock and the frames of a page; tests have others. */
export interface Frames {
  /** Calls `draw` with the time in milliseconds before the next frame is painted. */
  request(draw: (now: number) => void): void;
  /** Whether the user wants no movement. */
  readonly isStill: boolean;
}

export const pageFrames: Frames = {
  request: (draw) => void requestAnimationFrame(draw),
  get isStill() {
    return matchMedia('(prefers-reduced-motion: reduce)').matches;
  },
};

export class Player {
  private turn = 0;
  private isOn = false;
  /** The virtual time that is shortened now; 0 for none. */
  gap = 0;

  constructor(
    readonly steps: Steps,
    public speed: number,
    /** Called when it begins, ends, or shortens another gap. */
    private readonly changed: () => void,
    /** Called with the virtual time of each frame. */
    private readonly ticked: (time: number) => void = () => undefined,
    private readonly frames: Frames = pageFrames,
  ) {}

  get isPlaying(): boolean {
    return this.isOn;
  }

  toggle(): void {
    if (this.isOn) this.stop();
    else void this.play();
  }

  /** Resolves when it ends, for whatever reason. */
  async play(): Promise<void> {
    if (this.isOn) return;
    const turn = ++this.turn;
    this.isOn = true;
    this.changed();
    while (this.turn === turn && (await this.steps.step())) {
      await this.move(turn);
    }
    if (this.turn === turn) this.stop();
  }

  /** Takes one step with its movement. */
  async stepOnce(): Promise<void> {
    if (this.isOn) return this.stop();
    const turn = ++this.turn;
    if ((await this.steps.step()) && this.turn === turn) await this.move(turn);
    else if (this.steps.next) this.steps.draw(1);
  }

  /** What was fetched is drawn at once: the picture and the debugger agree. */
  stop(): void {
    this.turn++;
    const wasOn = this.isOn;
    this.isOn = false;
    this.gap = 0;
    if (this.steps.next) this.steps.draw(1);
    if (wasOn) this.changed();
  }

  private async move(turn: number): Promise<void> {
    const { steps, frames } = this;
    const { current, next } = steps;
    if (!next) return;
    // Also what was fetched when it was stopped meanwhile is drawn.
    if (!current || this.turn !== turn) return steps.draw(1);
    const passed = Math.max(0, next.time - current.time);
    const { duration, gap } = paceOf(passed, this.speed);
    this.note(gap);
    let begun = -1;
    await new Promise<void>((done) => {
      const frame = (now: number) => {
        if (this.turn !== turn) return done();
        if (begun < 0) begun = now;
        const share = duration === 0 ? 1 : Math.min(1, (now - begun) / duration);
        this.ticked(current.time + passed * share);
        if (share < 1 && !frames.isStill) steps.draw(share);
        if (share === 1) steps.draw(1);
        if (share === 1) done();
        else frames.request(frame);
      };
      frames.request(frame);
    });
  }

  private note(gap: number): void {
    if (gap === this.gap) return;
    this.gap = gap;
    this.changed();
  }
}
