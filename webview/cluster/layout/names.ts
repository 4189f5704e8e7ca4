/** What the small discs of a crowd are called: without what all begin with, if there is no room. */

import type { NodeView } from '../../../src/view/cluster/cluster-view.ts';
import { textWidth } from '../../ui/measure.ts';
import type { Layout } from './layout.ts';

/** The part of a disc's width that its name may take, and the size of its letters in pixels. */
export const nameRoom = 1.75;
export const nameSizes = { most: 12, legible: 8, least: 6 };

/** Names that are drawn without the part in which they begin. */
export interface Shortened {
  readonly prefix: string;
  readonly first: string;
  readonly last: string;
  /** Whether numbers are all that is left. */
  readonly areNumbers: boolean;
}

export interface CrowdNames {
  readonly shortened: readonly Shortened[];
  nameOf(id: string): string;
}

/** Those of one area are shortened alike: `n7` beside `12` would look like another kind of node. */
export function crowdNames(nodes: readonly NodeView[], { slots, isCompact }: Layout): CrowdNames {
  const names = new Map<string, string>();
  const shortened: Shortened[] = [];
  for (const area of isCompact ? (['clients', 'peers', 'services'] as const) : []) {
    const ids = nodes.filter((node) => node.area === area).map(({ id }) => id);
    const small = ids.filter((id) => !slots.get(id)!.isDetailed);
    if (small.every((id) => sizeOfName(id, slots.get(id)!.radius) >= nameSizes.legible)) continue;
    const prefix = commonPrefix(ids);
    if (prefix === '') continue;
    for (const id of ids) names.set(id, id.slice(prefix.length));
    const areNumbers = ids.every((id) => /^\d+$/.test(id.slice(prefix.length)));
    const sorted = [...ids].sort((one, other) => one.localeCompare(other, 'en', { numeric: true }));
    shortened.push({ prefix, first: sorted[0]!, last: sorted.at(-1)!, areNumbers });
  }
  return { shortened, nameOf: (id) => names.get(id) ?? id };
}

/** How large the letters of a name may be, in pixels. */
export function sizeOfName(name: string, radius: number): number {
  const { most } = nameSizes;
  return Math.min(most, (radius * nameRoom * most) / (textWidth(name, most) * 1.08));
}

/** A number is not parted: of `n10` and `n12` it is `n`. Something is left of each name. */
export function commonPrefix(ids: readonly string[]): string {
  const [first = '', ...others] = ids;
  if (others.length === 0) return '';
  let length = 0;
  const isShared = (at: number) => others.every((id) => id[at] === first[at] && id.length > at + 1);
  while (length < first.length - 1 && isShared(length)) length++;
  return first.slice(0, length).replace(/\d+$/, '');
}
