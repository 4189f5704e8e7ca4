/** The same world with its alike nodes in other places, in which the same actions can be taken. */
import { Message, Queue } from '../../kernel/pending.ts';
import { Slot, type World } from '../../kernel/world.ts';
import type { AlikeIds, Names } from './renaming.ts';

/** Undefined for a world with more than states, timers and messages: cuts, pauses, slow disks. */
export function mirrored(world: World, ids: AlikeIds, names: Names): World | undefined {
  const { nodes, plan, queue, network } = world;
  const isPlain = !network.isCut && queue.items.every(({ type }) => type !== 'postponed') &&
    nodes.every(({ held, fsync, ends }) => {
      return held.length === 0 && fsync.writes.length === 0 && ends.length === 0;
    });
  if (!isPlain) return undefined;
  const placeOf = (at: number) => plan.indexOf.get(ids.renamed(nodes[at].id, names))!;
  const other = world.fork();
  nodes.forEach((slot, at) => {
    other.nodes[placeOf(at)] = slotIn(slot, placeOf(at), world, { ids, names, placeOf });
  });
  other.queue = new Queue();
  for (const item of queue.items) {
    if (item.type === 'deliver') other.queue.push(messageIn(item, { ids, names, placeOf }));
  }
  other.memories = world.memories.map((memory) => ids.renamed(memory, names));
  // Entries of timers in the queue matter only to runs in time.
  const serials = nodes.flatMap(({ timers }) => timers.map(({ serial }) => serial));
  other.queuedAt = new Array<number>(Math.max(0, ...serials) + 1).fill(0);
  return other;
}

interface Renaming {
  readonly ids: AlikeIds;
  readonly names: Names;
  readonly placeOf: (at: number) => number;
}

function slotIn(slot: Slot, at: number, { plan }: World, renaming: Renaming): Slot {
  const { ids, names, placeOf } = renaming;
  const { cast: _cast, known: _known, ...fields } = slot.fork((value) => ids.renamed(value, names));
  const copied = Object.assign(Slot.of(plan.cast[at], plan.size), fields);
  copied.timers = ids.renamed(fields.timers, names);
  copied.operations = ids.renamed(fields.operations, names);
  for (let to = 0; to < plan.size; to++) {
    copied.sent[placeOf(to)] = slot.sent[to];
    copied.arrives[placeOf(to)] = slot.arrives[to];
  }
  return copied;
}

function messageIn(message: Message, { ids, names, placeOf }: Renaming): Message {
  const { at, tie, from, to, fromIndex, toIndex, ordinal, copy, body } = message;
  const { sentAt, earliest, latest, cause, lost, connection, isSignal, hasArrived } = message;
  return new Message(
    at, tie, ids.renamed(from, names), ids.renamed(to, names), placeOf(fromIndex), placeOf(toIndex),
    ordinal, copy, ids.renamed(body, names), sentAt, earliest, latest, cause, lost, connection,
    isSignal, hasArrived,
  );
}
