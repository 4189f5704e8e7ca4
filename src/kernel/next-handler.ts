/** The handler that an action would run if it were taken now: on which node, for which message. */
import type { Action, MessageName } from './action.ts';
import { givesUp, probeEnds, receptionOf } from './connection/reception.ts';
import { canArrive, type Mail, messageOf } from './network/in-flight.ts';
import { Message, type Pending } from './pending.ts';
import type { HandlerMoment, Upcoming } from './seam/moment.ts';

/** A handler and its function. */
export interface Handler extends HandlerMoment {
  readonly run: unknown;
  readonly message?: Message;
}

/** The handler that `action` runs on `world`; undefined if it runs none. */
export function handlerOf(world: Mail, action: Action | Upcoming): Handler | undefined {
  switch (action.type) {
    case 'postponed':
      return handlerOf(world, { ...action.action, at: action.at });
    case 'deliver':
      return receiver(world, action);
    case 'fire': {
      const node = world.plan.indexOf.get(action.node);
      if (node === undefined || world.nodes[node].paused) return undefined;
      const run = world.plan.cast[node].timers[action.timer];
      return { kind: 'timer', name: action.timer, node, run };
    }
    case 'invoke': {
      const node = world.plan.indexOf.get(action.node);
      if (node === undefined || world.nodes[node].paused || !world.nodes[node].up) return undefined;
      const run = world.plan.cast[node].role.operations?.[action.operation]?.run;
      return { kind: 'operation', name: action.operation, node, run };
    }
    case 'restart': {
      const node = world.plan.indexOf.get(action.node);
      if (node === undefined) return undefined;
      const run = world.plan.cast[node].role.start;
      return run && { kind: 'start', name: 'start', node, run };
    }
    case 'add': {
      const { plan } = world;
      const run = plan.setup.protocol.roles[action.role]?.start;
      if (run === undefined || plan.indexOf.has(action.node)) return undefined;
      return { kind: 'start', name: 'start', node: plan.size, joining: action.node, run };
    }
    case 'retransmit':
    case 'probe': {
      const { type, node: id, connection, at } = action;
      const node = world.plan.indexOf.get(id);
      if (node === undefined) return undefined;
      const gives = type === 'probe' ? probeEnds : givesUp;
      if (!gives(world, node, connection, at)) return undefined;
      return connectionHandler(world, node, 'ended');
    }
    default:
      return undefined;
  }
}

function connectionHandler(
  world: Mail,
  node: number,
  name: 'opened' | 'ended',
  message?: Message,
): Handler | undefined {
  const run = world.plan.cast[node].role.connection?.[name];
  return run && { kind: 'connection', name, node, run, ...(message && { message }) };
}

function receiver(world: Mail, name: MessageName): Handler | undefined {
  const message = messageOf(world, name);
  if (!message || !canArrive(world, message)) return undefined;
  const node = message.toIndex;
  if (message.isSignal) {
    const reception = receptionOf(world, message);
    return reception === 'opened' || reception === 'ended'
      ? connectionHandler(world, node, reception, message)
      : undefined;
  }
  const run = world.plan.cast[node].messages[message.body.type];
  return { kind: 'message', name: message.body.type, node, run, message };
}

/** Like `handlerOf(…).run`, but allocates nothing: the loop of *continue* calls it at each step. */
export function codeOf(world: Mail, action: Action | Pending): unknown {
  if (action.type === 'deliver' && action instanceof Message) {
    if (!canArrive(world, action)) return undefined;
    if (action.isSignal) return handlerOf(world, action)?.run;
    return world.plan.cast[action.toIndex].messages[action.body.type];
  }
  if (action.type === 'fire' && 'nodeIndex' in action) {
    return world.plan.cast[action.nodeIndex].timers[action.timer];
  }
  return handlerOf(world, action)?.run;
}
