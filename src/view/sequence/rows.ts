/** The rows of the diagram: one band of rows for each action, and the gaps between bands. */
import type { Micros } from '../../protocol/types.ts';
import type {
  AnswerItem, EventItem, Occurrence, SequenceItem, TimerItem,
} from './sequence-view.ts';

export type SequenceRow = ItemsRow | GapRow | NowRow;

/** An arrow or a note. What a node reports in a step, events and answers, shares a note. */
export interface ItemsRow {
  type: 'items';
  /** Rows with the same band are of one action; that of what is in flight is `flight`. */
  band: string;
  items: SequenceItem[];
}

/** Time in which nothing is shown. */
export interface GapRow {
  type: 'gap';
  span: Micros;
  /** How many heartbeats are folded. */
  folded: number;
}

/** Between what happened and what was recorded after the cursor. */
export interface NowRow {
  type: 'now';
}

/** A gap has a name if it is this many times as long as the usual pause, and at least that long. */
const unusual = 5;
const nameable = 5_000;

export function rowsOf(items: readonly SequenceItem[]): SequenceRow[] {
  const longest = longestUsual(items);
  const hasFuture = items.some(({ future }) => future);
  const rows: SequenceRow[] = [];
  let before: SequenceItem | undefined;
  let isPast = true;
  for (const item of items) {
    const band = bandOf(item);
    if (isPast && hasFuture && (item.future || band === 'flight')) {
      rows.push({ type: 'now' });
      isPast = false;
    }
    if (band !== 'flight') {
      const span = before === undefined ? 0 : item.at - before.at;
      const { folded = 0 } = item;
      if (span > longest || folded > 0) rows.push({ type: 'gap', span, folded });
      before = item;
    }
    const last = rows.at(-1);
    if (last?.type === 'items' && last.band === band && isOneNote(last.items.at(-1)!, item)) {
      last.items.push(item);
    } else rows.push({ type: 'items', band, items: [item] });
  }
  return rows;
}

function bandOf(item: SequenceItem): string {
  return isInFlight(item) ? 'flight' : String(item.step);
}

export function isInFlight(item: SequenceItem): boolean {
  return item.type === 'message' && item.outcome === 'in-flight';
}

function isOneNote(one: SequenceItem, other: SequenceItem): boolean {
  return isReport(one) && isReport(other) && one.node === other.node;
}

type Report = Occurrence & (EventItem | TimerItem | AnswerItem);

function isReport(item: SequenceItem): item is Report {
  return item.type === 'event' || item.type === 'timer' || item.type === 'answer';
}

/** The longest pause between two actions that needs no name. */
function longestUsual(items: readonly SequenceItem[]): Micros {
  const times = items.filter((item) => !isInFlight(item)).map(({ at }) => at);
  const pauses = times.slice(1).map((time, index) => time - times[index]!);
  const sorted = pauses.filter((pause) => pause > 0).sort((one, other) => one - other);
  const median = sorted[Math.floor(sorted.length / 2)] ?? 0;
  return Math.max(median * unusual, nameable);
}

export interface Activation {
  node: string;
  operation: string;
  /** The indexes of the rows; beyond either end if it goes on there. */
  from: number;
  to: number;
}

/**
 * From each operation's invocation to its response, as far as the rows show it. A node that serves
 * it is active from the client's message to its own answer, or to the response.
 */
export function activationsOf(rows: readonly SequenceRow[]): Activation[] {
  const found: Activation[] = [];
  const open = new Map<string, Activation>();
  const serving: Activation[] = [];
  rows.forEach((row, index) => {
    for (const item of row.type === 'items' ? row.items : []) {
      if (item.type === 'operation' && item.operation !== undefined) {
        const { operation } = item;
        const activation = { node: item.nodes[0]!, operation, from: index, to: rows.length };
        open.set(operation, activation);
        found.push(activation);
      } else if (item.type === 'answer') {
        const { node, operation } = item;
        end(serving, index, (one) => one.operation === operation);
        const begun = open.get(operation);
        if (begun) begun.to = index;
        else found.push({ node, operation, from: -1, to: index });
        open.delete(operation);
      } else if (item.type === 'message' && item.operation !== undefined && !isInFlight(item)) {
        const { from, to, operation, outcome } = item;
        const client = open.get(operation)?.node;
        const isOf = (node: string) => (one: Activation) =>
          one.operation === operation && one.node === node;
        if (client === to) end(serving, index, isOf(from));
        const isRequest = client === from && client !== to && outcome !== 'lost';
        if (!isRequest || serving.some(isOf(to))) continue;
        const activation = { node: to, operation, from: index, to: rows.length };
        serving.push(activation);
        found.push(activation);
      }
    }
  });
  return found;
}

function end(open: Activation[], index: number, isIt: (one: Activation) => boolean): void {
  for (const one of open.filter(isIt)) {
    one.to = index;
    open.splice(open.indexOf(one), 1);
  }
}
