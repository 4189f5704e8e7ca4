/** What becomes of a message on a connection when it reaches the host of its receiver. */
import type { Network } from '../network/network.ts';
import type { Message } from '../pending.ts';
import { type End, endNamed, givesUpAt } from './end.ts';

/** The part of a world that a connection consists of. */
export interface Hosts {
  readonly time: number;
  readonly plan: { readonly size: number };
  readonly network: Pick<Network, 'isCut' | 'cut' | 'isLost'>;
  readonly nodes: readonly {
    readonly up: boolean;
    readonly paused: boolean;
    readonly ends: readonly End[];
  }[];
}

/** Which handler of its receiver a message runs; undefined if it runs none. */
type Reception = 'data' | 'opened' | 'ended';

export function receptionOf(hosts: Hosts, message: Message): Reception | undefined {
  const { toIndex, connection, hasArrived } = message;
  const receiver = hosts.nodes[toIndex];
  if (!receiver.up) return undefined;
  if (!hasArrived) {
    if (receiver.paused || !getsThrough(hosts, message)) return undefined;
    if (!reachesHost(hosts, message)) return undefined;
  }
  return whatRuns(message, endNamed(hosts.nodes[toIndex], connection));
}

/** Which handler runs at a process that reads the message now. */
export function whatRuns(
  { isSignal, body, hasArrived }: Message,
  end: End | undefined,
): Reception | undefined {
  if (!isSignal) return end?.status === 'open' ? 'data' : undefined;
  switch (body.type) {
    case 'SYN':
      return (end === undefined) !== hasArrived ? 'opened' : undefined;
    case 'SYN-ACK':
      return end?.status === (hasArrived ? 'open' : 'opening') ? 'opened' : undefined;
    default:
      return end !== undefined && end.status !== 'closing' ? 'ended' : undefined;
  }
}

/** Whether packets pass from one host to another now. */
export function isReachable({ network, plan }: Hosts, from: number, to: number): boolean {
  return !network.isCut || network.cut[from * plan.size + to] === 0;
}

/** Whether no earlier message of its connection waits at the sender, which would come first. */
export function getsThrough(hosts: Hosts, message: Message): boolean {
  if (isReset(message) || isSyn(message)) return true;
  const first = endNamed(hosts.nodes[message.fromIndex], message.connection)?.outbox[0];
  return first === undefined || first.ordinal > message.ordinal;
}

function isSyn({ isSignal, body }: Message): boolean {
  return isSignal && body.type === 'SYN';
}

/** Whether a message reaches its receiver's host now. The RST of a reset comes from the network. */
export function reachesHost(hosts: Hosts, message: Message): boolean {
  const { fromIndex, toIndex, body } = message;
  if (isReset(message) && body.by === 'network') return !hosts.network.isLost(toIndex);
  return isReachable(hosts, fromIndex, toIndex);
}

export function isReset({ isSignal, body }: Pick<Message, 'isSignal' | 'body'>): boolean {
  return isSignal && body.type === 'RST';
}

/** Whether what a host still has to send at a time makes it give up, which its process notices. */
export function givesUp(hosts: Hosts, node: number, connection: string, at: number): boolean {
  const end = endNamed(hosts.nodes[node], connection);
  if (end === undefined || end.status === 'closing' || hosts.nodes[node].paused) return false;
  return end.since >= 0 && Math.max(at, hosts.time) >= givesUpAt(end);
}

/** Whether an end has probed its silent peer often enough to give up. */
export function stopsProbing(
  { socket: { keepAlive, userTimeout }, probes, lastContact, since }: End,
  now: number,
): boolean {
  if (keepAlive === null || probes === 0 || since >= 0) return false;
  return userTimeout > 0 ? now - lastContact >= userTimeout : probes >= keepAlive.count;
}

/** Whether a probe of a node at a time would end the connection, which its process notices. */
export function probeEnds(hosts: Hosts, node: number, connection: string, at: number): boolean {
  const end = endNamed(hosts.nodes[node], connection);
  if (end === undefined || end.status !== 'open' || hosts.nodes[node].paused) return false;
  return stopsProbing(end, Math.max(at, hosts.time));
}
