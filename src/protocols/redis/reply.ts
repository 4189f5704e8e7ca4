/** Replies to commands, and how redis-cli prints them. */
import type { Json, Node, RoleTypes } from '../../protocol/types.ts';

/**
 * `{ ok }` is a status, `{ err }` an error; a number is an integer, a string a bulk string. An
 * integer that a number cannot represent exactly is `{ integer }`, its decimal digits.
 */
export type Reply =
  | null
  | number
  | string
  | { readonly ok: string }
  | { readonly err: string }
  | { readonly integer: string }
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

/** The reply for a signed 64-bit integer. */
export function integerReply(value: bigint): Reply {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : { integer: String(value) };
}

/** Why a lock is refused whose token storage could not compare with others. */
export const tokenTooLarge = `${refusal}fencing tokens above 2^53`;

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
  if ('integer' in reply) return `(integer) ${reply.integer}`;
  return 'ok' in reply ? reply.ok : `(error) ${reply.err}`;
}

/** A reply as the answer to an operation: a status and a large integer are strings. */
export function plain(reply: Reply): Json {
  if (reply === null || typeof reply !== 'object') return reply;
  if (isList(reply)) return reply.map(plain);
  if ('integer' in reply) return reply.integer;
  return 'ok' in reply ? reply.ok : { error: reply.err };
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
export function reportMessage(
  node: Node<RoleTypes & { events: PushEvents }>,
  { reply }: { readonly reply: Reply },
): void {
  const words = isList(reply) ? reply.map(String) : [];
  const message = words.at(-1) ?? '';
  const channel = words.at(-2) ?? '';
  if (/^p?message$/.test(words[0])) node.event('MessageReceived', { channel, message });
}
