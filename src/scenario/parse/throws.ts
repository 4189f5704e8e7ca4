/** Parses `throws ["TEXT"] [at NODE] [where CONDITION]`, an expectation about errors of handlers. */
import { type CommandContext, CommandReader } from '../commands/reader.ts';
import { openQuote, tokenize } from '../commands/tokens.ts';
import type { Fault } from '../problem.ts';
import type { ThrowPattern } from '../thrown.ts';

export function parseThrows(
  text: string,
  context: CommandContext,
): { throws: ThrowPattern } | { fault: Fault } {
  const { tokens, unclosed } = tokenize(text, 'throws'.length);
  if (unclosed !== undefined) return { fault: openQuote(unclosed, text.length) };
  const reader = new CommandReader(text, tokens, context);
  const isQuoted = /^["']/.test(reader.next?.text ?? '');
  const message = isQuoted ? reader.take()?.value : undefined;
  const node = reader.takes('at') ? reader.readNodeId() : undefined;
  const where = reader.takes('where')
    ? reader.readCondition(reader.end, ['node', 'message', 'state'])
    : undefined;
  if (!reader.readEnd('throws "TEXT" at NODE where CONDITION')) return { fault: reader.fault! };
  const parts = { ...(node && { node }), ...(where && { where }) };
  return { throws: message === undefined ? parts : { message, ...parts } };
}
