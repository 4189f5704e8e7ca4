/** Faults that do less than a given one, the gentlest first. */
import type { Action } from '../../kernel/action.ts';

/** So many cuts stand for one partition at most. */
const cutsMost = 12;

export function gentler(action: Action): readonly Action[] {
  const { at } = action;
  switch (action.type) {
    case 'partition': {
      const [one, other] = action.groups;
      const links = one.flatMap((a) => other.flatMap((b) => [[a, b], [b, a]] as const));
      if (links.length > cutsMost) return [];
      return links.map(([a, b]) => ({ type: 'cut', at, from: [a], to: [b] }));
    }
    case 'power-off':
    case 'unplug':
      return [{ type: 'crash', at, node: action.node }];
    case 'skew': {
      const { offset, jump } = action;
      const less = (by: number) => Math.trunc(by / 2);
      if (jump !== undefined && less(jump) !== 0) return [{ ...action, jump: less(jump) }];
      if (offset !== undefined && less(offset) !== 0) return [{ ...action, offset: less(offset) }];
      return [];
    }
    default:
      return [];
  }
}
