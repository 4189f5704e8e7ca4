/** The messages in flight: all of them, those to one node, one by its name. */
import type { MessageName } from '../action.ts';
import { Message, order, type Pending, type Queue } from '../pending.ts';
import type { Plan } from '../plan.ts';

/** Where a world keeps its messages. Those that wait for a paused node are not in the queue. */
interface Mail {
  readonly plan: Plan;
  readonly queue: Queue;
  readonly nodes: readonly { readonly held: readonly Pending[] }[];
}

/** In order of arrival; last come those that wait for a paused node. */
export function messagesInFlight({ queue, nodes }: Mail): Message[] {
  const flying = queue.items.filter((one) => one instanceof Message).sort(order);
  return [...flying, ...nodes.flatMap(({ held }) => held.filter((one) => one instanceof Message))];
}

/** The messages to one node, in no order. */
export function messagesTo({ queue, nodes }: Mail, to: number): Message[] {
  const pending = [...queue.items, ...nodes[to].held];
  return pending.filter((one): one is Message => one instanceof Message && one.toIndex === to);
}

/** The message of that name; undefined if it is not in flight. */
export function messageOf(mail: Mail, name: Message | MessageName): Message | undefined {
  if (name instanceof Message) return name;
  const top = mail.queue.items[0];
  // Most look-ups are for the message that arrives next.
  if (top instanceof Message && isNamed(top, name)) return top;
  const to = mail.plan.indexOf.get(name.to);
  if (to === undefined) return undefined;
  return messagesTo(mail, to).find((one) => isNamed(one, name));
}

/** Whether both name the same copy of the same message. */
export function isNamed(message: MessageName, name: MessageName): boolean {
  return (
    message.ordinal === name.ordinal &&
    message.copy === name.copy &&
    message.from === name.from &&
    message.to === name.to
  );
}
