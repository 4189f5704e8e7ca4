/** Resolves a command to actions at a moment: which node is the leader, which message is next. */
import type { Action, MessageName } from '../../kernel/action.ts';
import { connectionsBetween } from '../../kernel/connection/send.ts';
import { overtaken } from '../../kernel/network/in-flight.ts';
import { type Impossible, whyImpossible } from '../../kernel/impossible.ts';
import { whyNotAdded } from '../../kernel/joining.ts';
import { isOwn, type Message, order } from '../../kernel/pending.ts';
import type { Slot, World } from '../../kernel/world.ts';
import type { NodeId } from '../../protocol/types.ts';
import type { Command, MessageSelector, NodeGroup, NodeSelector } from '../scenario.ts';
import type { Obstacle } from '../verdict.ts';
import { diskAction } from './disk.ts';
import { hostAction } from './hosts.ts';
import { nodeOfStanding, standingOf } from '../conditions/scope.ts';

/** The commands that act; the others wait, or act again and again (`scenario/workload`). */
export type ActingCommand = Exclude<Command, { type: 'wait' | 'until' | 'repeat' | 'nemesis' }>;

export function isActing(command: Command): command is ActingCommand {
  return !['wait', 'until', 'repeat', 'nemesis'].includes(command.type);
}

export type Resolved = { readonly type: 'action'; readonly action: Action } | Unresolved;

/** `missing`: something that may still come; `impossible`: waiting would not help. */
export interface Unresolved {
  readonly type: 'missing' | 'impossible';
  readonly obstacle: Obstacle;
}

/** How many actions a command takes: one, or one for each of its nodes. */
export function actionCount(command: ActingCommand): number {
  return 'nodes' in command ? command.nodes.length : 1;
}

/** The action of a command after `taken` of its actions, at the world's moment. */
export function resolveAction(command: ActingCommand, taken: number, world: World): Resolved {
  const at = world.time;
  switch (command.type) {
    case 'invoke':
    case 'clock':
    case 'fire':
      return onNode(command.node, world, (slot) => nodeAction(command, slot, at));
    case 'add': {
      const { node, role } = command;
      const refusal = whyNotAdded(world.plan, node, role);
      if (refusal !== undefined) return impossible({ code: 'not-added', refusal });
      return action({ type: 'add', at, node, role });
    }
    case 'crash':
    case 'restart':
    case 'resume':
    case 'pause':
      return onNode(command.nodes[taken], world, (slot) => processAction(command, slot, at));
    case 'power-off':
    case 'unplug':
    case 'plug-in':
      return onNode(command.nodes[taken], world, ({ id }) =>
        ifPossible(hostAction(command, id, at), world),
      );
    case 'retransmit':
    case 'probe':
      return onNode(command.node, world, ({ id }) =>
        ifPossible(hostAction(command, id, at), world),
      );
    case 'disk':
    case 'synced':
      return onNode(command.node, world, ({ id }) =>
        ifPossible(diskAction(command, id, at), world),
      );
    case 'reset':
      return reset(command.between, world);
    case 'partition':
      return partition(command, world);
    case 'cut':
      return links(command, world, (from, to) => ({
        type: 'cut',
        at,
        from,
        to,
        ...lasting(command),
      }));
    case 'heal':
      if (!command.from || !command.to) return action({ type: 'heal', at });
      return links({ from: command.from, to: command.to }, world, (from, to) => ({
        type: 'heal',
        at,
        from,
        to,
      }));
    case 'network':
      return network(command, world);
    case 'drop':
    case 'duplicate':
    case 'delay':
    case 'deliver':
      return messageAction(command, world);
  }
}

function action(value: Action): Resolved {
  return { type: 'action', action: value };
}

function impossible(obstacle: Obstacle): Unresolved {
  return { type: 'impossible', obstacle };
}

function missing(obstacle: Obstacle): Unresolved {
  return { type: 'missing', obstacle };
}

function lasting(command: { for?: number }): { for?: number } {
  return command.for === undefined ? {} : { for: command.for };
}

/** The node that a selector means at this moment. */
function slotOf(selector: NodeSelector, world: World): Slot | undefined {
  if (typeof selector === 'string') return world.node(selector);
  return nodeOfStanding(world, selector.standing);
}

function missingNode(selector: NodeSelector, world: World): Unresolved {
  if (typeof selector === 'string') return impossible({ code: 'unknown-node', node: selector });
  const standings = new Set(world.nodes.map(standingOf).filter((standing) => standing !== ''));
  const { standing } = selector;
  return missing({ code: 'no-such-standing', standing, present: [...standings] });
}

