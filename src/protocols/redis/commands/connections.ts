/** Commands on connections: PING, SELECT, CLIENT and their like. */
import { databaseCount, type Session } from '../data.ts';
import { error, notAnInteger, notModelled, OK, type Reply, syntaxError } from '../reply.ts';
import { replyAtTimeout, unblock } from './blocking.ts';
import { type Call, type Command, type Commands, notForScripts, reads } from './call.ts';
import { index, integer } from './numbers.ts';
import { subscriptions } from './pubsub.ts';
import { endTransaction } from './transactions.ts';

function select({ args, session }: Call): Reply {
  const db = index(args[1]);
  if (db === undefined) return notAnInteger;
  if (db < 0 || db >= databaseCount) return error('DB index is out of range');
  session.db = db;
  return OK;
}

function ping({ args, session }: Call): Reply {
  if (args.length > 2) return error("wrong number of arguments for 'ping' command");
  if (subscriptions(session) > 0) return ['pong', args[1] ?? ''];
  return args[1] ?? { ok: 'PONG' };
}

/** RESET: the connection is as it was when it was opened. */
function reset({ session }: Call): Reply {
  endTransaction(session);
  session.channels = [];
  session.patterns = [];
  session.db = 0;
  session.name = '';
  return { ok: 'RESET' };
}

// CLIENT

type Filter = (session: Session) => boolean;

/** CLIENT KILL ID n | TYPE t | SKIPME yes/no, several at once */
function kill(call: Call): Reply {
  const words = call.args.slice(2);
  if (words.length === 1) return notModelled('the addresses of clients; CLIENT KILL ID kills');
  const filters: Filter[] = [];
  let skipsOwn = true;
  for (let i = 0; i < words.length; i += 2) {
    const [name, value] = [words[i].toLowerCase(), words[i + 1]];
    if (value === undefined) return syntaxError;
    if (name === 'skipme') {
      if (!/^(yes|no)$/i.test(value)) return syntaxError;
      skipsOwn = /^yes$/i.test(value);
      continue;
    }
    const filter = filterOf(name, value);
    if (typeof filter !== 'function') return filter;
    filters.push(filter);
  }
  const killed = call.data.sessions.filter(
    (one) => filters.every((filter) => filter(one)) && !(skipsOwn && one === call.session),
  );
  for (const one of killed) end(call, one);
  return killed.length;
}

function end(call: Call, session: Session): void {
  if (session.blocked) unblock(call, session);
  call.host.close(session);
}

function filterOf(name: string, value: string): Filter | Reply {
  switch (name) {
    case 'id': {
      const id = integer(value);
      if (id === undefined || id <= 0n) return error('client-id should be greater than 0');
      return (one) => BigInt(one.id) === id;
    }
    case 'type': {
      const type = value.toLowerCase();
      if (type === 'normal') return (one) => subscriptions(one) === 0;
      if (type === 'pubsub') return (one) => subscriptions(one) > 0;
      if (['master', 'slave', 'replica'].includes(type)) return () => false;
      return error(`Unknown client type '${value}'`);
    }
    case 'addr':
    case 'laddr':
    case 'user':
      return notModelled(`CLIENT KILL ${name.toUpperCase()}`);
    default:
      return syntaxError;
  }
}

/** CLIENT UNBLOCK id [TIMEOUT | ERROR] */
function unblockClient(call: Call): Reply {
  const [, , id, how = 'timeout', ...more] = call.args;
  if (more.length > 0) {
    return error(
      "unknown subcommand or wrong number of arguments for 'UNBLOCK'. Try CLIENT HELP.",
    );
  }
  if (!/^(timeout|error)$/i.test(how)) {
    return error('CLIENT UNBLOCK reason should be TIMEOUT or ERROR');
  }
  const given = integer(id);
  if (given === undefined) return notAnInteger;
  const session = call.data.sessions.find((one) => BigInt(one.id) === given);
  const blocked = session?.blocked;
  if (session === undefined || !blocked) return 0;
  const reply: Reply = /^error$/i.test(how)
    ? { err: 'UNBLOCKED client unblocked via CLIENT UNBLOCK' }
    : replyAtTimeout(call, session);
  unblock(call, session);
  call.host.answer(session, blocked.request, reply);
  return 1;
}

function setName({ args, session }: Call): Reply {
  if (!/^[!-~]*$/.test(args[2])) {
    return error('Client names cannot contain spaces, newlines or special characters.');
  }
  session.name = args[2];
  return OK;
}

const plain = (arity: number, run: Command['run']): Command =>
  notForScripts({ arity, writes: false, run });

export const connectionCommands: Commands = {
  ping: reads(-1, ping),
  echo: reads(2, ({ args }) => args[1]),
  select: reads(2, select),
  quit: plain(-1, ({ host, session }) => {
    host.close(session);
    return OK;
  }),
  reset: plain(1, reset),
  'client|id': plain(2, ({ session }) => session.id),
  'client|getname': plain(2, ({ session }) => session.name || null),
  'client|setname': plain(3, setName),
  'client|kill': plain(-3, kill),
  'client|unblock': plain(-3, unblockClient),
  // There is no eviction of clients from which these could exempt one.
  'client|no-evict': plain(3, ({ args }) => (/^(on|off)$/i.test(args[2]) ? OK : syntaxError)),
};
