/** One run as the page has it: the columns that were answered so far, and their indexes. */

import type {
  LaneView, Mark, MessageOutcome, StepKind, StepsAnswer,
} from '../../src/view/spacetime/spacetime-view.ts';
import { messageFields, outcomes, stepKinds } from '../../src/view/spacetime/spacetime-view.ts';
import { firstAt, Numbers } from './numbers.ts';
import type { RunAxis } from './run-axis.ts';

/** What stays so for a node from a step on, until the next of its kind. */
export interface Span {
  readonly step: number;
  readonly from: number;
  readonly text: string;
  readonly off: boolean;
  readonly tone: 'lead' | 'bid' | 'follow' | 'none';
}

export interface MessageRow {
  readonly step: number;
  readonly from: number;
  readonly to: number;
  readonly sentStep: number;
  readonly sentAt: number;
  readonly at: number;
  readonly outcome: MessageOutcome;
  readonly label: string;
}

/** Messages of so many rows share the earliest time and step in which one of them was sent. */
const blockSize = 256;

export class Lane {
  /** By step: virtual time, the node that acted or −1, kind, label. */
  readonly times = new Numbers();
  readonly nodes = new Numbers();
  private readonly kinds = new Numbers();
  private readonly labels = new Numbers();
  /** Rows of messages and of events. */
  readonly messages = new Numbers();
  readonly eventSteps = new Numbers();
  readonly eventNodes = new Numbers();
  readonly eventLabels = new Numbers();
  /** Violations, and handlers that threw. */
  readonly failures: Extract<Mark, { type: 'violated' | 'threw' }>[] = [];
  /** The steps of faults, and the rows of messages that were lost or refused: both are few. */
  readonly faults: number[] = [];
  readonly unusual: number[] = [];
  texts: string[] = [];
  flying: number[] = [];
  /** See `Timed`. */
  following = 0;
  coinciding = 0;
  /** By node, the steps in which it acted; 0 first if it boots then. */
  readonly stepsOf: number[][];
  /** By node, its statuses and its standings. */
  readonly statuses: Span[][];
  readonly standings: Span[][];
  /** Groups that are cut from each other; node −1. */
  readonly cuts: Span[] = [];
  /** How often an event of a name occurs: rare ones are drawn when there is room for few. */
  private readonly names = new Map<string, number>();
  private readonly nameOfLabel: number[] = [];
  private readonly counts: number[] = [];
  private readonly earliestSent = { at: new Numbers(), step: new Numbers() };

  constructor(public view: LaneView) {
    this.stepsOf = view.nodes.map((_, node) => (view.boots[node] ? [0] : []));
    this.statuses = view.nodes.map(() => []);
    this.standings = view.nodes.map(() => []);
  }

  /** How many steps the page has, step 0 included. */
  get count(): number {
    return this.times.length;
  }

  get isWhole(): boolean {
    return this.count > this.view.length;
  }

  /** The time of the last step that the page has. */
  get endTime(): number {
    return this.times.last;
  }

  get messageCount(): number {
    return this.messages.length / messageFields;
  }

  /** Nodes may be added during a run. */
  update(view: LaneView): void {
    for (let node = this.view.nodes.length; node < view.nodes.length; node++) {
      this.stepsOf[node] ??= [];
      this.statuses[node] ??= [];
      this.standings[node] ??= [];
    }
    this.view = view;
  }

  append(answer: StepsAnswer): void {
    if (answer.from !== this.count) return;
    this.texts.push(...answer.texts);
    let time = this.times.last;
    answer.times.forEach((elapsed, index) => {
      time += elapsed;
      const node = answer.nodes[index]!;
      this.times.push(time);
      this.nodes.push(node);
      this.kinds.push(answer.kinds[index]!);
      this.labels.push(answer.labels[index]!);
      const step = answer.from + index;
      if (this.kindOf(step) === 'fault') this.faults.push(step);
      if (node >= 0) this.noteEvent(node, step, time);
    });
    this.appendMessages(answer.messages);
    const { events } = answer;
    for (let at = 0; at < events.length; at += 3) {
      this.eventSteps.push(events[at]!);
      this.eventNodes.push(events[at + 1]!);
      this.eventLabels.push(events[at + 2]!);
      const name = this.nameOf(events[at + 2]!);
      this.counts[name] = (this.counts[name] ?? 0) + 1;
    }
    for (const mark of answer.marks) this.appendMark(mark);
    if (answer.flying) this.flying = answer.flying;
  }

  private appendMessages(rows: readonly number[]): void {
    for (const number of rows) this.messages.push(number);
    const { earliestSent, messageCount } = this;
    for (let row = messageCount - rows.length / messageFields; row < messageCount; row++) {
      const block = Math.floor(row / blockSize);
      if (this.messages.at(row * messageFields + 6) !== 0) this.unusual.push(row);
      noteLeast(earliestSent.step, block, this.messages.at(row * messageFields + 3));
      noteLeast(earliestSent.at, block, this.messages.at(row * messageFields + 4));
    }
  }

  private noteEvent(node: number, step: number, time: number): void {
    const steps = (this.stepsOf[node] ??= []);
    const before = steps.at(-1);
    steps.push(step);
    if (before === undefined) return;
    this.following++;
    if (this.times.at(before) === time) this.coinciding++;
  }

