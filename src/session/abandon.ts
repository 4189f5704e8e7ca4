/** An action was ended from outside because it took too long: the session goes back. */
import { abandon } from '../kernel/handler.ts';
import { actionName } from './read/names.ts';
import type { Session } from './session.ts';
import { type Stop, stopFor } from './stop.ts';

/** The run holds only whole actions, so the cursor goes to the end of the last one. */
export function abandoned(session: Session): Stop {
  abandon();
  session.code.variants?.abandon();
  session.watch.isLogging = true;
  session.restore();
  const next = session.next();
  const action = next ? actionName(session.moment, next) : '';
  return session.stopAt(stopFor({ type: 'endless', action }));
}
