/** How long the way from one moment to the next takes on the wall clock. */

/** Virtual time in microseconds. */
type Micros = number;

export const speeds: readonly number[] = [0.1, 0.25, 0.5, 1, 2, 5, 10, 25, 50, 100];
export const usualSpeed = 1;

/** At 1×, a millisecond of virtual time takes 0.1 s: the eye can follow a message. */
const wallPerMicro = 0.1;
/** What happens at once still takes a moment, so that it is seen; in milliseconds at 1×. */
const leastMs = 400;
/** Longer waits are shortened to this. */
const mostMs = 1500;

export interface Pace {
  /** In milliseconds of wall-clock time. */
  readonly duration: number;
  /** The virtual time that was shortened; 0 if it is shown in full. */
  readonly gap: Micros;
}

export function paceOf(passed: Micros, speed: number): Pace {
  const wanted = (passed * wallPerMicro) / speed;
  // Slow motion is what a low speed is for: it also lengthens the bound.
  const most = mostMs / Math.min(1, speed);
  const least = Math.min(leastMs, leastMs / speed);
  if (wanted > most) return { duration: most, gap: passed };
  return { duration: Math.max(least, wanted), gap: 0 };
}

/** A speed that was kept; the usual one for anything else. */
export function speedOf(kept: unknown): number {
  return typeof kept === 'number' && speeds.includes(kept) ? kept : usualSpeed;
}
