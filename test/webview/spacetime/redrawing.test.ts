/** A long run that is read in parts is drawn anew a few times, and not at each part. */

import { expect, it } from 'vitest';
import type { Lane } from '../../../webview/spacetime/lane.ts';
import { Redrawing } from '../../../webview/spacetime/draw/redrawing.ts';

it('costs a few times the whole run, however many parts it has', () => {
  const redrawing = new Redrawing();
  const [steps, part] = [100_000, 512];
  let drawn = 0;
  const lane = { count: 0, isWhole: false };
  for (let count = part, now = 1_000; count < steps + part; count += part, now += 1_000) {
    Object.assign(lane, { count, isWhole: count >= steps });
    if (redrawing.isDue([lane as Lane], now)) drawn += count;
  }
  // Drawn at each part, it would be a hundred times.
  expect(drawn / steps).toBeLessThan(10);
  expect(drawn / steps).toBeGreaterThan(2);
});

it('draws the whole at once, and another run from its first part on', () => {
  const redrawing = new Redrawing();
  const [first, second, short] = [{}, {}, {}];
  const isDue = (lane: object, count: number, isWhole: boolean, now: number) =>
    redrawing.isDue([Object.assign(lane, { count, isWhole }) as Lane], now);
  expect(isDue(first, 1_000, false, 1_000)).toBe(true);
  expect(isDue(first, 1_001, false, 2_000)).toBe(false);
  expect(isDue(first, 1_001, true, 2_000)).toBe(true);
  // Its first part may be as long as what was drawn.
  expect(isDue(second, 1_001, false, 2_001)).toBe(true);
  expect(isDue(second, 1_002, false, 3_000)).toBe(false);
  expect(isDue(short, 10, false, 3_001)).toBe(true);
});
