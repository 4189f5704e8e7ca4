/** The recorded steps of a branch as items: computed once, and kept while the user moves about. */
import type { MessageMoment } from '../../kernel/seam/moment.ts';
import { vectorFields } from '../../kernel/text/clocks-text.ts';
import { messageName } from '../../kernel/text/action-text.ts';
import type { Reading, WalkedStep } from '../../session/read/reading.ts';
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

/** Steps before the first, which only show what the heartbeats say. */
const warmUp = 100;
/** Beyond this, what was computed is dropped. */
const keptMost = 6000;

/** Consecutive steps of one branch. */
export class RecordedSteps {
  private steps: RecordedStep[] = [];
  private heartbeats = new Heartbeats();
  private code: unknown;
  private branch = -1;

  /** The steps from `first` to `last`, which the branch must have. */
  between(reading: Reading, first: number, last: number): readonly RecordedStep[] {
    if (last < first) return [];
    const { code, cursor } = reading;
    const isOther = code !== this.code || cursor.branch !== this.branch;
    if (isOther || !this.isNear(first, last)) this.restart(reading, first);
    if (first < this.low) this.extendBack(reading, first);
    this.extend(reading, last);
    return this.steps.slice(first - this.low, last - this.low + 1);
  }

  /** Whether a message in flight says nothing new. */
  isHeartbeat(message: MessageMoment): boolean {
    return this.heartbeats.isRepeated(message);
  }

  private get low(): number {
    return this.steps[0]?.step ?? 0;
  }

  private get next(): number {
    return this.low + this.steps.length;
  }

  private isNear(first: number, last: number): boolean {
    const isConnected = first <= this.next && last >= this.low - 1;
    const size = Math.max(last + 1, this.next) - Math.min(first, this.low);
    return this.steps.length > 0 && isConnected && size <= keptMost;
  }

  private restart(reading: Reading, first: number): void {
    this.code = reading.code;
    this.branch = reading.cursor.branch;
    this.heartbeats = warmedUp(reading, first);
    this.steps = [];
    reading.walk(first, (walked) => this.steps.push(this.recorded(reading, walked)), first);
  }

  private extend(reading: Reading, last: number): void {
    if (last < this.next) return;
    reading.walk(this.next, (walked) => this.steps.push(this.recorded(reading, walked)), last);
  }

  /** The steps before those that are known. They have heartbeats of their own. */
  private extendBack(reading: Reading, first: number): void {
    const later = this.steps;
    const { heartbeats } = this;
    const end = this.low - 1;
    this.restart(reading, first);
    this.extend(reading, end);
    this.steps.push(...later);
    this.heartbeats = heartbeats;
  }

  private recorded(reading: Reading, walked: WalkedStep): RecordedStep {
    const { step, effects, moment } = walked;
    const clocks = clocksOf(reading, walked);
    const request = requestOf(walked) ?? this.requestAt(walked);
    const items = itemsOfStep({ ...walked, moment, effects }, clocks);
    const heartbeats = this.heartbeats.note(walked).map(messageName);
    return { step, items, heartbeats: new Set(heartbeats), request };
  }

  /** That of the step which sent the message. */
  private requestAt({ action, effects }: WalkedStep): Request | undefined {
    if (action?.type !== 'deliver') return undefined;
    return this.steps[effects.cause - this.low]?.request;
  }
}

function warmedUp(reading: Reading, first: number): Heartbeats {
  const heartbeats = new Heartbeats();
  const from = Math.max(0, first - warmUp);
  if (first > from) reading.walk(from, (walked) => heartbeats.note(walked), first - 1);
  return heartbeats;
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
