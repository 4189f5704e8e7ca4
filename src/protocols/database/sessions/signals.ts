/** Signals between sessions: `pg_cancel_backend`, `pg_terminate_backend`. */
import { sessionByPid } from '../locks/views.ts';
import { type SqlError, sqlError } from '../sql/errors.ts';
import type { Context } from '../state.ts';

/** The end of a session by another: a session that ends itself fails with it, and ends. */
export const terminated = {
  code: '57P01',
  message: 'terminating connection due to administrator command',
} as const;

const canceled = {
  code: '57014',
  message: 'canceling statement due to user request',
} as const;

/**
 * Tells a session to cancel its statement, or to end; it does so when the current statement has
 * ended or waits. Returns false if there is no such session.
 */
export function signal(
  { node, session }: Context,
  pid: number,
  type: 'cancel' | 'terminate',
): boolean | SqlError {
  const target = sessionByPid(node.state, pid);
  if (target === undefined) return false;
  const { code, message } = type === 'cancel' ? canceled : terminated;
  if (target === session) return sqlError(code, message);
  node.state.signals.push({ session: target, type, code, message });
  return true;
}
