/** Clock faults: a node's wall clock is set, jumps, or runs faster or slower than virtual time. */
import type { Micros } from '../protocol/types.ts';
import { wallClock, type World } from './world.ts';

export interface Skew {
  /** Sets the clock this far ahead of virtual time. */
  offset?: Micros;
  /** Moves it by this much. */
  jump?: Micros;
  /** How much faster than virtual time it runs from now on: 0.0002 is 200 ppm. */
  drift?: number;
}

export function skewClock(world: World, index: number, skew: Skew): void {
  const slot = world.touch(index);
  const reading = wallClock(slot, world.time);
  slot.clockFrom = world.time;
  slot.clockBase = skew.offset === undefined ? reading : world.time + skew.offset;
  slot.clockBase += skew.jump ?? 0;
  if (skew.drift === undefined || skew.drift === slot.drift) return;
  const faster = (1 + slot.drift) / (1 + skew.drift);
  slot.drift = skew.drift;
  // Timers run on the monotonic clock: the rest of each passes at the new rate.
  slot.timers.forEach((timer, timerIndex) => {
    if (!timer.isSet) return;
    const rescaled = (time: Micros) =>
      time <= world.time ? time : world.time + Math.round((time - world.time) * faster);
    timer.at = rescaled(timer.at);
    timer.earliest = rescaled(timer.earliest);
    timer.latest = rescaled(timer.latest);
    timer.tie = world.tie++;
    if (!slot.paused) world.queueTimer(index, timerIndex, timer);
  });
}
