/** MULTI, EXEC, DISCARD, WATCH and UNWATCH: https://redis.io/docs/manual/transactions/ */
import { entryAt, isExpired, type Session } from '../data.ts';
import { error, OK, type Reply } from '../reply.ts';
import { type Call, type Command, type Commands, notForScripts, placeOf } from './call.ts';

/** Forgets the queue of a transaction and the watched keys. */
export function endTransaction(session: Session): void {
  session.queue = null;
  session.isAborted = false;
  unwatch(session);
}

function unwatch(session: Session): void {
  session.watched = [];
  session.isChanged = false;
}

function watch(call: Call): Reply {
  const { session, data, now } = call;
  if (session.queue !== null) return error('WATCH inside MULTI is not allowed');
  // A transaction that is bound to fail need not watch more.
  if (session.isChanged) return OK;
  for (const key of call.args.slice(1)) {
    const place = placeOf(call, key);
    const isKnown = session.watched.some((one) => one.key === key && one.db === place.db);
    const entry = entryAt(data, place);
    const wasExpired = entry !== undefined && isExpired(entry, now);
    if (!isKnown) session.watched.push({ ...place, wasExpired });
  }
  return OK;
}

/** Whether a watched key has changed, or has expired since WATCH. */
export function hasChanged({ data, session, now }: Call): boolean {
  if (session.isChanged) return true;
  return session.watched.some((one) => {
    const entry = entryAt(data, one);
    return !one.wasExpired && entry !== undefined && isExpired(entry, now);
  });
}

const plain = (arity: number, run: Command['run']): Command =>
  notForScripts({ arity, writes: false, run });

/** EXEC itself executes commands, so it is in execute.ts. */
export const transactionCommands: Commands = {
  multi: plain(1, ({ session }) => {
    if (session.queue !== null) return error('MULTI calls can not be nested');
    session.queue = [];
    return OK;
  }),
  discard: plain(1, ({ session }) => {
    if (session.queue === null) return error('DISCARD without MULTI');
    endTransaction(session);
    return OK;
  }),
  watch: plain(-2, watch),
  unwatch: plain(1, ({ session }) => {
    unwatch(session);
    return OK;
  }),
};
