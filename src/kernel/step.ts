/** The only way in which anything happens: `step` applies one action to a world, in place. */
import type { Action } from './action.ts';
import { skewClock } from './clock.ts';
import { probe, retransmit } from './connection/arrive.ts';
import { plugIn, powerOff, reset, unplug } from './connection/hosts.ts';
import { changeDisk, synced } from './disk/disk.ts';
import { Effects } from './effects.ts';
import { changeNetwork } from './network/links.ts';
import { delay, deliver, drop, duplicate } from './network/messages.ts';
import type { Pending } from './pending.ts';
import type { Setup } from './plan.ts';
import { add, bootNode, crash, fire, invoke, pause, restart, resume } from './processes.ts';
import { type Monitor, World } from './world.ts';

/** A world at time 0: its nodes have booted, and no action has been taken. */
export function start(
  setup: Setup,
  monitors: readonly Monitor[] = [],
  effects = new Effects(),
): World {
  const world = World.blank(setup, monitors);
  boot(world, effects);
  return world;
}

/** Boots all nodes of a blank world. `effects` receives what that caused. */
export function boot(world: World, effects: Effects): void {
  effects.reset();
  for (let index = 0; index < world.nodes.length; index++) bootNode(world, index, effects);
  effects.acted = -1;
  world.memories = world.monitors.map((monitor) => monitor.start(world));
  if (world.monitors.length > 0) watch(world, null, effects);
}

/**
 * Takes one action. Returns false, and changes nothing, if the action is not possible now: the
 * message is not in flight, the timer is not set, the node is already crashed (`whyImpossible` says
 * which). `effects` receives what the action caused. An error that the protocol throws is such an
 * effect, never an exception of this function.
 */
export function step(
  world: World,
  action: Action | Pending,
  effects: Effects | null = null,
): boolean {
  let caused = effects;
  if (caused !== null) caused.reset();
  else if (world.monitors.length > 0) (caused = scratch).reset();
  const before = world.time;
  if (action.at > before) world.time = action.at;
  world.step++;
  const draws = 'draws' in action ? action.draws : undefined;
  if (draws !== undefined) world.given = { draws, next: 0 };
  else if (world.given !== null) world.given = null;
  if (!apply(world, action, caused)) {
    world.step--;
    world.time = before;
    return false;
  }
  if (world.monitors.length > 0) watch(world, action, caused!);
  return true;
}

/** For monitors, which need the effects even if the caller does not. */
const scratch = new Effects();

function watch(world: World, action: Action | Pending | null, effects: Effects): void {
  const memories = world.touchMemories();
  const monitors = world.monitors;
  for (let i = 0; i < monitors.length; i++) {
    const reason = monitors[i].after(world, action, effects, memories[i]);
    if (reason !== undefined) effects.violations.push({ monitor: monitors[i].name, reason });
  }
}

function apply(world: World, action: Action | Pending, effects: Effects | null): boolean {
  switch (action.type) {
    case 'deliver':
      return deliver(world, action, effects);
    case 'fire':
      return fire(world, action.node, action.timer, action.key, effects);
    case 'postponed':
      return apply(world, action.action, effects);
    case 'drop':
      return drop(world, action, effects);
    case 'duplicate':
      return duplicate(world, action, effects);
    case 'delay':
      return delay(world, action, action.by, effects);
    case 'invoke':
      return invoke(world, action, effects);
    case 'crash':
      return crash(world, action.node, effects);
    case 'restart':
      return restart(world, action.node, effects);
    case 'add':
      return add(world, action, effects);
    case 'pause':
      return pause(world, action, effects);
    case 'resume':
      return resume(world, action.node, effects);
    case 'partition':
    case 'cut':
    case 'heal':
    case 'network':
      return changeNetwork(world, action);
    case 'power-off':
      return powerOff(world, action, effects);
    case 'unplug':
      return unplug(world, action, effects);
    case 'plug-in':
      return plugIn(world, action.node, effects);
    case 'reset':
      return reset(world, action.nodes, effects);
    case 'retransmit':
      return retransmit(world, action, effects);
    case 'probe':
      return probe(world, action, effects);
    case 'disk':
      return changeDisk(world, action, effects);
    case 'synced':
      return synced(world, action, effects);
    case 'skew':
      return skew(world, action, effects);
    default:
      return unreachable(action);
  }
}

function unreachable(action: never): never {
  throw new Error(`not an action: ${JSON.stringify(action)}`);
}

function skew(
  world: World,
  action: Extract<Action, { type: 'skew' }>,
  effects: Effects | null,
): boolean {
  const index = world.plan.indexOf.get(action.node);
  if (index === undefined) return false;
  if (effects !== null) effects.acted = index;
  skewClock(world, index, action);
  return true;
}
