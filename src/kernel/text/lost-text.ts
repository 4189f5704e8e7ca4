/** The fate of a message that did not reach its receiver. */
import type { StepEffects } from '../seam/moment.ts';
import { formatTime } from './duration.ts';

/**
 * `lost`; of a message on a connection `lost (sent again at 3.000000s)`, or `refused: connection
 * reset` if it reached a host that does not know the connection.
 */
export function lostText({ again, refused }: Pick<StepEffects, 'again' | 'refused'>): string {
  if (refused) return 'refused: connection reset';
  return again < 0 ? 'lost' : `lost (sent again at ${formatTime(again)})`;
}
