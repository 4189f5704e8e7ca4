/** The boot of the nodes, in which breakpoints are hit like in any action. */
import { Effects } from '../kernel/effects.ts';
import { halt } from '../kernel/handler.ts';
import { boot } from '../kernel/step.ts';
import type { LineHit } from './breakpoints/watch.ts';
import { theStart } from './entry.ts';
import type { Session } from './session.ts';
import type { Stop } from './stop.ts';

/** The first stop that a breakpoint asks for: in the boot of the nodes, or after it. */
export function begin(session: Session): Stop | undefined {
  let hit: LineHit | undefined;
  replayBoot(session, (one) => {
    hit = one;
    throw halt;
  });
  return hit === undefined ? session.afterBoot() : session.stopBefore(hit, 0, theStart);
}

/** Boots the nodes of a blank world, and calls `onHit` at each line breakpoint that is hit. */
export function replayBoot({ watch, branches }: Session, onHit: (hit: LineHit) => void): void {
  if (!watch.hasLines) return;
  const world = branches[0].run.at(0).blank();
  const effects = new Effects();
  watch.listen(world, effects, () => boot(world, effects), onHit, -1);
}