function onNode(selector: NodeSelector, world: World, act: (slot: Slot) => Resolved): Resolved {
  const slot = slotOf(selector, world);
  return slot === undefined ? missingNode(selector, world) : act(slot);
}

type NodeCommand = Extract<Command, { type: 'invoke' | 'clock' | 'fire' }>;

function nodeAction(command: NodeCommand, slot: Slot, at: number): Resolved {
  const node = slot.id;
  if (command.type === 'clock') {
    const { offset, jump, drift } = command;
    const skew = { ...(offset !== undefined && { offset }), ...(jump !== undefined && { jump }) };
    return action({ type: 'skew', at, node, ...skew, ...(drift !== undefined && { drift }) });
  }
  if (!slot.up) return impossible(offObstacle(slot));
  if (command.type === 'invoke') {
    const { operation, args } = command;
    if (slot.cast.role.operations?.[operation] === undefined) {
      return impossible({ code: 'unknown-operation', node, operation });
    }
    return action({ type: 'invoke', at, node, operation, args: { ...args } });
  }
  const { timer, key } = command;
  const found = slot.timers.find((one) => one.name === timer && one.key === key);
  if (slot.paused) return missing({ code: 'timers-paused', node });
  if (!found?.isSet) return missing({ code: 'timer-not-set', node, timer });
  return action({ type: 'fire', at, node, timer, key });
}

/** Why a node that runs no code cannot act. */
function offObstacle({ id: node, started }: Slot): Obstacle {
  return { code: started ? 'crashed' : 'down', node };
}

type ProcessCommand = Extract<Command, { type: 'crash' | 'restart' | 'resume' | 'pause' }>;

function processAction(command: ProcessCommand, slot: Slot, at: number): Resolved {
  const node = slot.id;
  switch (command.type) {
    case 'crash':
      if (slot.status === 'down') return impossible(offObstacle(slot));
      if (!slot.up) return impossible({ code: 'already-crashed', node });
      return action({ type: 'crash', at, node });
    case 'restart':
      if (slot.up) return impossible({ code: 'not-crashed', node });
      return action({ type: 'restart', at, node });
    case 'resume':
      if (!slot.paused) return impossible({ code: 'not-paused', node });
      return action({ type: 'resume', at, node });
    case 'pause':
      if (!slot.up) return impossible(offObstacle(slot));
      if (slot.paused) return impossible({ code: 'already-paused', node });
      return action({ type: 'pause', at, node, ...lasting(command) });
  }
}

/** The action, if it is possible now. */
function ifPossible(chosen: Action, world: World): Resolved {
  const reason = whyImpossible(world, chosen);
  return reason === undefined ? action(chosen) : impossible({ code: 'not-now', reason });
}

/** A connection that has ended may be opened again: then the command applies to that one. */
function reset(between: readonly [NodeSelector, NodeSelector], world: World): Resolved {
  const ids = idsOf(between, world);
  if (!Array.isArray(ids)) return ids;
  if (ids.length < 2) return missing({ code: 'own-link', node: ids[0] });
  const nodes = [ids[0], ids[1]] as const;
  const isThere = connectionsBetween(world, nodes).length > 0;
  if (!isThere) return missing({ code: 'not-now', reason: { type: 'no connection', nodes } });
  return action({ type: 'reset', at: world.time, nodes });
}

function idsOf(selectors: readonly NodeSelector[], world: World): NodeId[] | Unresolved {
  const ids: NodeId[] = [];
  for (const selector of selectors) {
    const slot = slotOf(selector, world);
    if (slot === undefined) return missingNode(selector, world);
    if (!ids.includes(slot.id)) ids.push(slot.id);
  }
  return ids;
}

function partition(command: Extract<Command, { type: 'partition' }>, world: World): Resolved {
  const named: NodeId[][] = [];
  for (const group of command.groups) {
    const ids = idsOf(group.nodes, world);
    if (!Array.isArray(ids)) return ids;
    // A node chosen by its standing may be one that an earlier group names: it stays there.
    named.push(ids.filter((id) => !named.some((before) => before.includes(id))));
  }
  const groups = command.groups.map((group, i) => withOthers(group, named[i], named.flat(), world));
  return action({ type: 'partition', at: world.time, groups, ...lasting(command) });
}

