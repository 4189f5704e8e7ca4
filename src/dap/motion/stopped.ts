/** Stops as the bodies of DAP events and responses. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { LimitError } from '../../kernel/text/execution-limits.ts';
import { abandoned } from '../../session/abandon.ts';
import { thrownLines } from '../../session/read/stack.ts';
import type { Reading } from '../../session/read/reading.ts';
import type { Session } from '../../session/session.ts';
import { type Stop, stopFor, type StopType } from '../../session/stop.ts';
import type { FocusKept } from '../../view/contract.ts';
import { RequestRefusal } from '../refusal.ts';
import type { CommandOrigin } from './moving.ts';
import { endFailureText, findingOf, findingWords, stopDescription } from '../words/stops.ts';

const reasons: Readonly<Record<StopType, string>> = {
  entry: 'entry',
  step: 'step',
  pause: 'pause',
  goto: 'goto',
  restart: 'restart',
  breakpoint: 'breakpoint',
  'function breakpoint': 'function breakpoint',
  'data breakpoint': 'data breakpoint',
  exception: 'exception',
  end: 'end of the run',
};

export function stoppedBody(
  stop: Stop,
  threadId: number,
  kept: FocusKept,
  from?: CommandOrigin,
): DebugProtocol.StoppedEvent['body'] {
  const { type, reason, breakpoints } = stop;
  const keepsFocus = kept === 'always' || (kept === 'after commands' && from !== undefined);
  const description = stopDescription(reason);
  const finding = findingOf(reason);
  const text = finding ? findingWords(finding).text : endFailureText(reason);
  return {
    // For an exception, VS Code opens a box in the editor, which takes the focus from the console.
    reason: keepsFocus && from === 'console' && type === 'exception' ? 'breakpoint' : reasons[type],
    threadId,
    allThreadsStopped: true,
    ...(description === undefined ? {} : { description }),
    ...(text === undefined ? {} : { text }),
    ...(stop.quiet || keepsFocus ? { preserveFocusHint: true } : {}),
    ...(breakpoints.length > 0 ? { hitBreakpointIds: [...breakpoints] } : {}),
  };
}

/** The calls of the protocol's own code. */
function stackText(reading: Reading): string {
  const calls = thrownLines(reading).map(
    ({ function: name, file, line, column }) => `    at ${name} (${file}:${line}:${column})`,
  );
  return calls.join('\n');
}

export function exceptionInfo(reading: Reading): DebugProtocol.ExceptionInfoResponse['body'] {
  const finding = findingOf(reading.stop.reason);
  if (!finding) throw new RequestRefusal({ code: 'no event' });
  const { title, text } = findingWords(finding);
  const threw = finding.type === 'thrown' || (finding.type === 'violated' && finding.threw);
  const stack = threw ? { stackTrace: stackText(reading) } : {};
  const details: DebugProtocol.ExceptionDetails = { typeName: title, message: text, ...stack };
  return { exceptionId: title, description: text, breakMode: 'always', details };
}

/** The stop of a motion that ended with an error; `message` says which if it is internal. */
export function stopAfter(session: Session, error: unknown, message: string): Stop {
  if (error instanceof LimitError) return abandoned(session);
  const reason = error instanceof RequestRefusal ? 'pause' : 'internal error';
  return session.stopAt(stopFor(reason === 'pause' ? { type: reason } : { type: reason, message }));
}
