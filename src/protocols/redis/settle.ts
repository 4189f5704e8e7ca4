/** What a server does with changes: it sets expiry timers, writes to disk, updates its replicas. */
import { broadcast } from '../../protocol/patterns.ts';
import { seconds } from '../../protocol/units.ts';
import { entryAt, type Place, places } from './data.ts';
import type { Change, RedisNode } from './server-state.ts';

/** What lies further ahead than a timer can is never reached in a run: 142 years. */
export const longest = 0x10_0000_0000_0000;

/** After a change: sets the expiry timers, writes to disk as configured, updates replicas. */
export function settle(node: RedisNode): void {
  const { state } = node;
  const { persistence } = node.options;
  if (state.dirty.length === 0) return;
  const changes = changed(node);
  state.dirty = [];
  watchAll(node, changes);
  if (persistence === 'always') node.sync();
  else if (!state.unsynced) {
    state.unsynced = true;
    if (persistence === 'everysec') node.setTimer('fsync', seconds(1));
  }
  // A replica counts what it has received, instead.
  if (state.standing === 'primary') state.offset++;
  const { offset } = state;
  const links = state.followers.map(({ connection }) => connection);
  broadcast(node, { type: 'Replicate', changes, offset }, links);
}

/** The keys that have changed, each once, with what they have now. */
function changed({ state }: RedisNode): Change[] {
  const seen = new Set<string>();
  return state.dirty.flatMap((place) => {
    const name = timerKey(place);
    if (seen.has(name)) return [];
    seen.add(name);
    return [{ ...place, entry: entryAt(state, place) ?? null }];
  });
}

/** The key itself, in database 0. */
const timerKey = ({ db, key }: Place): string => (db === 0 ? key : `${db} ${key}`);

/** Sets the timers for keys that expire, and cancels those of keys that do not. */
export function watchAll(node: RedisNode, keys: readonly Place[] = places(node.state)): void {
  const { state } = node;
  const isActive = state.standing === 'primary' && state.settings.activeExpire;
  for (const { db, key } of keys) {
    const expireAt = entryAt(state, { db, key })?.expireAt ?? null;
    const name = timerKey({ db, key });
    if (expireAt === null) {
      node.cancelTimer('expiry', name);
    } else if (isActive) {
      // A key still exists in the millisecond of its expiry.
      const left = (expireAt + 1) * 1000 - node.now();
      const after = Math.min(Math.max(0, left), longest);
      node.setTimer('expiry', after, db === 0 ? { key } : { key, db }, name);
    }
  }
}

/** Expired keys are removed only when a command reads them. */
export function stopExpiry(node: RedisNode): void {
  for (const place of places(node.state)) node.cancelTimer('expiry', timerKey(place));
}
