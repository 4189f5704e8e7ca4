/** A shape: some events of a run without their times, and how they are to each other. */

import type { Lane } from '../lane.ts';
import { Knowing, type NodeEvent } from './knowing.ts';

/** Two events of a shape; the first is earlier in the order of steps. */
export type Relation =
  /** The second received a message that the first sent. */
  | 'message'
  /** The first is known to the second. */
  | 'before'
  | 'concurrent';

export interface ShapeEvent {
  /** Events of one node in the shape are of one node in each place, and those of two of two. */
  readonly node: number;
  /** Any role if undefined. */
  readonly role?: string;
  /** What its step is, such as `message AppendEntries`; anything if undefined. */
  readonly name?: string;
  /** The protocol events that its step must report. */
  readonly reports: readonly string[];
  /** To each event of the shape before this one. */
  readonly relations: readonly Relation[];
}

export type Shape = readonly ShapeEvent[];

/** The most events that a shape may have. */
export const eventsMost = 8;

/** The shape of events that were picked; `anyNodes` leaves out their roles. */
export function shapeOf(lane: Lane, picked: readonly NodeEvent[], anyNodes: boolean): Shape {
  const events = picked.toSorted((one, other) => one.step - other.step).slice(0, eventsMost);
  return events.map((event, index): ShapeEvent => {
    const { role = '' } = lane.view.nodes[event.node] ?? {};
    return {
      node: event.node,
      ...(anyNodes ? {} : { role }),
      name: nameOf(lane, event.step),
      reports: reportsOf(lane, event),
      relations: events.slice(0, index).map((earlier) => relationOf(lane, earlier, event)),
    };
  });
}

/** An operation is told by its first word: its arguments are of one place. */
export function nameOf(lane: Lane, step: number): string {
  const kind = lane.kindOf(step);
  const label = lane.labelOf(step);
  return `${kind} ${kind === 'operation' || kind === 'fault' ? label.split(' ', 1)[0] : label}`;
}

export function reportsOf(lane: Lane, { step, node }: NodeEvent): string[] {
  const names = new Set<string>();
  for (let row = lane.eventAt(step); row < lane.eventSteps.length; row++) {
    if (lane.eventSteps.at(row) !== step) break;
    const text = lane.texts[lane.eventLabels.at(row)] ?? '';
    if (lane.eventNodes.at(row) === node) names.add(text.split(' ', 1)[0]!);
  }
  return [...names];
}

function relationOf(lane: Lane, earlier: NodeEvent, later: NodeEvent): Relation {
  const message = lane.received(later.step);
  const isSent = message?.sentStep === earlier.step && message.from === earlier.node;
  if (isSent && message.from !== message.to) return 'message';
  const isKnown = new Knowing(lane).of(earlier).isKnownTo(later);
  return isKnown ? 'before' : 'concurrent';
}
