/** Which messages may arrive in a shorter run: on a link that keeps its order, none overtakes. */
import type { Action } from '../../kernel/action.ts';
import { messageOf } from '../../kernel/network/in-flight.ts';
import { Message } from '../../kernel/pending.ts';
import type { World } from '../../kernel/world.ts';
import type { Bounds } from './schedule.ts';

/**
 * How far a run holds to the order of links. `kept`: a message arrives, or is dropped, before all
 * that are sent after it. `lossy`: what has been overtaken is lost, and does not arrive any more.
 * `none`: for a run without faults, or in which the scenario delayed messages.
 */
export type LinkOrder = 'kept' | 'lossy' | 'none';

export function boundsOf(order: LinkOrder): Bounds | undefined {
  if (order === 'none') return undefined;
  return { possible: order === 'kept' ? () => isFirst : unlessOvertaken };
}

function isFirst(world: World, action: Action): boolean {
  const message = ordered(world, action);
  if (message === undefined) return true;
  const { fromIndex, toIndex, tie } = message;
  return !world.queue.items.some((one) => {
    if (!(one instanceof Message) || one.connection !== '' || one.tie >= tie) return false;
    return one.fromIndex === fromIndex && one.toIndex === toIndex;
  });
}

/** For one run, whose actions come one after the other. */
function unlessOvertaken(): typeof isFirst {
  /** The last that arrived on each link. Ties grow with each message that is sent. */
  const last = new Map<string, number>();
  return (world, action) => {
    const message = ordered(world, action);
    if (message === undefined) return true;
    const link = `${message.fromIndex} ${message.toIndex}`;
    if (message.tie < (last.get(link) ?? -1)) return false;
    last.set(link, message.tie);
    return true;
  };
}

/** The message that an action delivers, if its link keeps the order. */
function ordered(world: World, action: Action): Message | undefined {
  if (action.type !== 'deliver') return undefined;
  const message = messageOf(world, action);
  if (message === undefined || message.connection !== '') return undefined;
  const { fromIndex, toIndex } = message;
  const { reorder } = world.network.links[fromIndex * world.plan.size + toIndex];
  return reorder ? undefined : message;
}
