/** Watches on a server, leader or not: each is notified of the changes that this server applies. */
import type { ConnectionId } from '../../protocol/connection.ts';
import type { Change, ServerNode, Watch, WatchRequest } from './state.ts';

/** A watch that begins in the past is first notified of what it missed. */
export function beginWatch(node: ServerNode, watch: Omit<Watch, 'next'>): void {
  const { state } = node;
  const { client, connection, watch: number, key, from } = watch;
  if (from > 0 && from < state.compacted) {
    const { compacted } = state;
    node.event('WatchRefused', { client, key, from, compacted });
    node.send(connection, { type: 'WatchCompacted', watch: number, compacted });
    return;
  }
  const next = from > 0 ? from : state.revision + 1;
  const begun = { ...watch, next };
  state.watches.push(begun);
  node.event('WatchAccepted', { client, key, from: next });
  node.send(connection, { type: 'WatchOpened', watch: number, next });
  for (const change of state.changes) notify(node, begun, change);
}

export function endWatch(node: ServerNode, connection: ConnectionId, watch: number): void {
  const { state } = node;
  const isIt = (one: Watch) => one.connection === connection && one.watch === watch;
  state.watches = state.watches.filter((one) => !isIt(one));
}

export function endWatches(node: ServerNode, connection: ConnectionId): void {
  const { state } = node;
  state.watches = state.watches.filter((one) => one.connection !== connection);
}

/** A change was applied: its entry is committed, so that no watch receives one that may be lost. */
export function notifyWatches(node: ServerNode, change: Change): void {
  for (const watch of node.state.watches) notify(node, watch, change);
}

function notify(node: ServerNode, watch: Watch, change: Change): void {
  if (change.revision < watch.next) return;
  if (!isWatched(watch, change.key)) return;
  watch.next = change.revision + 1;
  node.send(watch.connection, { type: 'Changed', watch: watch.watch, change });
}

export function isWatched({ key, prefix }: Omit<WatchRequest, 'from'>, changed: string): boolean {
  return prefix ? changed.startsWith(key) : changed === key;
}
