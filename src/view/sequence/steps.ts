/** The recorded steps of a branch as items: computed once, and kept while the user moves about. */
import type { MessageMoment } from '../../kernel/seam/moment.ts';
import { vectorFields } from '../../kernel/text/clocks-text.ts';
import { messageName } from '../../kernel/text/action-text.ts';
import type { Reading, RecordedBranch, WalkedStep } from '../../session/read/reading.ts';
import { branchOf } from '../branch.ts';
import { Heartbeats } from './heartbeats.ts';
import { type ItemClocks, itemsOfStep } from './items.ts';
import type { SequenceItem } from './sequence-view.ts';

export interface RecordedStep {
  readonly step: number;
  readonly items: readonly SequenceItem[];
  /** The names of the heartbeats among its messages. */
  readonly heartbeats: ReadonlySet<string>;
  /** The client operation that it follows from by messages alone. */
  readonly request: Request | undefined;
}

export interface Request {
  readonly id: string;
  readonly name: string;
  readonly text: string;
  readonly step: number;
}

/**
 * Steps are computed in blocks with fixed ends, so that what a step shows does not depend on the
 * window with which its block was computed first.
 */
const blockSize = 200;
/** Steps before a block, which only show what the heartbeats say. */
const warmUp = 100;
/** Beyond this, the blocks that were not read for the longest time are dropped. */
const blocksMost = 30;

/** Steps of one branch: of the one that was read last. */
export class RecordedSteps {
  private readonly blocks = new Map<number, Block>();
  private code: unknown;
  private branch: RecordedBranch | undefined;

  /** The steps from `first` to `last`, which the branch must have. */
  between(reading: Reading, first: number, last: number): readonly RecordedStep[] {
    const found: RecordedStep[] = [];
    for (let from = first; from <= last;) {
      const block = this.block(reading, from);
      const end = Math.min(last, block.last);
      found.push(...block.between(reading, from, end));
      from = end + 1;
    }
    return found;
  }

  /** Whether a message in flight says nothing new. */
  isHeartbeat(reading: Reading, message: MessageMoment): boolean {
    return this.block(reading, reading.cursor.step).isHeartbeat(reading, message);
  }

  private block(reading: Reading, step: number): Block {
    const { blocks } = this;
    const branch = branchOf(reading);
    if (reading.code !== this.code || branch !== this.branch) blocks.clear();
    this.code = reading.code;
    this.branch = branch;
    const index = Math.floor(step / blockSize);
    const block = blocks.get(index) ?? new Block(index * blockSize);
    // The oldest in the map is the one that was not read for the longest time.
    blocks.delete(index);
    blocks.set(index, block);
    if (blocks.size > blocksMost) blocks.delete(blocks.keys().next().value!);
    return block;
  }
}

class Block {
  readonly last: number;
  private readonly steps: RecordedStep[] = [];
  private readonly heartbeats = new Heartbeats();

  constructor(private readonly first: number) {
    this.last = first + blockSize - 1;
  }

  between(reading: Reading, first: number, last: number): readonly RecordedStep[] {
    this.extend(reading, last);
    return this.steps.slice(first - this.first, last - this.first + 1);
  }

  isHeartbeat(reading: Reading, message: MessageMoment): boolean {
    const { step } = reading.cursor;
    this.extend(reading, step);
    return this.heartbeats.isRepeated(message, step, reading.moment);
  }

  private extend(reading: Reading, last: number): void {
    const { first, steps, heartbeats } = this;
    const next = first + steps.length;
    if (last < next) return;
    const from = next === first ? Math.max(0, first - warmUp) : next;
    reading.walk(from, (walked) => {
      if (walked.step < first) heartbeats.note(walked);
      else steps.push(this.recorded(reading, walked));
    }, last);
  }

  private recorded(reading: Reading, walked: WalkedStep): RecordedStep {
    const { step, effects, moment } = walked;
    const clocks = clocksOf(reading, walked);
    const request = requestOf(walked) ?? this.requestAt(reading, walked);
    const items = itemsOfStep({ ...walked, moment, effects }, clocks).map((item): SequenceItem => {
      return item.type === 'message' && request ? { ...item, operation: request.id } : item;
    });
    const heartbeats = this.heartbeats.note(walked).map(messageName);
    return { step, items, heartbeats: new Set(heartbeats), request };
  }

  /** That of the step which sent the message. */
  private requestAt(reading: Reading, { action, effects }: WalkedStep): Request | undefined {
    const { cause } = effects;
    if (action?.type !== 'deliver' || cause < 0) return undefined;
    if (cause >= this.first) return this.steps[cause - this.first]?.request;
    const root = reading.explain(reading.chain(cause).at(-1)!);
    return root && requestOf({ ...root, moment: root.after });
  }
}

function requestOf({ step, effects, action, moment }: WalkedStep): Request | undefined {
  const { invoked } = effects;
  if (invoked === null) return undefined;
  const items = itemsOfStep({ step, effects, action, moment });
  const text = items.flatMap((item) => (item.type === 'operation' ? [item.text] : []))[0];
  return { id: invoked.operation, name: invoked.name, text: text ?? invoked.name, step };
}

/** Unlike those of the moment, they know all recorded steps. */
function clocksOf({ clocks }: Reading, { moment: { nodes } }: WalkedStep): ItemClocks {
  return {
    event: (node, step) => {
      const time = clocks.latest(node, step);
      if (time?.step !== step) return undefined;
      return { lamport: time.lamport, vector: vectorFields(time, nodes) };
    },
    message: (message) => {
      const time = clocks.sending(message);
      return time && { lamport: time.lamport, vector: vectorFields(time, nodes) };
    },
  };
}
