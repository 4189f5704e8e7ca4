/** The part of the run that is in view: where it begins on the axis, and how much a pixel holds. */

/** What is left of the life lines, and what is right of the last step. */
export const marginRight = 24;

export class Viewport {
  /** The place on the axis at the left edge of the picture. */
  start = 0;
  /** How much of the axis, in microseconds or in steps, a pixel holds. */
  scale = 1_000;
  width = 600;
  /** The end of the run on the axis. */
  length = 1;

  xOf(place: number): number {
    return (place - this.start) / this.scale;
  }

  placeAt(x: number): number {
    return this.start + x * this.scale;
  }

  get end(): number {
    return this.placeAt(this.width);
  }

  /** At which the whole run fits. */
  get widest(): number {
    return Math.max(minScale, (this.length * 1.02) / Math.max(1, this.width - marginRight));
  }

  fit(): void {
    this.scale = this.widest;
    this.start = 0;
    this.clamp();
  }

  /** Zooms by a factor: what is at `x` stays there. */
  zoom(factor: number, x = this.width / 2): void {
    const place = this.placeAt(x);
    this.scale = Math.min(this.widest, Math.max(minScale, this.scale * factor));
    this.start = place - x * this.scale;
    this.clamp();
  }

  /** Makes what is between two places fill the window. */
  show(from: number, until: number): void {
    const wanted = (until - from) / Math.max(1, this.width - marginRight);
    this.scale = Math.min(this.widest, Math.max(minScale, wanted));
    this.start = from;
    this.clamp();
  }

  scroll(pixels: number): void {
    this.start += pixels * this.scale;
    this.clamp();
  }

  /** Scrolls so that a place is in view, if it is not; `share` of the width lies left of it. */
  reveal(place: number, share = 0.6): void {
    const x = this.xOf(place);
    if (x >= revealMargin && x <= this.width - revealMargin) return;
    this.start = place - this.width * share * this.scale;
    this.clamp();
  }

  clamp(): void {
    const most = this.length + marginRight * this.scale - this.width * this.scale;
    const least = -Math.min(12, this.width / 20) * this.scale;
    this.start = Math.max(least, Math.min(this.start, Math.max(least, most)));
  }
}

/** A pixel holds at least a hundredth of a microsecond, or of a step. */
const minScale = 0.01;
const revealMargin = 24;
