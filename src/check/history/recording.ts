/** Records the client operations of a run, so that its history goes back and forks with it. */
import type { Action } from '../../kernel/action.ts';
import type { Effects } from '../../kernel/effects.ts';
import type { Pending } from '../../kernel/pending.ts';
import type { Monitor, World } from '../../kernel/world.ts';
import type { RecordedOperation } from '../../protocol/history.ts';
import type { Json, Micros, NodeId, Operation, OperationId, Role } from '../../protocol/types.ts';

/** An invocation or an answer; its position is its place in the recording. */
type Entry = Invoked | Ended;

interface Invoked {
  readonly type: 'invoked';
  readonly operation: OperationId;
  readonly node: NodeId;
  readonly name: string;
  readonly args: Readonly<Record<string, Json>>;
  readonly step: number;
  readonly at: Micros;
}

interface Ended {
  readonly type: 'ended';
  readonly operation: OperationId;
  readonly ok: boolean;
  readonly result: Json;
  readonly step: number;
  readonly at: Micros;
}

/**
 * Forks copy the memories of monitors. Entries are frozen, and full blocks of them too, so that a
 * copy shares both and costs next to nothing, however long the run is.
 */
export interface Recording {
  blocks: (readonly Entry[])[];
  /** The entries after the last block. */
  recent: Entry[];
}

const blockLength = 64;

/** Must come before the monitors that read the history of their step. */
export class HistoryMonitor implements Monitor<Recording> {
  readonly name = 'history';

  start(): Recording {
    return { blocks: [], recent: [] };
  }

  after(
    { step, time: at }: World,
    _action: Action | Pending | null,
    { invoked, replies }: Effects,
    recording: Recording,
  ): undefined {
    if (invoked !== null) {
      const { operation, node, name, args } = invoked;
      append(recording, { type: 'invoked', operation, node, name, args, step, at });
    }
    for (let i = 0; i < replies.length; i++) {
      const { operation, ok, result } = replies[i];
      append(recording, { type: 'ended', operation, ok, result, step, at });
    }
  }
}

function append({ blocks, recent }: Recording, entry: Entry): void {
  recent.push(Object.freeze(entry));
  if (recent.length < blockLength) return;
  blocks.push(Object.freeze(recent.slice()));
  recent.length = 0;
}

/** The operations of a recording, as far as they were read. It only grows, in place. */
class Reading {
  private count = 0;
  private readonly operations: RecordedOperation[] = [];
  /** The index of each operation that has not ended. */
  private readonly open = new Map<OperationId, number>();
  /** The processes of each node: whether each of them is busy. */
  private readonly busy = new Map<NodeId, boolean[]>();
  private shown: readonly RecordedOperation[] = Object.freeze([]);

  constructor(private readonly world: World) {}

  upTo({ blocks, recent }: Recording): readonly RecordedOperation[] {
    const length = blocks.length * blockLength + recent.length;
    if (length === this.count) return this.shown;
    for (; this.count < length; this.count++) {
      const block = Math.floor(this.count / blockLength);
      const entries = block < blocks.length ? blocks[block] : recent;
      this.add(entries[this.count % blockLength], this.count);
    }
    this.shown = Object.freeze(this.operations.slice());
    return this.shown;
  }

  private add(entry: Entry, position: number): void {
    if (entry.type === 'ended') return this.end(entry, position);
    const { operation, node, name, args, step, at } = entry;
    this.open.set(operation, this.operations.length);
    this.operations.push(
      Object.freeze({
        process: this.processOf(node), name, args, invoked: position, returned: undefined,
        outcome: 'unknown', result: undefined, operation, node, invokedStep: step, invokedAt: at,
        endedStep: undefined, endedAt: undefined, reason: undefined,
      }),
    );
  }

  private end(entry: Ended, position: number): void {
    const index = this.open.get(entry.operation);
    if (index === undefined) return;
    this.open.delete(entry.operation);
    const before = this.operations[index];
    const outcome = outcomeOf(before, entry, this.world);
    const isKnown = outcome !== 'unknown';
    this.operations[index] = Object.freeze({
      ...before,
      outcome,
      returned: isKnown ? position : undefined,
      result: outcome === 'ok' ? entry.result : undefined,
      endedStep: entry.step,
      endedAt: entry.at,
      reason: entry.ok ? undefined : entry.result,
    });
    if (isKnown) this.release(before);
  }

  /**
   * The first process of the node that waits for no answer: `c1`, `c1/2`, … One whose operation
   * has an unknown outcome never invokes another, because that operation may still take effect.
   */
  private processOf(node: NodeId): string {
    let all = this.busy.get(node);
    if (all === undefined) this.busy.set(node, (all = []));
    const free = all.indexOf(false);
    const index = free < 0 ? all.length : free;
    all[index] = true;
    return index === 0 ? node : `${node}/${index + 1}`;
  }

  private release({ node, process: client }: RecordedOperation): void {
    const index = client === node ? 0 : Number(client.slice(node.length + 1)) - 1;
    this.busy.get(node)![index] = false;
  }
}

function outcomeOf(
  { node, name }: RecordedOperation,
  { ok, result }: Ended,
  world: World,
): RecordedOperation['outcome'] {
  const { operations } = (world.node(node)?.cast.role ?? {}) as Partial<Role>;
  if (ok) return saysUnknown(result) || isUnknown(operations?.[name], result) ? 'unknown' : 'ok';
  const noEffect: unknown = operations?.[name]?.noEffect;
  if (noEffect === true) return 'failed';
  if (typeof noEffect !== 'function') return 'unknown';
  try {
    return noEffect(result) === true ? 'failed' : 'unknown';
  } catch {
    // What its author's code does not decide is unknown.
    return 'unknown';
  }
}

type Says = Pick<Operation<any>, 'isUnknown'>;

function isUnknown(operation: Says | undefined, answer: Json): boolean {
  try {
    return operation?.isUnknown?.(answer) === true;
  } catch {
    // As for `noEffect`: nothing that its author's code does not decide is known.
    return true;
  }
}

/** A client may answer that it does not know: `{ error: …, outcome: 'unknown' }`. */
function saysUnknown(result: Json): boolean {
  const isObject = typeof result === 'object' && result !== null && !Array.isArray(result);
  return isObject && (result as { outcome?: Json }).outcome === 'unknown';
}

const readings = new WeakMap<Recording, Reading>();

/** What code that reads the history throws in a world that records none. */
export class NoHistory extends Error {
  constructor() {
    super('the world was started without the monitor of its history');
  }
}

/** The client operations up to this moment, in the order of their invocations; frozen. */
export function historyAt(world: World): readonly RecordedOperation[] {
  const { monitors, memories } = world;
  const index = monitors.findIndex((one) => one instanceof HistoryMonitor);
  if (index < 0) throw new NoHistory();
  const recording = memories[index] as Recording;
  let reading = readings.get(recording);
  if (reading === undefined) readings.set(recording, (reading = new Reading(world)));
  return reading.upTo(recording);
}
