/** What ZooKeeper promises of watches: events come in the order of the changes and the replies. */
import { invariant } from '../../protocol/define.ts';
import type { NodeId, Observed, ObservedEvent, ObservedMessage } from '../../protocol/types.ts';
import type { LibraryState } from './library-state.ts';
import { isServer, type ServerState } from './server-state.ts';
import { type Znode, znodeAt } from './tree.ts';
import { type Command, parentOf, zxidText } from './wire.ts';

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
          `${acted.id} got a reply as of ${zxidText(zxid)}, but no event of its watch of ` +
          `${path}, which changed at ${zxidText(change)}.`
        );
      }
    }
    return undefined;
  },
});

/** What one server has to do with watches. */
interface Waiting {
  /** Connection, kind and path of each watch → the zxid of the last change of what it watches. */
  readonly watches: Readonly<Record<string, number>>;
  /** Client, kind and path of each request that waits for its turn and will set a watch. */
  readonly asked: readonly string[];
}

/** The watch that a request sets; nothing if it sets none. */
function askedBy(client: NodeId, command: { readonly op: string }): string[] {
  const { op, path, watch } = command as Partial<Extract<Command, { watch: boolean }>>;
  return watch === true ? [`${client} ${op === 'children' ? 'child' : 'data'} ${path}`] : [];
}

function askedOf({ connections }: Readonly<ServerState>): string[] {
  return Object.values(connections).flatMap(({ client, queue }) => {
    return queue.flatMap(({ command }) => askedBy(client, command));
  });
}

/**
 * The watches that were set in a step, by the answer to a request which came in it or waited:
 * a client may set a watch again as soon as it fires, since its requests follow each other at once.
 */
function setIn(
  { asked }: Waiting, message: ObservedMessage | undefined, now: readonly string[],
): ReadonlySet<string> {
  const came = message?.body.type === 'Request' ? askedBy(message.from, message.body.command) : [];
  const left = [...now];
  return new Set([...asked, ...came].filter((one) => {
    const at = left.indexOf(one);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }));
}

function hasFired(events: readonly ObservedEvent[], client: NodeId, path: string): boolean {
  return events.some(({ name, fields }) =>
    name === 'WatchFired' && fields.client === client && fields.key === path);
}

/** A watch fires once, at the first change. One that is left behind would let its client wait. */
export const watchesFire = invariant<Record<NodeId, Waiting>>({
  doc: 'A watch waits only while what it watches is as it was; then it fires, and is gone.',
  remember: () => ({}),
  check({ acted, events, message, memory }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { id, state } = acted;
    const before = memory[id] ?? { watches: {}, asked: [] };
    const asked = askedOf(state);
    const watches: Record<string, number> = {};
    memory[id] = { watches, asked };
    const set = setIn(before, message, asked);
    for (const { kind, path, connection } of state.watches) {
      const attached = state.connections[connection];
      if (attached === undefined) {
        return `${connection} still watches ${path}, but carries no session.`;
      }
      const znode = znodeAt(state, path);
      if (kind === 'child' && znode === undefined) {
        return `${connection} still watches the children of ${path}, which was deleted.`;
      }
      const zxid = (kind === 'data' ? znode?.mzxid : znode?.pzxid) ?? 0;
      const name = `${connection} ${kind} ${path}`;
      watches[name] = zxid;
      const { client } = attached;
      const isNew = set.has(`${client} ${kind} ${path}`) && hasFired(events, client, path);
      if (isNew || (before.watches[name] ?? zxid) === zxid) continue;
      return `${connection} still watches ${path}, which has changed.`;
    }
    return undefined;
  },
});
