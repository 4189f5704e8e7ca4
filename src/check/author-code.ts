/** Author's code in invariants and derived events: its memory, and what happens if it throws. */
import type { Violation } from '../kernel/effects.ts';
import { variantOf, halt } from '../kernel/handler.ts';
import { checkPlain } from '../kernel/data/seal.ts';
import { thrownStack, thrownText } from '../kernel/data/thrown.ts';
import { NoHistory } from './history/recording.ts';
import type { Reason } from '../scenario/verdict.ts';

/** The initial memory: plain data, because worlds copy it. */
export function initialMemory(of: { remember?(): unknown }): unknown {
  const memory = variantOf(of.remember)?.();
  checkPlain(memory, 'memory', 'memories');
  return memory;
}

/** Turns an error of the author's code into a violation; `halt` of the debugger passes through. */
export function authorCodeFailed(
  error: unknown,
  kind: Extract<Reason, { code: 'author-code-failed' }>['kind'],
  name: string,
): Violation & { readonly reason: Reason } {
  if (error === halt) throw error;
  const message = thrownText(error);
  const lacks = error instanceof NoHistory && ({ lacksHistory: true } as const);
  const reason: Reason = { code: 'author-code-failed', kind, message, ...lacks };
  return { monitor: name, reason, stack: thrownStack(error) ?? '' };
}
