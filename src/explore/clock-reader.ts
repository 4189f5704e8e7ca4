/** Notices handlers that read a clock: without time, their runs mean nothing. */
import type { Action } from '../kernel/action.ts';
import type { Effects } from '../kernel/effects.ts';
import type { World } from '../kernel/world.ts';
import type { NodeId } from '../protocol/types.ts';
import { handlerName } from '../scenario/handler-name.ts';

export interface ClockReader {
  readonly node: NodeId;
  readonly handler: string;
}

/** The handler that the last action ran, if it read a clock; at the start, the action is null. */
export function clockReader(
  world: World,
  action: Action | null,
  effects: Effects,
): ClockReader | undefined {
  if (!effects.readsClock) return undefined;
  const node = action === null ? world.nodes[0].id : (world.nodes[effects.acted]?.id ?? '');
  return { node, handler: handlerName(action, effects).name };
}
