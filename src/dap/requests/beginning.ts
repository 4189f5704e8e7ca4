/** How a session begins: at its first stop, by continuing, or in a run that a search found. */
import type { Session } from '../../session/session.ts';
import type { Stop } from '../../session/stop.ts';
import type { LaunchArguments } from './arguments.ts';
import { openingLaunched } from './find.ts';
import { type Advance, continuing, firstStop } from './motions.ts';

export function beginning(
  session: Session,
  { noDebug, finding, stopOnEntry }: LaunchArguments,
  print: (line: string) => void,
): Stop | Advance {
  if (noDebug) return continuing(session);
  if (finding !== undefined) return openingLaunched(session, finding, print);
  return firstStop(session, stopOnEntry) ?? continuing(session);
}
