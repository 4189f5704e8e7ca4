/** LISTEN and NOTIFY: messages between sessions, which are sent when a transaction commits. */
import type { Node } from '../../../protocol/types.ts';
import type { Context, Database, SessionId, Transaction } from '../state.ts';

type Server = Node<Database>;

/** NOTIFY and `pg_notify`. The same message twice in a transaction is sent once. */
export function notify({ transaction }: Context, channel: string, payload: string): void {
  const isSame = (one: { channel: string; payload: string }) =>
    one.channel === channel && one.payload === payload;
  if (!transaction.notifications.some(isSame)) transaction.notifications.push({ channel, payload });
}

/** LISTEN and UNLISTEN; null stands for all channels. */
export function listen({ transaction }: Context, channel: string | null, listens: boolean): void {
  transaction.listening.push({ channel, listens });
}

/** What a commit does: the session listens to other channels, and its messages are sent. */
export function publish(node: Server, session: SessionId, transaction: Transaction): void {
  const { sessions } = node.state;
  const own = sessions[session];
  for (const { channel, listens } of transaction.listening) {
    own.channels = own.channels.filter((one) => channel !== null && one !== channel);
    if (listens && channel !== null) own.channels.push(channel);
  }
  for (const { channel, payload } of transaction.notifications) {
    node.event('Notified', { session: own.client, channel, payload });
    for (const [id, { channels, notified }] of Object.entries(sessions)) {
      if (!channels.includes(channel)) continue;
      notified.push({ channel, payload, pid: own.pid });
      deliver(node, id);
    }
  }
}

/** Sends a session what it listens to, unless it is in a transaction: then when that has ended. */
export function deliver(node: Server, session: SessionId): void {
  const own = node.state.sessions[session];
  if (own.transaction !== null || own.query !== null || own.gone) return;
  for (const one of own.notified.splice(0)) {
    node.send(session, { type: 'Notification', ...one });
  }
}
