/** Subscriptions: https://redis.io/docs/manual/pubsub/ */
import type { Session } from '../data.ts';
import type { Reply } from '../reply.ts';
import {
  type Call, type Command, type Commands, matchesGlob, notForScripts, publish, reads,
} from './call.ts';

/** How many channels and patterns a connection is subscribed to. */
export const subscriptions = ({ channels, patterns }: Session): number =>
  channels.length + patterns.length;

/** The first message is the reply; more of them follow it. */
function confirm({ host, session }: Call, messages: readonly Reply[]): Reply {
  for (const message of messages.slice(1)) host.push(session, message);
  return messages[0];
}

function subscribe(call: Call): Reply {
  const { session, name } = call;
  const isPattern = name.startsWith('p');
  const messages = call.args.slice(1).map((channel): Reply => {
    const list = isPattern ? session.patterns : session.channels;
    if (!list.includes(channel)) list.push(channel);
    return [name, channel, subscriptions(session)];
  });
  return confirm(call, messages);
}

function unsubscribe(call: Call): Reply {
  const { session, name } = call;
  const isPattern = name.startsWith('p');
  const list = () => (isPattern ? session.patterns : session.channels);
  const given = call.args.slice(1);
  const channels = given.length > 0 ? given : [...list()];
  const messages = channels.map((channel): Reply => {
    const rest = list().filter((one) => one !== channel);
    if (isPattern) session.patterns = rest;
    else session.channels = rest;
    return [name, channel, subscriptions(session)];
  });
  return confirm(call, messages.length > 0 ? messages : [[name, null, subscriptions(session)]]);
}

function channelsOf({ data, args }: Call): Reply {
  const all = new Set(data.sessions.flatMap(({ channels }) => channels));
  const [, , pattern] = args;
  return [...all].filter((one) => pattern === undefined || matchesGlob(pattern, one));
}

function countSubscribers({ data, args }: Call): Reply {
  return args.slice(2).flatMap((channel) => {
    return [channel, data.sessions.filter(({ channels }) => channels.includes(channel)).length];
  });
}

const plain = (arity: number, run: Command['run']): Command =>
  notForScripts({ arity, writes: false, run });

export const pubsubCommands: Commands = {
  subscribe: plain(-2, subscribe),
  unsubscribe: plain(-1, unsubscribe),
  psubscribe: plain(-2, subscribe),
  punsubscribe: plain(-1, unsubscribe),
  publish: reads(3, (call) => publish(call, call.args[1], call.args[2])),
  'pubsub|channels': reads(-2, channelsOf),
  'pubsub|numsub': reads(-2, countSubscribers),
  'pubsub|numpat': reads(2, ({ data }) => {
    return new Set(data.sessions.flatMap(({ patterns }) => patterns)).size;
  }),
};
