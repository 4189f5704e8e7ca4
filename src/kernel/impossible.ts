/** Why `step` cannot take an action now. */
import type { NodeId } from '../protocol/types.ts';
import type { Action, MessageName } from './action.ts';
import { messageOf } from './network/in-flight.ts';
import { isOwn, type Pending } from './pending.ts';
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
      if (message === undefined) return { type: 'not in flight', message: name };
      if (action.type !== 'deliver' && isOwn(name)) return { type: 'own message', message: name };
      // A duplicate leaves the message itself where it is.
      const isHeld = action.type !== 'duplicate' && world.nodes[message.toIndex].paused;
      return isHeld ? { type: 'held', message: name, node: message.to } : undefined;
    }
    case 'partition':
    case 'cut':
    case 'heal':
    case 'network':
      return undefined;
    case 'add':
      return whyNotAdded(world.plan, action.node, action.role);
    default: {
      const slot = world.node(action.node);
      if (slot === undefined) return { type: 'unknown node', node: action.node };
      return whyNotOn(world, slot, action);
    }
  }
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
    case 'skew':
      return undefined;
  }
}

function nameOf({ from, to, ordinal, copy }: MessageName): MessageName {
  return { from, to, ordinal, copy };
}
