/** Why `step` cannot take an action now. */
import type { NodeId } from '../protocol/types.ts';
import { type Action, isNamed, type MessageName } from './action.ts';
import { atEnd, connectionsBetween } from './connection/send.ts';
import { hasWrites } from './disk/disk.ts';
import { messageOf, overtaken } from './network/in-flight.ts';
import { isOwn, type Message, type Pending } from './pending.ts';
import type { HostStatus } from './seam/moment.ts';
import { isPostponed } from './postponed.ts';
import { type NotAdded, whyNotAdded } from './joining.ts';
import type { Slot, World } from './world.ts';

export type Impossible =
  | { readonly type: 'unknown node'; readonly node: NodeId }
  /** The status of the node does not allow it: it is already crashed, running, paused, or not. */
  | {
      readonly type: 'crashed' | 'down' | 'running' | 'paused' | 'not paused';
      readonly node: NodeId;
    }
  | NotAdded
  | { readonly type: 'not in flight'; readonly message: MessageName }
  /** The message waits until its receiver, which is paused, resumes. */
  | { readonly type: 'held'; readonly message: MessageName; readonly node: NodeId }
  /** The message did not arrive, and waits at its sender until it is sent again. */
  | { readonly type: 'sent again'; readonly message: MessageName; readonly node: NodeId }
  /** A connection keeps its order: the `first` message arrives before it. */
  | {
      readonly type: 'out of order';
      readonly message: MessageName;
      readonly first: MessageName;
      readonly connection: string;
    }
  /** A connection delivers each message once. */
  | { readonly type: 'on a connection'; readonly message: MessageName; readonly connection: string }
  | { readonly type: 'no connection'; readonly nodes: readonly [NodeId, NodeId] }
  /** The host does not wait to send again, or to probe its peer. */
  | { readonly type: 'nothing to send'; readonly node: NodeId; readonly connection: string }
  /** No write of the node is on its way to the disk. */
  | { readonly type: 'nothing to write'; readonly node: NodeId }
  | { readonly type: 'host'; readonly node: NodeId; readonly host: HostStatus }
  /** The network can do nothing to a message of a node to itself. */
  | { readonly type: 'own message'; readonly message: MessageName }
  | {
      readonly type: 'timer not set';
      readonly node: NodeId;
      readonly timer: string;
      readonly key: string;
    }
  | { readonly type: 'unknown operation'; readonly node: NodeId; readonly operation: string }
  /** The operation does not wait for the node to resume. */
  | { readonly type: 'not waiting'; readonly node: NodeId; readonly operation: string };

/** Undefined exactly if `step` takes the action. */
export function whyImpossible(world: World, action: Action | Pending): Impossible | undefined {
  switch (action.type) {
    case 'postponed':
      return whyImpossible(world, action.action);
    case 'deliver':
    case 'drop':
    case 'delay':
    case 'duplicate': {
      const name = nameOf(action);
      const message = messageOf(world, name);
      if (message === undefined) return whyNotInFlight(world, name);
      if (action.type !== 'deliver' && isOwn(name)) return { type: 'own message', message: name };
      if (message.connection !== '') return whyNotOnConnection(world, message, action.type);
      // A duplicate leaves the message itself where it is.
      const isHeld = action.type !== 'duplicate' && world.nodes[message.toIndex].paused;
      return isHeld ? { type: 'held', message: name, node: message.to } : undefined;
    }
    case 'partition':
    case 'cut':
    case 'heal':
    case 'network':
      return undefined;
    case 'reset': {
      const { nodes } = action;
      const unknown = nodes.find((node) => world.node(node) === undefined);
      if (unknown !== undefined) return { type: 'unknown node', node: unknown };
      const isThere = connectionsBetween(world, nodes).length > 0;
      return isThere ? undefined : { type: 'no connection', nodes };
    }
    case 'add':
      return whyNotAdded(world.plan, action.node, action.role);
    default: {
      const slot = world.node(action.node);
      if (slot === undefined) return { type: 'unknown node', node: action.node };
      return whyNotOn(world, slot, action);
    }
  }
}

function whyNotInFlight({ nodes }: World, name: MessageName): Impossible {
  for (const { id: node, ends } of nodes) {
    if (ends.some(({ outbox }) => outbox.some((one) => isNamed(one, name)))) {
      return { type: 'sent again', message: name, node };
    }
  }
  return { type: 'not in flight', message: name };
}

function whyNotOnConnection(
  world: World,
  message: Message,
  type: 'deliver' | 'drop' | 'delay' | 'duplicate',
): Impossible | undefined {
  const { connection, to, toIndex, hasArrived } = message;
  const name = nameOf(message);
  if (type === 'duplicate') return { type: 'on a connection', message: name, connection };
  if (hasArrived && world.nodes[toIndex].paused) return { type: 'held', message: name, node: to };
  const first = type === 'deliver' ? overtaken(world, message) : undefined;
  return first && { type: 'out of order', message: name, first: nameOf(first), connection };
}

type NodeAction = Exclude<Extract<Action | Pending, { node: NodeId }>, { type: 'add' }>;

function whyNotOn(world: World, slot: Slot, action: NodeAction): Impossible | undefined {
  const { id: node, up, paused, timers, cast } = slot;
  const off = slot.started ? 'crashed' : 'down';
  switch (action.type) {
    case 'fire': {
      const { timer, key } = action;
      if (paused) return { type: 'paused', node };
      const isSet = timers.some((one) => one.isSet && one.name === timer && one.key === key);
      return isSet ? undefined : { type: 'timer not set', node, timer, key };
    }
    case 'invoke': {
      const { operation } = action;
      if (!up) return { type: off, node };
      if (cast.role.operations?.[operation] === undefined) {
        return { type: 'unknown operation', node, operation };
      }
      const isWaiting = action.woken !== true || isPostponed(world, action);
      return isWaiting ? undefined : { type: 'not waiting', node, operation };
    }
    case 'crash':
      return up ? undefined : { type: off, node };
    case 'restart':
      return up ? { type: paused ? 'paused' : 'running', node } : undefined;
    case 'pause':
      if (!up) return { type: off, node };
      return paused ? { type: 'paused', node } : undefined;
    case 'resume':
      return paused ? undefined : { type: 'not paused', node };
    case 'power-off':
      return slot.powered ? undefined : { type: 'host', node, host: slot.host };
    case 'unplug':
      return slot.plugged ? undefined : { type: 'host', node, host: 'unplugged' };
    case 'plug-in':
      return slot.plugged ? { type: 'host', node, host: 'on' } : undefined;
    case 'retransmit':
    case 'probe': {
      const { connection, type } = action;
      const isPending = isPostponed(world, atEnd(type, slot, connection));
      return isPending ? undefined : { type: 'nothing to send', node, connection };
    }
    case 'synced':
      return hasWrites(slot) ? undefined : { type: 'nothing to write', node };
    case 'disk':
    case 'skew':
      return undefined;
  }
}

function nameOf({ from, to, ordinal, copy }: MessageName): MessageName {
  return { from, to, ordinal, copy };
}
