/** The messages in flight: all, those to one node, one by its name, and whether one can arrive. */
import type { Micros } from '../../protocol/types.ts';
import { isNamed, type MessageName } from '../action.ts';
import type { End } from '../connection/end.ts';
import { isReset, receptionOf } from '../connection/reception.ts';
import { Message, order, type Pending, type Queue } from '../pending.ts';
import type { Plan } from '../plan.ts';
import type { Network } from './network.ts';

/**
 * The part of a world that carries messages. Those that wait for a paused node are out of the
 * queue. It does not name `World`, which imports this file.
 */
export interface Mail {
  readonly time: Micros;
  readonly plan: Plan;
  readonly queue: Queue;
  readonly network: Network;
  readonly nodes: readonly {
    readonly up: boolean;
    readonly paused: boolean;
    readonly held: readonly Pending[];
    readonly ends: readonly End[];
  }[];
}

/**
 * In order of arrival. Those on connections include what waits to be sent again. Last come those
 * that wait for a paused node.
 */
export function messagesInFlight({ queue, nodes }: Mail): Message[] {
  const flying = queue.items.filter((one) => one instanceof Message);
  for (const { ends } of nodes) for (const { outbox } of ends) flying.push(...outbox);
  flying.sort(order);
  return [...flying, ...nodes.flatMap(({ held }) => held.filter((one) => one instanceof Message))];
}

/** The messages to one node, in no order. */
export function messagesTo({ queue, nodes }: Mail, to: number): Message[] {
  const pending = [...queue.items, ...nodes[to].held];
  return pending.filter((one): one is Message => one instanceof Message && one.toIndex === to);
}

/** The message of that name; undefined if it is not in flight. */
export function messageOf(mail: Mail, name: MessageName): Message | undefined {
  if (name instanceof Message) return name;
  const top = mail.queue.items[0];
  // Most look-ups are for the message that arrives next.
  if (top instanceof Message && isNamed(top, name)) return top;
  const to = mail.plan.indexOf.get(name.to);
  if (to === undefined) return undefined;
  return messagesTo(mail, to).find((one) => isNamed(one, name));
}

/**
 * The message in flight that comes before this one, because both are on the same connection;
 * undefined if this one may arrive.
 */
export function overtaken({ queue }: Mail, message: Message): Message | undefined {
  const { connection, fromIndex } = message;
  if (connection === '' || isReset(message)) return undefined;
  return queue.items.find((one): one is Message => {
    if (!(one instanceof Message) || one.connection !== connection) return false;
    return one.fromIndex === fromIndex && order(one, message) < 0 && !isReset(one);
  });
}

/** Whether a delivery would run a handler of its receiver now: link not cut, node not crashed. */
export function canArrive(mail: Mail, message: Message): boolean {
  if (message.connection !== '') return receptionOf(mail, message) !== undefined;
  const { network, plan, nodes } = mail;
  const { fromIndex, toIndex } = message;
  if (network.isCut && network.cut[fromIndex * plan.size + toIndex] === 1) return false;
  return nodes[toIndex].up;
}
