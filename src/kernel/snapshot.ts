/**
 * Checkpoints: a packed copy of a world. An array that only grows, such as a log, is stored once
 * for all checkpoints together: each stores only what was added since the one before.
 */
import type { Micros } from '../protocol/types.ts';
import type { Network } from './network/network.ts';
import { type Pending, Queue } from './pending.ts';
import { isLeaf, leaves, setLeaves, unlike } from './data/plain.ts';
import type { Slot, World } from './world.ts';

/** An array at the time of a checkpoint: the first `keep` items of an earlier one, then `tail`. */
class Rope {
  constructor(
    readonly base: Rope | null,
    readonly keep: number,
    readonly tail: readonly unknown[],
    /** Whether no item of the array can change. */
    readonly pure: boolean,
  ) {}
}

/** The length from which an array is packed; shorter ones are copied. */
const ropeFrom = 64;

/** The last rope of each array that was packed: the next rope of the array builds on it. */
const ropes = new WeakMap<readonly unknown[], Rope>();

export class Snapshot {
  readonly step: number;
  private readonly time: Micros;
  private readonly tie: number;
  private readonly slots: readonly Slot[];
  private readonly queue: readonly Pending[];
  private readonly queuedAt: readonly number[];
  private readonly network: Network;
  private readonly memories: readonly unknown[];

  constructor(private readonly world: World) {
    this.step = world.step;
    this.time = world.time;
    this.tie = world.tie;
    this.slots = world.nodes.map((slot) => slot.fork(pack));
    this.queue = world.queue.items.slice();
    this.queuedAt = world.queuedAt.slice();
    this.network = world.network;
    this.memories = world.memories.map(pack);
    this.world = world.blank();
  }

  /** An independent world at the time of the checkpoint. */
  restore(): World {
    const world = this.world.blank();
    world.step = this.step;
    world.time = this.time;
    world.tie = this.tie;
    world.nodes = this.slots.map((slot) => slot.fork(unpack));
    world.queue = new Queue(this.queue.slice());
    world.queuedAt = this.queuedAt.slice();
    world.network = this.network;
    world.memories = this.memories.map(unpack);
    return world;
  }
}

function pack<T>(value: T): T {
  if (isLeaf(value)) return value;
  if (Array.isArray(value)) {
    return (value.length < ropeFrom ? value.map(pack) : packArray(value)) as T;
  }
  const result: Record<string, unknown> = { ...(value as Record<string, unknown>) };
  for (const key in result) result[key] = pack(result[key]);
  return result as T;
}

function packArray(array: readonly unknown[]): Rope {
  const base = ropes.get(array) ?? null;
  const before = leaves(array);
  const keep = base && before ? commonLength(array, before) : 0;
  if (base && before && keep === array.length && keep === before.length) return base;
  const tail = array.slice(keep);
  let pure = base === null || keep === 0 || base.pure;
  // The list of an array that has a rope may be changed here. Any other may be the state of a fork.
  const after = base && before ? before : [];
  after.length = keep;
  for (let i = 0; i < tail.length; i++) {
    const leaf = (before !== after && before?.[i] === tail[i]) || isLeaf(tail[i]);
    after.push(leaf ? tail[i] : unlike);
    if (leaf) continue;
    tail[i] = pack(tail[i]);
    pure = false;
  }
  const rope = new Rope(keep === 0 ? null : base, keep, tail, pure);
  ropes.set(array, rope);
  setLeaves(array, after);
  return rope;
}

function commonLength(array: readonly unknown[], seen: readonly unknown[]): number {
  const both = Math.min(array.length, seen.length);
  let i = 0;
  while (i < both && array[i] === seen[i]) i++;
  return i;
}

function unpack<T>(packed: T): T {
  if (packed instanceof Rope) return unpackArray(packed) as T;
  if (isLeaf(packed)) return packed;
  if (Array.isArray(packed)) return packed.map(unpack) as T;
  const result: Record<string, unknown> = { ...(packed as Record<string, unknown>) };
  for (const key in result) result[key] = unpack(result[key]);
  return result as T;
}

function unpackArray(rope: Rope): unknown[] {
  // From the newest part to the oldest, each as far as it is used.
  const parts: (readonly unknown[])[] = [];
  let length = rope.keep + rope.tail.length;
  for (let part: Rope | null = rope; part !== null; part = part.base) {
    if (length <= part.keep) continue;
    const count = length - part.keep;
    parts.push(count === part.tail.length ? part.tail : part.tail.slice(0, count));
    length = part.keep;
  }
  let result: unknown[] = [];
  // A call takes a bounded number of arguments, and the log of a long run has thousands of parts.
  for (let end = parts.length; end > 0; end -= 1_000) {
    const some = parts.slice(Math.max(0, end - 1_000), end).reverse();
    result = result.concat(...some);
  }
  if (!rope.pure) return result.map(unpack);
  ropes.set(result, rope);
  setLeaves(result, result.slice());
  return result;
}
