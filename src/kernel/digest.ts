/**
 * A world as one text and as a short hash: the same for the same start and actions, on every
 * platform.
 */
import { hashText } from './chance.ts';
import { order, type Pending } from './pending.ts';
import { canonical } from './data/plain.ts';
import { actionText } from './text/action-text.ts';
import type { World } from './world.ts';

/** All that can influence the future, as canonical text. */
export function worldText(world: World): string {
  const nodes = world.nodes.map((slot) => ({
    id: slot.id,
    up: slot.up,
    paused: slot.paused,
    state: slot.state,
    disk: slot.disk,
    clock: [slot.clockBase, slot.clockFrom, slot.drift],
    timers: slot.timers
      .filter((timer) => timer.isSet)
      .map((timer) => [timer.name, timer.key, timer.at]),
    held: slot.held.map(pendingText),
    operations: slot.operations,
  }));
  const flying = world.queue.items.filter((one) => one.type !== 'fire').sort(order);
  return canonical({
    time: world.time,
    nodes,
    flying: flying.map(pendingText),
    cut: [...world.network.cut],
    links: world.network.links,
  });
}

function pendingText(pending: Pending): unknown {
  return [pending.at, actionText(pending), pending.type === 'deliver' ? pending.body : null];
}

/** 16 hexadecimal digits. */
export function digest(world: World): string {
  const text = worldText(world);
  const half = (basis: number) => (hashText(text, basis) >>> 0).toString(16).padStart(8, '0');
  return half(0x811c9dc5) + half(0x01234567);
}
