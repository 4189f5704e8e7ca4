/** The branch of the session as a recorded run, with the actions that were taken. */
import { Playback } from '../../session/playback.ts';
import type { Json } from '../../protocol/types.ts';
import type { Session } from '../../session/session.ts';
import type { Ending } from '../../view/contract.ts';
import { endingOf } from '../../view/ending.ts';
import { type RecordedRun, RunRecorder, spanAround } from '../../view/export/recorded-run.ts';
import type { Debuggee } from '../debuggee.ts';
import type { Task } from '../motion/tasks.ts';
import type { TimeLimit } from '../time-limit.ts';
import { exportingTitle, listingText } from '../words/progress.ts';

/** How many steps are recorded at once: some milliseconds. */
const partSteps = 256;

/** The session stays where it is; other requests are answered between the parts. */
export async function recordedRun(
  { session, text, launched }: Debuggee,
  task: Task,
  bounded: TimeLimit,
): Promise<RecordedRun> {
  const span = spanAround(session.step, session.length);
  await task.before(exportingTitle(), session.length > span.last);
  const ending = bounded(() => endingAt(session));
  const playback = bounded(() => new Playback(session, 0));
  const settings = launched.args as Readonly<Record<string, Json>>;
  const options = { scenario: text, settings, span };
  const recorder = new RunRecorder(playback, { ...options, ...(ending && { ending }) });
  for (;;) {
    const run = bounded(() => recorder.advance(partSteps));
    if (run !== undefined) return run;
    const { done, all } = recorder.progress;
    await task.before(listingText(done, all));
  }
}

/** How the branch ends; undefined if something can still happen. */
function endingAt({ script, branch, length, world, step }: Session): Ending | undefined {
  const last = step === length ? world : branch.run.at(length);
  if (script.next(last) !== undefined) return undefined;
  return endingOf(script.verdicts(last, true), last);
}
