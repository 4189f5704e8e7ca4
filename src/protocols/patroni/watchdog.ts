/** The watchdog: a device that resets the machine unless the agent feeds it in time. */
// It is fed after each refresh of the leader key, and fires `safetyMargin` before that key can
// expire. So it fences a primary whose agent does not run, as long as the agent was not stalled for
// longer than the margin between the refresh and the feeding.
import type { MemberNode } from './state.ts';
import { stopPrimary } from './streaming.ts';

export function lacksWatchdog({ options }: MemberNode): boolean {
  return options.watchdog === 'required' && !options.watchdogDevice;
}

/** Arms the watchdog, or feeds it. Returns false if it is required and there is none. */
export function arm(node: MemberNode): boolean {
  const { watchdog, watchdogDevice, ttl, safetyMargin } = node.options;
  if (watchdog === 'off' || !watchdogDevice) return !lacksWatchdog(node);
  const wasArmed = node.state.watchdogAt !== null;
  const until = node.now() + ttl - safetyMargin;
  node.state.watchdogAt = until;
  node.setTimer('watchdog', ttl - safetyMargin);
  node.event(wasArmed ? 'WatchdogFed' : 'WatchdogArmed', { until });
  return true;
}

export function disarm(node: MemberNode): void {
  node.state.watchdogAt = null;
  node.cancelTimer('watchdog');
}

/**
 * Whether the machine runs. The watchdog is hardware: it also fires while the processes of the node
 * are paused. So the reset comes before anything that the node does after such a pause.
 */
export function isRunning(node: MemberNode): boolean {
  const { watchdogAt } = node.state;
  if (watchdogAt !== null && node.now() >= watchdogAt) reset(node);
  return node.state.standing !== 'stopped';
}

/** All processes end without a word; their peers learn it when the machine runs again. */
function reset(node: MemberNode): void {
  const { state } = node;
  node.event('WatchdogFired');
  stopPrimary(node);
  disarm(node);
  for (const timer of ['loop', 'poll', 'walReceiver', 'agent'] as const) node.cancelTimer(timer);
  for (const { request } of state.requests.pending) {
    node.cancelTimer('requestTimeout', String(request));
  }
  if (state.stall !== null) node.reply(state.stall.operation, 'RESET');
  Object.assign(state, {
    standing: 'stopped', wasReset: true,
    follows: null, link: '', isLooping: false, cluster: null, poll: null,
    stall: null, acceptsUntil: 0, requests: { last: state.requests.last, pending: [] },
  });
  node.setTimer('boot', node.options.resetTime);
}

export function boot(node: MemberNode): void {
  node.state.standing = 'replica';
  node.state.wasReset = false;
  for (const connection of node.connections()) node.disconnect(connection);
  node.setTimer('loop', 0);
}
