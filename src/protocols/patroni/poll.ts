/** Questions of an agent to all other agents, over Patroni's REST interface. */
import type { ConnectionId } from '../../protocol/connection.ts';
import { seconds } from '../../protocol/units.ts';
import type { MemberNode, Poll } from './state.ts';
import { lacksWatchdog } from './watchdog.ts';
import { lastLsn, timelineOf } from './wal.ts';

/** Patroni waits two seconds for the answers of other members. */
const pollTimeout = seconds(2);

/** Returns the poll if it is over at once, because there are no other members. */
export function beginPoll(
  node: MemberNode, purpose: Poll['purpose'], message: { type: 'GetStatus' } | { type: 'Failsafe' },
): Poll | undefined {
  const open = node.peers.map((peer) => node.connect(peer));
  node.state.poll = { purpose, open, answers: [], accepted: 0 };
  for (const connection of open) node.send(connection, message);
  node.setTimer('poll', pollTimeout);
  return open.length === 0 ? endPoll(node) : undefined;
}

/** A question has its answer, or will have none. Returns the poll if it was the last one. */
export function closeQuestion(node: MemberNode, connection: ConnectionId): Poll | undefined {
  node.disconnect(connection);
  const { poll } = node.state;
  if (poll === null || !poll.open.includes(connection)) return undefined;
  poll.open = poll.open.filter((one) => one !== connection);
  return poll.open.length === 0 ? endPoll(node) : undefined;
}

export function endPoll(node: MemberNode): Poll | undefined {
  const { poll } = node.state;
  if (poll === null) return undefined;
  node.cancelTimer('poll');
  for (const connection of poll.open) node.disconnect(connection);
  node.state.poll = null;
  return poll;
}

export function tellStatus(node: MemberNode, connection: ConnectionId): void {
  const { state, options: { failoverPriority } } = node;
  node.send(connection, {
    type: 'Status',
    isPrimary: state.standing === 'primary',
    timeline: timelineOf(state),
    lsn: lastLsn(state),
    mayPromote: failoverPriority > 0 && !lacksWatchdog(node),
    failoverPriority,
  });
}
