/** What a role shows of a node in panels and thread names; nothing if the role fails at it. */
import type { Look, Role } from '../protocol/types.ts';

export function lookOf({ look }: Role, state: Record<string, unknown>): Look {
  try {
    return look?.(state) ?? {};
  } catch {
    // An author's mistake in how a node is shown must not hide the node.
    return {};
  }
}
