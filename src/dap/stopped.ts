/** A stop in the client's words. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Finding, Stop, StopType } from '../session/stop.ts';
import { codeLines } from '../session/code.ts';
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

/** The calls of the protocol's own code. */
function stackText({ text, stack }: Extract<Finding, { type: 'thrown' }>): string {
  const calls = codeLines(stack).map(
    ({ function: called, file, line }) => `    at ${called} (${file}:${line})`,
  );
  return [text, ...calls].join('\n');
}

export function exceptionInfo({
  finding,
  text,
}: Stop): DebugProtocol.ExceptionInfoResponse['body'] {
  if (!finding) throw new Refusal('The debugger did not stop at an event.');
  const details: DebugProtocol.ExceptionDetails = {
    typeName: finding.name,
    message: finding.text,
    ...(finding.type === 'thrown' ? { stackTrace: stackText(finding) } : {}),
  };
  const said = finding.type === 'event' ? `${text}. ${finding.text}` : finding.text;
  return { exceptionId: finding.name, description: said, breakMode: 'always', details };
}
