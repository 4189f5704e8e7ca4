/** The message of a log point: plain text with CEL expressions in braces. */
import {
  type Expression,
  extraWords,
  type Language,
  type Names,
} from '../../scenario/conditions/condition.ts';
import type { Fault } from '../../scenario/problem.ts';
import { valueText } from '../read/value.ts';

export type LogMessage = (scope: Names) => string;

export type LogMessageResult =
  | { readonly message: LogMessage }
  | { readonly problem: LogMessageProblem };

export type LogMessageProblem =
  /** The brace at this character, counted from 1, is not closed. */
  | { readonly type: 'open brace'; readonly at: number; readonly text: string }
  | { readonly type: 'expression'; readonly fault: Fault };

/** `\{` is a brace of the text. `names` are locals that expressions may use. */
export function parseLogMessage(
  text: string,
  language: Language,
  names: readonly string[] = [],
): LogMessageResult {
  const parts: (string | Expression)[] = [];
  let plain = '';
  for (let at = 0; at < text.length; at++) {
    if (text[at] === '\\' && /[{}]/.test(text[at + 1] ?? '')) plain += text[++at];
    else if (text[at] !== '{') plain += text[at];
    else {
      const end = closing(text, at);
      if (end < 0) return { problem: { type: 'open brace', at: at + 1, text } };
      const compiled = language.expression(text.slice(at + 1, end), [...extraWords, ...names]);
      if ('fault' in compiled) return { problem: { type: 'expression', fault: compiled.fault } };
      parts.push(plain, compiled.expression);
      plain = '';
      at = end;
    }
  }
  parts.push(plain);
  return { message: (scope) => parts.map((part) => partText(part, scope)).join('') };
}

function partText(part: string | Expression, scope: Names): string {
  if (typeof part === 'string') return part;
  const found = part.value(scope);
  if (!found.ok) return `{${found.why}}`;
  return typeof found.value === 'string' ? found.value : valueText(found.value);
}

/** The index of the brace that closes the one at `open`, past nested braces and quoted strings. */
function closing(text: string, open: number): number {
  let depth = 0;
  let quote = '';
  for (let at = open; at < text.length; at++) {
    const character = text[at];
    if (quote !== '') {
      if (character === '\\') at++;
      else if (character === quote) quote = '';
    } else if (character === '"' || character === "'") quote = character;
    else if (character === '{') depth++;
    else if (character === '}' && --depth === 0) return at;
  }
  return -1;
}
