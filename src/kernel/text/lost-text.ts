/** The fate of a message that did not reach its receiver. */
import type { StepEffects } from '../seam/moment.ts';
import { formatTime } from './duration.ts';

/** `lost`, or `lost (sent again at 3.000000s)`, because it belongs to a connection. */
export function lostText({ again }: Pick<StepEffects, 'again'>): string {
  return again < 0 ? 'lost' : `lost (sent again at ${formatTime(again)})`;
}
