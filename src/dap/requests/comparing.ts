/** Runs another scenario beside the session, so that panels can compare the two. */
import { untilBreakpoint } from '../../session/pursuit.ts';
import type { Session } from '../../session/session.ts';
import type { Debuggee } from '../debuggee.ts';
import type { Task } from '../motion/tasks.ts';
import type { TimeLimit } from '../time-limit.ts';
import type { View } from '../view.ts';
import { comparingTitle } from '../words/progress.ts';
import type { LaunchArguments } from './arguments.ts';

/** What a comparison needs of the adapter. */
export interface ComparingHost {
  /** What was launched; refuses while the run is in progress. */
  readonly stopped: Debuggee;
  readonly view: View;
  readonly isMoving: boolean;
  readonly viewed: object | undefined;
  /** Loads a scenario that does not become the debuggee. */
  loadBeside(launched: LaunchArguments): Promise<Debuggee>;
  work<Result>(
    title: string,
    parts: (task: Task, bounded: TimeLimit) => Promise<Result>,
  ): Promise<Result>;
}

/** How many actions are taken at once: some milliseconds. */
const partActions = 256;

/** The session gets the other run once that is at its end, and the panel its view. */
export async function compareWith(host: ComparingHost, program: string): Promise<void> {
  const { session, launched } = host.stopped;
  const { session: twin } = await host.loadBeside({ ...launched, program });
  await host.work(comparingTitle(program), (task, bounded) =>
    runToEnd(twin, task, bounded, comparingTitle(program)));
  session.compared = twin;
  // The user may have gone elsewhere meanwhile: then the next stop shows it.
  if (host.viewed === session && !host.isMoving) host.view.refresh('spacetime', session);
}

async function runToEnd(
  twin: Session,
  task: Task,
  bounded: TimeLimit,
  title: string,
): Promise<void> {
  twin.setBreakpoints([]);
  twin.pursue(untilBreakpoint);
  while (bounded(() => twin.advance(partActions)) === undefined) await task.before(title);
}
