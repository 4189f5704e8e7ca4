/** What ZooKeeper promises of watches: events come in the order of the changes and the replies. */
import { invariant } from '../../protocol/define.ts';
import type { NodeId, Observed } from '../../protocol/types.ts';
import type { LibraryState } from './library-state.ts';
import { isServer, type ServerState } from './server-state.ts';
import { type Znode, znodeAt } from './tree.ts';
import { parentOf, zxidText } from './wire.ts';

type Watched = LibraryState['watched'];

function watchedBy(node: Observed | undefined): Watched | undefined {
  return (node?.state as Partial<LibraryState> | undefined)?.watched;
}

/** When the change came that fires a watch, as a server knows it; 0 if there was none. */
function changedAt(
  state: Readonly<ServerState>,
  kind: keyof Watched,
  path: string,
): number {
  const znode = znodeAt(state, path);
  if (kind === 'exist') return znode?.czxid ?? 0;
  if (znode !== undefined) return kind === 'data' ? znode.mzxid : znode.pzxid;
  // It was deleted, at the latest when a znode above it last lost a child.
  let above: Znode | undefined;
  for (let at = path; above === undefined && at !== '/'; at = parentOf(at)) {
    above = znodeAt(state, parentOf(at));
  }
  return above?.pzxid ?? 0;
}

/** Client → kind and path → the zxid of the reply that set the watch. */
type Watches = Record<NodeId, Record<string, number>>;

/**
 * Programmer's Guide, "What ZooKeeper Guarantees about Watches": "A client will see a watch event
 * for a znode it is watching before seeing the new data that corresponds to that znode", and events
 * are ordered with replies. So a reply that knows of the change comes after the event.
 */
export const eventBeforeData = invariant<Watches>({
  doc: 'A client sees the event of a watch before any reply as of the change or later.',
  remember: () => ({}),
  check({ acted, nodes, message, memory }) {
    const watched = watchedBy(acted);
    if (acted === undefined || watched === undefined) return undefined;
    const before = memory[acted.id] ?? {};
    const zxid: number = message?.body.type === 'Reply' ? message.body.zxid : 0;
    const server = nodes.filter(isServer).find(({ id }) => id === message?.from);
    const now: Record<string, number> = (memory[acted.id] = {});
    for (const kind of ['data', 'exist', 'child'] as const) {
      for (const path of watched[kind]) {
        const name = `${kind} ${path}`;
        const since = (now[name] = before[name] ?? zxid);
        // What the server did after the reply does not count.
        const change = server === undefined ? 0 : changedAt(server.state, kind, path);
        if (change <= since || change > zxid) continue;
        return (
          `${acted.id} got a reply as of ${zxidText(zxid)}, but no event of its watch of ${path}, ` +
          `which changed at ${zxidText(change)}.`
        );
      }
    }
    return undefined;
  },
});
