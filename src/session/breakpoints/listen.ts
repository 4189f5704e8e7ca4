/** Finds the breakpoints that are hit in the middle of an action. */
import type { Effects } from '../../kernel/effects.ts';
import { halt, withVariants } from '../../kernel/handler.ts';
import type { World } from '../../kernel/world.ts';
import type { Variant } from '../../code/record/variants.ts';
import type { Stop } from '../stop.ts';
import type { LinePlace, Watch } from './watch.ts';

/** A breakpoint that was hit in the middle of an action. */
export type InnerHit = { readonly stop: Stop } & (
  | ({ readonly type: 'line' } & Pick<LinePlace, 'site' | 'occurrence'>)
  /** An event was reported, by its index in the effects. */
  | { readonly type: 'event'; readonly index: number }
);

/**
 * Runs `act`, which takes an action, and calls `onHit` for each breakpoint that it hits in the
 * middle. At a line, `onHit` may throw `halt`: then this returns, and the world stays in the
 * middle of the action. At an event it must not, because plain code could catch it. Returns how
 * many events were reported that need not be checked after the action.
 */
export function listen(
  watch: Watch,
  world: World,
  effects: Effects,
  act: () => void,
  onHit: (hit: InnerHit) => void,
  before = world.step,
): number {
  let heard = 0;
  if (watch.hearsEvents) {
    effects.reported = () => {
      const index = heard++;
      const stop = watch.atReport(world, effects, index);
      if (stop) onHit({ type: 'event', index, stop });
    };
  }
  try {
    if (watch.variant === null) act();
    else observeLines(watch, watch.variant, world, effects, act, onHit, before);
  } catch (error) {
    if (error !== halt) throw error;
  } finally {
    effects.reported = null;
  }
  return heard;
}

function observeLines(
  watch: Watch,
  { recorder, functions }: Variant,
  world: World,
  effects: Effects,
  act: () => void,
  onHit: (hit: InnerHit) => void,
  before: number,
): void {
  const counts = new Map<number, number>();
  const reached = (site: number, reads: (() => unknown)[]) => {
    const occurrence = (counts.get(site) ?? 0) + 1;
    counts.set(site, occurrence);
    const stop = watch.atLine(world, effects, { site, occurrence, before, reads });
    if (stop) onHit({ type: 'line', site, occurrence, stop });
  };
  recorder.observe(reached, () => {
    withVariants(functions, act);
    return true;
  });
}
