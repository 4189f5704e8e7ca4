/** Fewer and rounder waits: the gaps between the actions of a schedule. */
import type { Planned } from './schedule.ts';

const units = [1_000_000, 100_000, 10_000, 1_000, 100];

/** The schedules in which the gap before one action is gone, or rounder; the simplest first. */
export function* rounded(actions: readonly Planned[], at: number): Generator<Planned[]> {
  const before = at === 0 ? 0 : actions[at - 1].action.at;
  const gap = actions[at].action.at - before;
  if (gap <= 0) return;
  yield moved(actions, at, -gap);
  for (const unit of units) {
    if (gap % unit === 0) return;
    const less = Math.floor(gap / unit) * unit;
    if (less > 0) yield moved(actions, at, less - gap);
    yield moved(actions, at, less + unit - gap);
  }
}

function moved(actions: readonly Planned[], from: number, by: number): Planned[] {
  return actions.map((one, i) =>
    i < from ? one : { ...one, action: { ...one.action, at: one.action.at + by } },
  );
}