  private appendMark(mark: Mark): void {
    const { step, text } = mark;
    const span = { step, from: this.times.at(step), text, off: false, tone: 'none' as const };
    if (mark.type === 'cuts') this.cuts.push(span);
    else if (mark.type === 'status') {
      (this.statuses[mark.node] ??= []).push({ ...span, off: mark.off });
    } else if (mark.type === 'standing') {
      (this.standings[mark.node] ??= []).push({ ...span, tone: mark.tone });
    } else this.failures.push(mark);
  }

  kindOf(step: number): StepKind {
    return stepKinds[this.kinds.at(step)] ?? 'other';
  }

  labelOf(step: number): string {
    return this.texts[this.labels.at(step)] ?? '';
  }

  /** How often an event with the name of this label occurs. */
  eventCount(label: number): number {
    return this.counts[this.nameOfLabel[label] ?? -1] ?? 0;
  }

  private nameOf(label: number): number {
    const known = this.nameOfLabel[label];
    if (known !== undefined) return known;
    const name = (this.texts[label] ?? '').split(' ', 1)[0]!;
    const index = this.names.get(name) ?? this.names.size;
    this.names.set(name, index);
    return (this.nameOfLabel[label] = index);
  }

  message(row: number): MessageRow {
    return messageOf(this.messages.values, row * messageFields, this.texts);
  }

  /** The messages that are in flight at the end of what is recorded. */
  inFlight(): MessageRow[] {
    const rows = this.flying.length / messageFields;
    return Array.from({ length: rows }, (_, row) => {
      return messageOf(this.flying, row * messageFields, this.texts);
    });
  }

  /** The first step at an instant of the axis or after it. */
  stepAt(axis: RunAxis, instant: number): number {
    if (axis.byStep) return Math.max(0, Math.min(this.count, Math.ceil(instant)));
    return firstAt(this.count, (step) => this.times.at(step) >= instant);
  }

  /** The row of the first message that arrived in a step or after it. */
  messageAt(step: number): number {
    return firstAt(this.messageCount, (row) => this.messages.at(row * messageFields) >= step);
  }

  eventAt(step: number): number {
    return firstAt(this.eventSteps.length, (row) => this.eventSteps.at(row) >= step);
  }

  /** Calls `visit` with each message of which a part is between two instants of the axis. */
  visitMessages(
    axis: RunAxis,
    from: number,
    until: number,
    visit: (row: number) => void,
  ): void {
    const { messages, messageCount } = this;
    const earliestSent = axis.byStep ? this.earliestSent.step : this.earliestSent.at;
    const field = axis.byStep ? 3 : 4;
    const first = this.messageAt(this.stepAt(axis, from));
    for (let block = Math.floor(first / blockSize); block < earliestSent.length; block++) {
      if (earliestSent.at(block) > until) continue;
      const end = Math.min(messageCount, (block + 1) * blockSize);
      for (let row = Math.max(first, block * blockSize); row < end; row++) {
        if (messages.at(row * messageFields + field) <= until) visit(row);
      }
    }
  }

  /** The event of a node that is `by` events from step; undefined beyond the first and the last. */
  neighbour(node: number, step: number, by: number): number | undefined {
    const steps = this.stepsOf[node] ?? [];
    const place = firstAt(steps.length, (one) => steps[one]! >= step);
    return steps[place + by];
  }

  /** The event of a node that is nearest to an instant of the axis. */
  nearest(axis: RunAxis, node: number, instant: number): number | undefined {
    const steps = this.stepsOf[node] ?? [];
    const of = (step: number) => axis.ofStep(this, step);
    const place = firstAt(steps.length, (one) => of(steps[one]!) >= instant);
    const [before, after] = [steps[place - 1], steps[place]];
    if (before === undefined || after === undefined) return before ?? after;
    return instant - of(before) < of(after) - instant ? before : after;
  }

  /** The message that arrived in a step, of which there is at most one that its node received. */
  received(step: number): MessageRow | undefined {
    for (let row = this.messageAt(step); row < this.messageCount; row++) {
      const message = this.message(row);
      if (message.step !== step) return undefined;
      if (message.to === this.nodes.at(step)) return message;
    }
    return undefined;
  }

  /** The first message sent in a step that arrived, among the next rows. */
  arrivalOf(step: number): MessageRow | undefined {
    const last = Math.min(this.messageCount, this.messageAt(step) + searchedMost);
    for (let row = this.messageAt(step); row < last; row++) {
      const message = this.message(row);
      const hasArrived = message.outcome === 'delivered' || message.outcome === 'refused';
      if (message.sentStep === step && hasArrived && message.from !== message.to) return message;
    }
    return undefined;
  }
}

/** How many messages are looked through for the arrival of one. */
const searchedMost = 20_000;

function messageOf(
  values: ArrayLike<number>,
  at: number,
  texts: readonly string[],
): MessageRow {
  return {
    step: values[at]!,
    from: values[at + 1]!,
    to: values[at + 2]!,
    sentStep: values[at + 3]!,
    sentAt: values[at + 4]!,
    at: values[at + 5]!,
    outcome: outcomes[values[at + 6]!] ?? 'delivered',
    label: texts[values[at + 7]!] ?? '',
  };
}

/** Keeps the least value of a block. */
function noteLeast(least: Numbers, block: number, value: number): void {
  if (block === least.length) least.push(value);
  else if (value < least.at(block)) least.values[block] = value;
}

/** The span that is current at an instant of the axis, by its place; −1 before the first. */
export function spanAt(axis: RunAxis, spans: readonly Span[], instant: number): number {
  return firstAt(spans.length, (place) => axis.ofSpan(spans[place]!) > instant) - 1;
}
