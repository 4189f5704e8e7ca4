/** A stop in the client's words. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Stop, type StopType } from '../session/stop.ts';
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
    ...(breakpoints.length > 0 ? { hitBreakpointIds: [...breakpoints] } : {}),
  };
}

function descriptionOf({ type, text }: Stop): string {
  if (type === 'end') return 'Paused at the end of the run';
  if (type === 'entry') return 'Paused at the start';
  return `Paused on ${text}`;
}

export function exceptionInfo({
  finding,
  text,
}: Stop): DebugProtocol.ExceptionInfoResponse['body'] {
  if (!finding) throw new Refusal('The debugger did not stop at an event.');
  const details: DebugProtocol.ExceptionDetails = {
    typeName: finding.name,
    message: finding.text,
    ...(finding.type === 'thrown' ? { stackTrace: finding.stack } : {}),
  };
  const said = finding.type === 'event' ? `${text}. ${finding.text}` : finding.text;
  return { exceptionId: finding.name, description: said, breakMode: 'always', details };
}
