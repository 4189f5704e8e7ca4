/** Signals between sessions: `pg_cancel_backend`, `pg_terminate_backend`. */
import { sessionByPid } from '../locks/views.ts';
import { type SqlError, sqlError } from '../sql/syntax.ts';
import type { Context } from '../state.ts';
import { cancelStatement } from './queries.ts';
import { terminate } from './sessions.ts';

/** Cancels the statement that another session executes; false if there is no such session. */
export function cancelBackend({ node, session }: Context, pid: number): boolean | SqlError {
  const target = sessionByPid(node.state, pid);
  if (target === undefined) return false;
  const [code, message] = ['57014', 'canceling statement due to user request'];
  if (target === session) return sqlError(code, message);
  cancelStatement(node, target, code, message);
  return true;
}

/** Ends another session; false if there is none. */
export function terminateBackend({ node, session }: Context, pid: number): boolean | SqlError {
  const target = sessionByPid(node.state, pid);
  if (target === undefined) return false;
  if (target === session) return sqlError(terminated.code, terminated.message);
  terminate(node, target, terminated.code, terminated.message);
  return true;
}

/** The end of a session by another: a session that ends itself fails with it, and ends. */
export const terminated = {
  code: '57P01',
  message: 'terminating connection due to administrator command',
} as const;
