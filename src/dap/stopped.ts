/** A stop in the client's words. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Stop, StopType } from '../session/stop.ts';
import type { Session } from '../session/session.ts';
import { thrownLines } from '../session/read/stack.ts';
import { Refusal } from './refusal.ts';

const reasons: Readonly<Record<StopType, string>> = {
  entry: 'entry',
  step: 'step',
  pause: 'pause',
  goto: 'goto',
  breakpoint: 'breakpoint',
  'function breakpoint': 'function breakpoint',
  'data breakpoint': 'data breakpoint',
  exception: 'exception',
  end: 'end of the run',
};

export function stoppedBody(stop: Stop, threadId: number): DebugProtocol.StoppedEvent['body'] {
  const { type, text, finding, breakpoints } = stop;
  return {
    reason: reasons[type],
    threadId,
    allThreadsStopped: true,
    ...(type === 'step' || type === 'pause' ? {} : { description: descriptionOf(stop) }),
    ...(finding ? { text: finding.text || text } : {}),
    ...(stop.quiet ? { preserveFocusHint: true } : {}),
    ...(breakpoints.length > 0 ? { hitBreakpointIds: [...breakpoints] } : {}),
  };
}

function descriptionOf({ type, text, finding }: Stop): string {
  if (finding?.type === 'broken') return `Paused on broken: ${finding.name}`;
  if (type === 'end') return 'Paused at the end of the run';
  if (type === 'entry') return 'Paused at the start';
  return `Paused on ${text}`;
}

/** The calls of the protocol's own code. */
function stackText(session: Session): string {
  const calls = thrownLines(session).map(
    ({ function: called, file, line, column }) => `    at ${called} (${file}:${line}:${column})`,
  );
  return calls.join('\n');
}

export function exceptionInfo(session: Session): DebugProtocol.ExceptionInfoResponse['body'] {
  const { finding, text } = session.stop;
  if (!finding) throw new Refusal('The debugger did not stop at an event.');
  const isThrown = finding.type === 'thrown' || (finding.type === 'broken' && finding.threw);
  const details: DebugProtocol.ExceptionDetails = {
    typeName: finding.name,
    message: finding.text,
    ...(isThrown ? { stackTrace: stackText(session) } : {}),
  };
  const said = finding.type === 'event' ? `${text}. ${finding.text}` : finding.text;
  return { exceptionId: finding.name, description: said, breakMode: 'always', details };
}
