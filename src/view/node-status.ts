/** How a node is drawn in each status. */
import { isOff } from '../kernel/seam/moment.ts';
import type { NodeView } from './contract.ts';

/** Whether a node is drawn as one that runs no code. */
export function isDrawnOff({ status }: Pick<NodeView, 'status'>): boolean {
  return isOff(status);
}
