/** The logical clock of an event in the tooltips of all panels. */
import { clockFieldsText } from '../../kernel/text/clocks-text.ts';
import type { LogicalClockView } from '../logical-clock-view.ts';

export function logicalClockText({ lamport, vector }: LogicalClockView): string {
  return clockFieldsText(lamport, vector);
}
