/** The boot of the nodes, in which breakpoints are hit like in any action. */
import { Effects } from '../kernel/effects.ts';
import { halt } from '../kernel/handler.ts';
import { boot } from '../kernel/step.ts';
import { type InnerHit, listen } from './breakpoints/listen.ts';
import { theStart } from './entry.ts';
import type { Session } from './session.ts';
import type { Stop } from './stop.ts';

/** The first stop that a breakpoint asks for: in the boot of the nodes, or after it. */
export function begin(session: Session): Stop | undefined {
  let hit: InnerHit | undefined;
  const heard = replayBoot(session, (one) => {
    hit ??= one;
    if (one.type === 'line') throw halt;
    session.watch.isLogging = false;
  });
  session.watch.isLogging = true;
  const inside = hit && session.stopInside(hit, 0, theStart);
  return inside ?? session.afterBoot(hit?.type === 'event' ? hit.index : heard);
}

/**
 * Boots the nodes of a blank world, and calls `onHit` at each breakpoint that is hit in it. Returns
 * how many of its events were checked: see `listen`.
 */
export function replayBoot({ watch, branches }: Session, onHit: (hit: InnerHit) => void): number {
  if (!watch.listens) return 0;
  const world = branches[0].run.at(0).blank();
  const effects = new Effects();
  return listen(watch, world, effects, () => boot(world, effects), onHit, -1);
}
