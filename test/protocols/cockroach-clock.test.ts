/** Hybrid logical clocks, and the checks that CockroachDB makes of wall clocks. */
import { expect, test } from 'vitest';
import { isHealthy } from '../../src/protocols/cockroach/clock-check.ts';
import {
  isUntrustworthy, jumpedAhead, receive, tick, type Timestamp, zero,
} from '../../src/protocols/shared/hybrid-clock.ts';

const at = (wall: number, logical: number): Timestamp => ({ wall, logical });

test('a clock gives the readings of CockroachDB\'s own test, when it sends and when it receives', () => {
  // Wall clock, and what is received then (nothing: a reading), and the reading that follows.
  const steps: readonly [number, Timestamp | null, Timestamp][] = [
    [5, null, at(5, 0)],
    [6, null, at(6, 0)],
    [10, at(10, 5), at(10, 6)],
    [7, null, at(10, 7)],
    [8, at(10, 4), at(10, 9)],
    [10, at(10, 99), at(10, 100)],
    [11, at(10, 31), at(11, 1)],
    [11, null, at(11, 2)],
  ];
  let clock = zero;
  for (const [wall, received, expected] of steps) {
    clock = tick(clock, wall);
    // Receiving is: read the clock, update it, read it again.
    if (received !== null) clock = tick(receive(clock, received), wall);
    expect(clock).toEqual(expected);
  }
});

test('a timestamp more than the maximum offset ahead of the wall clock is refused', () => {
  const maxOffset = 500_000;
  expect(isUntrustworthy(at(10_499_000, 0), 10_000_000, maxOffset)).toBe(false);
  expect(isUntrustworthy(at(11_000_000, 0), 10_000_000, maxOffset)).toBe(true);
  expect(isUntrustworthy(at(1_000_000, 0), 10_000_000, maxOffset)).toBe(false);
});

test('a jump of a wall clock by half the maximum offset ends a node, a jump back does not', () => {
  const maxOffset = 500_000;
  expect(jumpedAhead(1_000_000, 1_250_000, maxOffset)).toBe(true);
  expect(jumpedAhead(1_000_000, 1_249_999, maxOffset)).toBe(false);
  expect(jumpedAhead(1_000_000, 0, maxOffset)).toBe(false);
});

test('an offset that may be within the limit, given how exact it is, counts as healthy', () => {
  const measured = (offset: number, uncertainty: number) => ({ offset, uncertainty, measuredAt: 0 });
  expect(isHealthy(measured(400_000, 0), 400_000)).toBe(true);
  expect(isHealthy(measured(400_001, 0), 400_000)).toBe(false);
  expect(isHealthy(measured(-450_000, 50_000), 400_000)).toBe(true);
  expect(isHealthy(measured(-450_001, 50_000), 400_000)).toBe(false);
});
