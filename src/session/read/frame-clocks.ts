/** The logical clocks of what a frame shows: of its step, or of the action that was entered. */
import type { LogicalTime } from '../../kernel/seam/causality.ts';
import type { HandlerMoment, MessageMoment } from '../../kernel/seam/moment.ts';
import { lamportText, vectorFields } from '../../kernel/text/clocks-text.ts';
import type { Reading } from './reading.ts';
import { plainRow, type Variable, variableOf } from './variables.ts';

/** The part of a frame that has a time. */
interface Shown {
  readonly step: number;
  readonly inside: boolean;
  readonly node?: number;
  readonly handler?: HandlerMoment;
}

/** Undefined for what is not an event of a node: a cut link, a lost message, an invariant. */
export function clocksOf(reading: Reading, frame: Shown): LogicalTime | undefined {
  const { step, inside, node, handler } = frame;
  const { clocks, cursor, moment } = reading;
  if (node === undefined) return undefined;
  if (!inside || step === 0) {
    const time = clocks.latest(node, step);
    return time?.step === step ? time : undefined;
  }
  // A node that the action adds is not there yet.
  if (moment.nodes[node] === undefined) return undefined;
  return clocks.next(node, cursor.step, handler?.message ?? null);
}

/** ` · Lamport 12`, or nothing. */
export function lamportSuffix(reading: Reading, frame: Shown): string {
  const time = clocksOf(reading, frame);
  return time === undefined ? '' : ` · ${lamportText(time.lamport)}`;
}

/** The values of the expression `clocks` at a frame. */
export function clockFields(
  reading: Reading,
  time: LogicalTime,
): { lamport: number; vector: Record<string, number> } {
  const { nodes } = reading.inside?.moment ?? reading.moment;
  return { lamport: time.lamport, vector: vectorFields(time, nodes) };
}

/** Rows for the time of a frame, and for that of the message which it received. */
export function clockRows(
  reading: Reading,
  time: LogicalTime,
  message: MessageMoment | undefined,
): Variable[] {
  const { lamport, vector } = clockFields(reading, time);
  const sent = message && reading.clocks.sending(message);
  const own = [
    plainRow('Lamport time', String(lamport), 'clocks.lamport'),
    variableOf('vector', vector, { expression: 'clocks.vector' }),
  ];
  if (sent === undefined) return own;
  const brought = variableOf('message brought', clockFields(reading, sent));
  return [...own, { ...brought, virtual: true }];
}
