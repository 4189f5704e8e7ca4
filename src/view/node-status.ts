/** How a node is drawn in each status. */
import { statusWords } from '../kernel/text/status-text.ts';
import { isOff } from '../kernel/seam/moment.ts';
import type { NodeView } from './cluster/cluster-view.ts';

/** Whether a node is drawn as one that runs no code. */
export function isDrawnOff({ status }: Pick<NodeView, 'status'>): boolean {
  return isOff(status);
}

/** What is wrong with a node and its host, in words: `paused`, `unplugged`. */
export function statusOf(node: Pick<NodeView, 'status' | 'host'>): string[] {
  return statusWords(node);
}
