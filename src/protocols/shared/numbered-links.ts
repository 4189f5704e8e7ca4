/** Links that keep the order of their messages: each has a number, and early ones are held back. */
// Lamport (1978) assumes that messages arrive in the order in which they were sent, and that none
// is lost, and says that "message numbers" achieve it. A lost message blocks its link here.
import type { Node, NodeId } from '../../protocol/types.ts';
import type { OptionFor } from '../../protocol/values.ts';

export interface NumberedLinks<Message> {
  /** Receiver → the number of the last message to it. */
  sent: Record<NodeId, number>;
  /** Sender → the number of the last message that was handled. */
  handled: Record<NodeId, number>;
  /** Sender → the messages that arrived before one with a smaller number. */
  held: Record<NodeId, Message[]>;
}

/** What a node with such links needs; it can do without the order, to show what that costs. */
interface Linked<Message> {
  state: { links: NumberedLinks<Message> };
  receives: object;
  sends: object;
  timers: object;
  events: { MessageHeldBack: { from: NodeId; number: number } };
  options: { numbered: boolean };
}

export const numbered: OptionFor<boolean> = {
  kind: 'boolean', default: true,
  doc: 'Whether messages are numbered and handled in the order in which they were sent.',
};

export const heldBack =
  'A message arrived before an earlier one of its link, and waits for it.';

export function noMessages<Message>(): NumberedLinks<Message> {
  return { sent: {}, handled: {}, held: {} };
}

/** The number of the next message to a node. */
export function nextNumber<Message>(links: NumberedLinks<Message>, to: NodeId): number {
  return (links.sent[to] = (links.sent[to] ?? 0) + 1);
}

/** Returns the messages that a node handles now that this one has arrived. */
export function arrived<Message extends { readonly number: number }>(
  node: Pick<Node<Linked<Message>>, 'state' | 'options' | 'event'>,
  from: NodeId,
  message: Message,
): Message[] {
  if (!node.options.numbered) return [message];
  const ready = inOrder(node.state.links, from, message);
  if (ready.length === 0) node.event('MessageHeldBack', { from, number: message.number });
  return ready;
}

/** Those that can be handled in their order. */
function inOrder<Message extends { readonly number: number }>(
  links: NumberedLinks<Message>,
  from: NodeId,
  message: Message,
): Message[] {
  const held = (links.held[from] ??= []);
  const isKnown = message.number <= (links.handled[from] ?? 0);
  if (!isKnown && held.every((one) => one.number !== message.number)) held.push(message);
  const ready: Message[] = [];
  for (;;) {
    const next = held.findIndex((one) => one.number === (links.handled[from] ?? 0) + 1);
    if (next < 0) return ready;
    ready.push(...held.splice(next, 1));
    links.handled[from] = (links.handled[from] ?? 0) + 1;
  }
}
