/** Error responses: what the client shows of a refusal, of a limit or of a defect. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { LimitError } from '../kernel/text/execution-limits.ts';
import { internalErrorNumber, RequestRefusal, refusalNumbers } from './refusal.ts';
import { internalErrorText } from './words/console.ts';
import { refusalText } from './words/refusals.ts';

/** `report` is called with a defect of Lockstep, and returns what it says. */
export function errorResponse(
  error: unknown,
  report: (error: unknown) => string,
): Pick<DebugProtocol.ErrorResponse, 'message' | 'body'> {
  const refusal =
    error instanceof LimitError ? new RequestRefusal({ code: 'limit', limit: error.code }) : error;
  if (!(refusal instanceof RequestRefusal)) {
    const format = internalErrorText(report(error));
    return {
      message: format,
      body: { error: { id: internalErrorNumber, format, showUser: false } },
    };
  }
  const { refused, isShown } = refusal;
  const format = refusalText(refused);
  // Clients know by this word that the user cancelled the request.
  const message = refused.code === 'cancelled' ? 'cancelled' : format;
  return {
    message,
    body: { error: { id: refusalNumbers[refused.code], format, showUser: isShown } },
  };
}

/** What was thrown: its message, and a text with its stack. */
export function defectOf(error: unknown): { readonly message: string; readonly text: string } {
  const { message, stack } =
    error instanceof Error ? error : { message: String(error), stack: undefined };
  return { message, text: internalErrorText(message, stack) };
}
