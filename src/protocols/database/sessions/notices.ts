/** Notices: what PostgreSQL reports of a statement besides its result. */
import type { Context } from '../state.ts';

export function notice(
  { node, session }: Pick<Context, 'node' | 'session'>,
  code: string,
  message: string,
): void {
  node.state.sessions[session].query?.results.push({ type: 'notice', code, message });
}
