/** An action that was ended from outside, because it took too long: the session before it. */
import { abandon } from '../kernel/handler.ts';
import { limitMessage } from '../kernel/text/execution-limits.ts';
import { actionName } from './read/names.ts';
import type { Session } from './session.ts';
import { type Finding, type Stop, stopOf } from './stop.ts';

/** Its run holds whole actions alone: it stands after the last, and says what did not end. */
export function abandoned(session: Session): Stop {
  abandon();
  session.code.variants?.abandon();
  session.watch.speaks = true;
  const { world, branch } = session;
  session.goto(Math.min(world.step, branch.run.length));
  const next = session.next();
  const name = next ? actionName(session.world, next) : 'the run';
  const text = `${name}: ${limitMessage('action-time-limit')}`;
  const finding: Finding = { type: 'thrown', name, text };
  return session.stopAt({ ...stopOf('exception', text), finding });
}