/** For `the others`: all nodes, of the same roles as the named ones, that no group names. */
function withOthers(group: NodeGroup, ids: NodeId[], named: NodeId[], world: World): NodeId[] {
  if (!group.others) return ids;
  const roles = new Set(named.map((id) => world.node(id)!.role));
  const others = world.nodes.filter((slot) => roles.has(slot.role) && !named.includes(slot.id));
  return [...ids, ...others.map((slot) => slot.id)];
}

function links(
  sides: { from: readonly NodeSelector[]; to: readonly NodeSelector[] },
  world: World,
  make: (from: NodeId[], to: NodeId[]) => Action,
): Resolved {
  const from = idsOf(sides.from, world);
  if (!Array.isArray(from)) return from;
  const to = idsOf(sides.to, world);
  if (!Array.isArray(to)) return to;
  return ownLink(from, to) ?? action(make(from, to));
}

/** A node chosen by its standing may be the same as the one on the other side. */
function ownLink(from: readonly NodeId[], to: readonly NodeId[]): Unresolved | undefined {
  const [node] = to;
  const isOwnLink = from.length === 1 && to.length === 1 && from[0] === node;
  return isOwnLink ? missing({ code: 'own-link', node }) : undefined;
}

function network(command: Extract<Command, { type: 'network' }>, world: World): Resolved {
  const from = command.from && idsOf(command.from, world);
  if (from && !Array.isArray(from)) return from;
  const to = command.to && idsOf(command.to, world);
  if (to && !Array.isArray(to)) return to;
  const own = from && to && ownLink(from, to);
  if (own !== undefined) return own;
  const rule = { ...command.rule, ...(from && { from }), ...(to && { to }) };
  return action({ type: 'network', at: world.time, rule });
}

type MessageCommand = Extract<Command, { which: MessageSelector }>;

function messageAction(command: MessageCommand, world: World): Resolved {
  const found = findMessage(command, world);
  if ('obstacle' in found) return found;
  const { from, to, ordinal, copy } = found;
  const name: MessageName = { from, to, ordinal, copy };
  const at = world.time;
  if (command.type === 'delay') return action({ type: 'delay', at, ...name, by: command.by ?? 0 });
  return action({ type: command.type, at, ...name });
}

/**
 * The message in flight that the command means; of several, the first to arrive. Only `deliver` can
 * mean a message of a node to itself, which does not pass through the network.
 */
function findMessage({ type, which }: MessageCommand, world: World): Message | Unresolved {
  let fits: (message: Message) => boolean;
  if ('exact' in which) {
    const { from, to, ordinal, copy } = which.exact;
    fits = (one) =>
      one.from === from && one.to === to && one.ordinal === ordinal && one.copy === copy;
  } else {
    const from = which.from === undefined ? undefined : slotOf(which.from, world);
    const to = which.to === undefined ? undefined : slotOf(which.to, world);
    if (which.from !== undefined && from === undefined) return missingNode(which.from, world);
    if (which.to !== undefined && to === undefined) return missingNode(which.to, world);
    const own = from && to && type !== 'deliver' ? ownLink([from.id], [to.id]) : undefined;
    if (own !== undefined) return own;
    fits = (one) =>
      (from === undefined || one.from === from.id) &&
      (to === undefined || one.to === to.id) &&
      (which.message === undefined || one.body.type === which.message);
  }
  let first: Message | undefined;
  let early: Impossible | undefined;
  for (const pending of world.queue.items) {
    if (pending.type !== 'deliver' || !fits(pending)) continue;
    if (type !== 'deliver' && isOwn(pending)) continue;
    if (type === 'duplicate' && pending.connection !== '') continue;
    const before = type === 'deliver' ? overtaken(world, pending) : undefined;
    if (before !== undefined) {
      const { connection } = pending;
      early ??= { type: 'out of order', message: pending, first: before, connection };
      continue;
    }
    if (first === undefined || order(pending, first) < 0) first = pending;
  }
  if (first !== undefined) return first;
  // It can be delivered once the message before it was.
  if (early !== undefined) return missing({ code: 'not-now', reason: early });
  if ('exact' in which && isPast(which.exact, world)) {
    return impossible({ code: 'message-gone', message: which.exact });
  }
  return missing({ code: 'no-such-message' });
}

function isPast(name: MessageName, world: World): boolean {
  const to = world.plan.indexOf.get(name.to);
  const from = world.node(name.from);
  return to !== undefined && from !== undefined && from.sent[to] >= name.ordinal;
}
