/** The logical clocks of nodes, messages and events, as panels show them. */
import type { LogicalTime } from '../kernel/seam/causality.ts';
import type { MessageMoment } from '../kernel/seam/moment.ts';
import { vectorFields } from '../kernel/text/clocks-text.ts';
import type { Reading } from '../session/read/reading.ts';
import type { LogicalClockView } from './logical-clock-view.ts';

export class PanelClocks {
  constructor(private readonly reading: Reading) {}

  /** The clock of a node now: that of its last event. */
  node(index: number): LogicalClockView | undefined {
    const { cursor, inside, handler, clocks } = this.reading;
    if (inside !== undefined && handler?.node === index) return this.event(index, cursor.step + 1);
    return this.view(clocks.latest(index, cursor.step));
  }

  /** The clock of what a node did in a step, which may be in progress. */
  event(node: number, step: number): LogicalClockView | undefined {
    const { cursor, clocks, handler } = this.reading;
    if (step > cursor.step) {
      const message = handler?.node === node ? (handler.message ?? null) : null;
      return this.view(clocks.next(node, cursor.step, message));
    }
    const time = clocks.latest(node, step);
    return time?.step === step ? this.view(time) : undefined;
  }

  /** The clock that a message carries: its sender's when it left. */
  message(message: MessageMoment): LogicalClockView | undefined {
    const { cursor, clocks } = this.reading;
    if (message.cause > cursor.step) return this.event(message.fromIndex, message.cause);
    return this.view(clocks.sending(message));
  }

  private view(time: LogicalTime | undefined): LogicalClockView | undefined {
    if (time === undefined) return undefined;
    const { inside, moment } = this.reading;
    const { nodes } = inside?.moment ?? moment;
    return { lamport: time.lamport, vector: vectorFields(time, nodes) };
  }
}
