/** Watches: which event a change causes, at which connections, and what a client sets again. */
import type { ConnectionId } from '../../protocol/connection.ts';
import { type Change, type Tree, znodeAt } from './tree.ts';
import { parentOf, type SetWatches, type WatchEventType } from './wire.ts';

/**
 * `get` and `exists` watch the data of a znode, its deletion and its creation; `children` watches
 * its children and its deletion. A watch belongs to a connection and not to a session.
 */
export interface Watch {
  readonly kind: 'data' | 'child';
  readonly path: string;
  readonly connection: ConnectionId;
}

export interface FiredWatch {
  readonly type: WatchEventType;
  readonly path: string;
  readonly connection: ConnectionId;
}

interface Watched {
  watches: Watch[];
}

export function addWatch({ watches }: Watched, added: Watch): void {
  const isSet = watches.some(
    ({ kind, path, connection }) =>
      kind === added.kind && path === added.path && connection === added.connection,
  );
  if (!isSet) watches.push(added);
}

/** Removes the watches that a change fires, and returns them. */
export function fire(state: Watched, { kind, path }: Change): FiredWatch[] {
  if (kind === 'set') return take(state, 'data', path, 'NodeDataChanged');
  const parent = parentOf(path);
  if (kind === 'created') {
    const created = take(state, 'data', path, 'NodeCreated');
    return [...created, ...take(state, 'child', parent, 'NodeChildrenChanged')];
  }
  const deleted = take(state, 'data', path, 'NodeDeleted');
  // A connection that watched both the data and the children is notified once.
  const others = take(state, 'child', path, 'NodeDeleted').filter(
    ({ connection }) => !deleted.some((one) => one.connection === connection),
  );
  return [...deleted, ...others, ...take(state, 'child', parent, 'NodeChildrenChanged')];
}

function take(
  state: Watched, kind: Watch['kind'], path: string, type: WatchEventType,
): FiredWatch[] {
  const isFired = (watch: Watch) => watch.kind === kind && watch.path === path;
  const fired = state.watches.filter(isFired);
  if (fired.length > 0) state.watches = state.watches.filter((watch) => !isFired(watch));
  return fired.map(({ connection }) => ({ type, path, connection }));
}

/**
 * Sets the watches of a client that has connected again. What changed since the last zxid that it
 * saw fires at once, as one event: changes in between are not told one by one.
 */
export function setAgain(
  state: Watched & Tree,
  { zxid, data, exist, child }: SetWatches,
  connection: ConnectionId,
): FiredWatch[] {
  const fired: FiredWatch[] = [];
  const note = (type: WatchEventType, path: string) => fired.push({ type, path, connection });
  for (const path of data) {
    const znode = znodeAt(state, path);
    if (znode === undefined) note('NodeDeleted', path);
    else if (znode.mzxid > zxid) note('NodeDataChanged', path);
    else addWatch(state, { kind: 'data', path, connection });
  }
  for (const path of exist) {
    if (znodeAt(state, path) !== undefined) note('NodeCreated', path);
    else addWatch(state, { kind: 'data', path, connection });
  }
  for (const path of child) {
    const znode = znodeAt(state, path);
    if (znode === undefined) note('NodeDeleted', path);
    else if (znode.pzxid > zxid) note('NodeChildrenChanged', path);
    else addWatch(state, { kind: 'child', path, connection });
  }
  return fired;
}
