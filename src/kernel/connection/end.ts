/** One end of a connection, as the host of its node keeps it. The other end may think otherwise. */
import type { ConnectionId, SocketOptions } from '../../protocol/connection.ts';
import type { Micros, NodeId } from '../../protocol/types.ts';
import type { Message } from '../pending.ts';

export interface End {
  readonly id: ConnectionId;
  /** The node at the other end, by index. */
  readonly peer: number;
  readonly peerId: NodeId;
  readonly isOpener: boolean;
  /** `closing`: its process has closed it or ended, and the host still has to tell the peer. */
  status: 'opening' | 'open' | 'closing';
  socket: Required<SocketOptions>;
  /** When the last that was sent arrives: nothing overtakes it. */
  arrives: Micros;
  /** What was sent and did not arrive, in order: it waits until it is sent again. */
  outbox: Message[];
  /** Whether something arrived whose acknowledgement cannot come back. */
  isUnacknowledged: boolean;
  /** Since when the oldest of what waits does so; −1 if nothing waits. */
  since: Micros;
  /** How often it was sent again. */
  attempts: number;
  /** When this end last received something, and how many probes since then got no answer. */
  lastContact: Micros;
  probes: number;
}

/** What passes between hosts besides data. */
export type Signal = 'SYN' | 'SYN-ACK' | 'FIN' | 'RST';

/** The first retransmission timeouts of data and of a SYN; each further one is twice as long. */
const firstTimeout: Micros = 200_000;
const firstSynTimeout: Micros = 1_000_000;
const longestTimeout: Micros = 120_000_000;

/** When an end gives up: tcp_retries2 = 15, tcp_syn_retries = 6 and tcp_synack_retries = 5. */
const dataLimit: Micros = 924_600_000;
const synLimit: Micros = 127_000_000;
const synAckLimit: Micros = 63_000_000;

export function newEnd(
  id: ConnectionId,
  peer: number,
  peerId: NodeId,
  isOpener: boolean,
  socket: Required<SocketOptions>,
  now: Micros,
): End {
  return {
    id,
    peer,
    peerId,
    isOpener,
    status: isOpener ? 'opening' : 'open',
    socket,
    arrives: 0,
    outbox: [],
    isUnacknowledged: false,
    since: -1,
    attempts: 0,
    lastContact: now,
    probes: 0,
  };
}

export function copyEnd(end: End): End {
  return {
    id: end.id,
    peer: end.peer,
    peerId: end.peerId,
    isOpener: end.isOpener,
    status: end.status,
    socket: end.socket,
    arrives: end.arrives,
    outbox: end.outbox.slice(),
    isUnacknowledged: end.isUnacknowledged,
    since: end.since,
    attempts: end.attempts,
    lastContact: end.lastContact,
    probes: end.probes,
  };
}

/** Whether the handshake is not complete at this end. */
function isShaking({ status, outbox }: End): boolean {
  return status === 'opening' || outbox[0]?.body.type === 'SYN-ACK';
}

/** The time until what waits is sent again. */
export function timeoutOf(end: End): Micros {
  const first = isShaking(end) ? firstSynTimeout : firstTimeout;
  return Math.min(first * 2 ** Math.min(end.attempts, 20), longestTimeout);
}

/** When this end gives up, if what waits does not arrive before. */
export function givesUpAt(end: End): Micros {
  if (end.socket.userTimeout > 0) return end.since + end.socket.userTimeout;
  if (end.status === 'opening') return end.since + synLimit;
  return end.since + (isShaking(end) ? synAckLimit : dataLimit);
}

/** The end of this name, among those of one node. */
export function endNamed(
  { ends }: { readonly ends: readonly End[] },
  id: ConnectionId,
): End | undefined {
  // Most look-ups are for a connection that was opened lately.
  for (let i = ends.length - 1; i >= 0; i--) if (ends[i].id === id) return ends[i];
  return undefined;
}
