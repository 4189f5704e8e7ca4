/** Which words have room within the disc of a node. */

import type { NodeView } from '../../../src/view/cluster/cluster-view.ts';
import { onlyBelieves } from '../../../src/view/cluster/belief.ts';
import { statusOf } from '../../../src/view/node-status.ts';
import { beliefRows, epochText } from '../../../src/view/panel-words/cluster.ts';
import { textWidth } from '../../ui/measure.ts';
import type { Slot } from '../layout/slot.ts';
import type { InDisc } from './node-words.ts';

const large = 28;
export const underSize = 10.5;

/** What the disc has room for. */
export function inDisc(node: NodeView, { radius, words }: Slot): InDisc {
  const { epoch } = node;
  const isLarge = radius >= large;
  // Letters in bold are about a tenth wider. Without words beside the disc, it has no other place.
  const widest = Math.max(...statusOf(node).map((word) => textWidth(word, underSize) * 1.1), 0);
  const longest = Math.max(...standingRows(node).map((text) => textWidth(text, underSize)));
  return {
    status: words.side === 'none' || widest <= radius * 1.9,
    standing: isLarge && longest <= radius * 1.8,
    epoch:
      epoch !== undefined && isLarge && textWidth(epochText(epoch), underSize) <= radius * 1.5,
  };
}

/** A star is for those that are in charge, and not for those that only believe it. */
export function standingRows(node: NodeView): readonly string[] {
  if (onlyBelieves(node)) return beliefRows(node);
  const isStarred = node.stands === 'out' && node.tone === 'lead';
  return [isStarred ? `★ ${node.standing}` : node.standing];
}
