/** Sessions at the leader: they last while their clients are heard, at whichever server. */
// SessionTrackerImpl; at the other servers LearnerSessionTracker, which only notes whom it heard.
import type { Micros } from '../../../protocol/types.ts';
import type { ServerNode } from '../server-state.ts';

/** What arrives from a client extends its session; the leader learns of it with the next ping. */
export function sessionHeard(node: ServerNode, session: string, timeout: Micros): void {
  if (node.state.leading === null) node.state.touched[session] = timeout;
  else touchSession(node, session, timeout);
}

/**
 * Restarts the time of a session; false if it is over. The leader looks once a tick, so a session
 * expires at the first tick after its time.
 */
export function touchSession(node: ServerNode, session: string, timeout: Micros): boolean {
  const tracked = node.state.leading?.tracked[session];
  if (tracked === undefined || tracked.isClosing) return false;
  const { tickTime } = node.options;
  const now = node.now();
  const expires = (Math.floor((now + timeout) / tickTime) + 1) * tickTime;
  node.setTimer('session', expires - now, session);
  return true;
}

/** A new leader does not know when clients were heard, so each session begins anew. */
export function trackSessions(node: ServerNode): void {
  const { sessions, leading } = node.state;
  for (const [session, { timeout }] of Object.entries(sessions)) {
    leading!.tracked[session] = { timeout, owner: '', isClosing: false };
    touchSession(node, session, timeout);
  }
}

export function forgetSessions(node: ServerNode): void {
  const { leading } = node.state;
  if (leading === null) return;
  for (const session of Object.keys(leading.tracked)) node.cancelTimer('session', session);
}
