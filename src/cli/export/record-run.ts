/** Runs a scenario to its end in a debugger without breakpoints, and records what panels draw. */
import { codeOfProtocol } from '../../code/built-in-sources.ts';
import { actionsMaxDefault } from '../../check/simulate.ts';
import { sliceOf, stepInTime } from '../../dap/process/run-limit.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { Playback } from '../../session/playback.ts';
import { untilBreakpoint } from '../../session/pursuit.ts';
import { scriptOf } from '../../session/script.ts';
import { Session } from '../../session/session.ts';
import { endingOf } from '../../view/ending.ts';
import {
  type RecordedRun, RunRecorder, type Span, spanAround,
} from '../../view/export/recorded-run.ts';
import type { Ending } from '../../view/contract.ts';
import type { Loaded } from '../load.ts';
import type { Terminal } from '../terminal.ts';

/** Some milliseconds. */
const stepsAtOnce = 1_000;

export type Runnable = Required<Pick<Loaded, 'scenario' | 'source'>> & Pick<Loaded, 'code'>;

/** A problem: the steps that the user named do not exist. */
export async function recordRun(
  { scenario, source, code: own }: Runnable,
  wanted: Span | undefined,
  terminal: Terminal,
): Promise<RecordedRun | { readonly problem: string }> {
  const isOwn = own !== undefined;
  const inTime = <Result>(step: number, act: () => Result): Result =>
    isOwn ? stepInTime(scenario.file, step, act) : act();
  const code = own ?? codeOfProtocol(scenario.protocol);
  const session = inTime(0, () => new Session(scriptOf(scenario, code), code));
  const ending = await runToEnd(session, scenario, (act) => inTime(session.step, act), terminal);
  const { length } = session;
  if (wanted !== undefined && wanted.last > length) {
    return { problem: `--steps: this run has only ${length} steps, so there is no ${wanted.last}` };
  }
  const span = wanted ?? spanAround(0, length);
  const playback = new Playback(session, 0);
  const recorder = new RunRecorder(playback, { scenario: source.text, ending, span });
  for (;;) {
    const run = inTime(playback.cursor.step, () => recorder.advance(isOwn ? 1 : stepsAtOnce));
    if (run !== undefined) return run;
    await terminal.rest?.();
  }
}

async function runToEnd(
  session: Session,
  scenario: Scenario,
  bounded: <Result>(act: () => Result) => Result,
  terminal: Terminal,
): Promise<Ending> {
  const slice = sliceOf(session.code.root !== undefined);
  session.pursue(untilBreakpoint);
  while (session.length < actionsMaxDefault) {
    const stop = bounded(() => session.advance(slice));
    if (stop?.type === 'end') break;
    await terminal.rest?.();
  }
  const verdicts = session.script.verdicts(session.world, true);
  return endingOf(verdicts, session.world);
}
