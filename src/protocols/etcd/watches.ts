/** The watches of a member: it tells its clients about changes that it has applied. */
import type { Node, NodeId } from '../../protocol/types.ts';
import type { WatchEvent, WatchRequest } from './api.ts';
import type { EtcdReplica, Watch } from './state.ts';

type Server = Node<EtcdReplica>;

/** A watch may begin in the past: then it gives at once what it missed. */
export function beginWatch(node: Server, began: Omit<Watch, 'told'>): void {
  const { state } = node;
  const watch = { ...began, told: 0 };
  const { fromRevision } = watch;
  const isSame = (other: Watch) => isOf(other, watch.client, watch.connection, watch.watch);
  state.watches = state.watches.filter((other) => !isSame(other));
  if (fromRevision > 0 && fromRevision < state.compacted) {
    tell(node, watch, [], state.compacted);
    return;
  }
  state.watches.push(watch);
  if (fromRevision === 0 || fromRevision > state.revision) return;
  const missed = state.history.filter(({ modRevision }) => modRevision >= fromRevision);
  fire(node, watch, missed);
}

export function endWatch(node: Server, client: string, connection: string, watch: number): void {
  const { state } = node;
  state.watches = state.watches.filter((one) => !isOf(one, client, connection, watch));
}

function isOf(one: Watch, client: string, connection: string, watch: number): boolean {
  return isFrom(one, client, connection) && one.watch === watch;
}

/** Whether a watch or a request came from a client over a connection. */
export function isFrom(
  from: { readonly client: NodeId; readonly connection: string },
  client: NodeId,
  connection: string,
): boolean {
  return from.client === client && from.connection === connection;
}

/** The changes of one revision. */
export function notifyWatchers(node: Server, events: readonly WatchEvent[]): void {
  if (events.length === 0) return;
  for (const watch of node.state.watches) {
    if (events[0].modRevision >= watch.fromRevision) fire(node, watch, events);
  }
}

function fire(node: Server, watch: Watch, events: readonly WatchEvent[]): void {
  const own = events.filter(({ key }) => isWatched(watch, key));
  if (own.length === 0) return;
  const { key, modRevision: revision } = own[own.length - 1];
  watch.told = revision;
  if (watch.client !== node.id) node.event('WatchFired', { key, client: watch.client, revision });
  tell(node, watch, own, 0);
}

export function isWatched({ key, prefix }: WatchRequest, changed: string): boolean {
  return prefix ? changed.startsWith(key) : changed === key;
}

function tell(
  node: Server,
  { client, connection, watch }: Watch,
  events: readonly WatchEvent[],
  compacted: number,
): void {
  const { revision } = node.state;
  node.send(connection || client, { type: 'WatchEvents', watch, revision, events, compacted });
}
