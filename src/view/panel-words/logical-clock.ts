/** The logical clock of an event in the tooltips of all panels. */
import { lamportText, vectorText } from '../../kernel/text/clocks-text.ts';
import type { LogicalClockView } from '../contract.ts';

/** `Lamport 12, vector {n1: 3, n2: 5}`. */
export function logicalClockText({ lamport, vector }: LogicalClockView): string {
  return `${lamportText(lamport)}, vector ${vectorText(vector)}`;
}
