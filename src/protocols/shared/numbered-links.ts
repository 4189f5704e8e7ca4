/** Links that keep the order of their messages: each has a number, and early ones are held back. */
// Lamport (1978) assumes that messages arrive in the order in which they were sent, and that none
// is lost, and says that "message numbers" achieve it. A lost message blocks its link here.
import type { NodeId } from '../../protocol/types.ts';

export interface NumberedLinks<Message> {
  /** Receiver → the number of the last message to it. */
  sent: Record<NodeId, number>;
  /** Sender → the number of the last message that was handled. */
  handled: Record<NodeId, number>;
  /** Sender → the messages that arrived before one with a smaller number. */
  held: Record<NodeId, Message[]>;
}

export function noMessages<Message>(): NumberedLinks<Message> {
  return { sent: {}, handled: {}, held: {} };
}

/** The number of the next message to a node. */
export function nextNumber<Message>(links: NumberedLinks<Message>, to: NodeId): number {
  return (links.sent[to] = (links.sent[to] ?? 0) + 1);
}

/** Returns the messages that can be handled now that this one has arrived, in their order. */
export function inOrder<Message extends { readonly number: number }>(
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
