/** Which events know an event: it is told along messages, step by step, as far as is asked. */

import { messageFields } from '../../../src/view/spacetime/spacetime-view.ts';
import type { Lane } from '../lane.ts';

/** An event of a run: a step, and the node that acted in it. */
export interface NodeEvent {
  readonly step: number;
  readonly node: number;
}

export class Knowing {
  /** By node, the first step that knows it. */
  private readonly first: Float64Array;
  private step = 0;
  private row = 0;

  constructor(private readonly lane: Lane) {
    this.first = new Float64Array(lane.view.nodes.length);
  }

  /** Begins anew, for another event. */
  of({ step, node }: NodeEvent): this {
    this.first.fill(Infinity);
    this.first[node] = step;
    this.step = step;
    this.row = this.lane.messageAt(step + 1);
    return this;
  }

  isKnownTo({ step, node }: NodeEvent): boolean {
    this.advance(step);
    return this.first[node]! <= step;
  }

  private advance(until: number): void {
    if (until <= this.step) return;
    const { first } = this;
    const { messages, messageCount, nodes } = this.lane;
    const { values } = messages;
    for (; this.row < messageCount; this.row++) {
      const at = this.row * messageFields;
      const step = values[at]!;
      if (step > until) break;
      const [from, to, sentStep] = [values[at + 1]!, values[at + 2]!, values[at + 3]!];
      // A message that was lost tells nothing.
      const hasArrived = nodes.at(step) === to;
      if (hasArrived && first[from]! <= sentStep && step < first[to]!) first[to] = step;
    }
    this.step = until;
  }
}
