/** Replies to commands, and how redis-cli prints them. */
import type { Node, RoleTypes } from '../../protocol/types.ts';

/** `{ ok }` is a status, `{ err }` an error; a number is an integer, a string a bulk string. */
export type Reply =
  | null
  | number
  | string
  | { readonly ok: string }
  | { readonly err: string }
  | readonly Reply[];

export const OK: Reply = Object.freeze({ ok: 'OK' });

export const error = (text: string): Reply => ({ err: `ERR ${text}` });
export const syntaxError = error('syntax error');
export const notAnInteger = error('value is not an integer or out of range');
export const notAFloat = error('value is not a valid float');
export const wrongType: Reply = Object.freeze({
  err: 'WRONGTYPE Operation against a key holding the wrong kind of value',
});

const refusal = "Lockstep's Redis does not model ";

/** The reply to what Redis can do and Lockstep cannot: `what` completes the sentence. */
export function notModelled(what: string): Reply {
  return { err: refusal + what };
}

/** Whether an error is Lockstep's own, about what it does not model. */
export function isNotModelled(text: string): boolean {
  return text.startsWith(refusal);
}

export function errorOf(reply: Reply | undefined): string | undefined {
  const isError = typeof reply === 'object' && reply !== null && 'err' in reply;
  return isError ? reply.err : undefined;
}

/** `Array.isArray` does not narrow a union that contains a read-only list. */
export function isList<Item>(value: Item | readonly Item[]): value is readonly Item[] {
  return Array.isArray(value);
}

/** A reply as redis-cli prints it. */
export function printed(reply: Reply): string {
  if (reply === null) return '(nil)';
  if (typeof reply === 'number') return `(integer) ${reply}`;
  if (typeof reply === 'string') return JSON.stringify(reply);
  if (isList(reply)) return reply.length === 0 ? '(empty array)' : reply.map(printed).join(' ');
  return 'ok' in reply ? reply.ok : `(error) ${reply.err}`;
}

/** Whether a message's reply refuses a lock: a SET with NX found that the key exists. */
export function refusesLock(message: { readonly type: string; readonly reply?: Reply }): boolean {
  return message.type === 'Reply' && message.reply === null;
}

export interface PushEvents {
  MessageReceived: { channel: string; message: string };
}

export const pushEvents = {
  MessageReceived: 'A message arrived on a channel that a client is subscribed to.',
};

/** A client reports the messages of its subscriptions; confirmations it only reads. */
export function hearMessage(
  node: Node<RoleTypes & { events: PushEvents }>,
  { reply }: { readonly reply: Reply },
): void {
  const words = isList(reply) ? reply.map(String) : [];
  const message = words.at(-1) ?? '';
  const channel = words.at(-2) ?? '';
  if (/^p?message$/.test(words[0])) node.event('MessageReceived', { channel, message });
}
