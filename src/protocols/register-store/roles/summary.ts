/** The messages and events of the store in words. */
import type { Frozen, Summary } from '../../../protocol/types.ts';
import { asDuration } from '../../../protocol/units.ts';
import { commandWords } from '../../shared/command-words.ts';
import { causalSummary } from '../causal/causal-summary.ts';
import { gossipSummary } from '../gossip/gossip-summary.ts';
import type { Register } from '../data/messages.ts';
import type { Client, Server } from '../data/state.ts';
import { versionText } from '../data/versions.ts';

const registerWords = (key: string, { value, version }: Frozen<Register>) =>
  `${key}=${commandWords(value)} @ ${versionText(version)}`;

export const clientSummary: Summary<Client> = {
  messages: {
    Request: ({ name, key, value }) =>
      commandWords(value === null ? { name, key } : { name, key, value }),
  },
  events: {
    Answered: ({ name, key, result, server, took }) =>
      `${name} ${key}: ${commandWords(result)}, from ${server} in ${asDuration(took)}`,
    TimedOut: ({ waited }) => `no answer in ${asDuration(waited)}`,
  },
};

export const serverSummary: Summary<Server> = {
  messages: {
    Reply: ({ result, version }) =>
      commandWords(result) + (version === null ? '' : ` @ ${versionText(version)}`),
    Refusal: ({ why }) => why,
    Append: ({ entries }) =>
      entries.map(({ index, key, value }) => `${index}: ${key}=${commandWords(value)}`).join(', '),
    Appended: ({ index }) => `up to ${index}`,
    Query: ({ key }) => key,
    Copy: ({ register }) =>
      (register === null
        ? 'none' : `${commandWords(register.value)} @ ${versionText(register.version)}`),
    Store: ({ key, register, hintFor }) =>
      registerWords(key, register) + (hintFor === null ? '' : `, for ${hintFor}`),
    Stored: ({ id }) => id,
    HandOff: ({ key, register }) => registerWords(key, register),
    HandedOff: ({ key, version }) => `${key} @ ${versionText(version)}`,
    ...causalSummary.messages,
    ...gossipSummary.messages,
  },
  events: {
    RequestHeld: ({ client, key }) => `${key}, for ${client}`,
    RequestReleased: ({ client, key }) => `${key}, for ${client}`,
    WriteApplied: ({ index, key, value, lag }) =>
      `${index}: ${key}=${commandWords(value)}, ${asDuration(lag)} after the leader accepted it`,
    CopyStored: ({ key, value, version }) => `${key}=${commandWords(value)} @ ${version}`,
    StaleCopyFound: ({ server, key, has, newest }) =>
      `${server} has ${key} @ ${has}, and the newest is ${newest}`,
    WriteBackStarted: ({ key, version, servers }) => `${key} @ ${version}, at ${servers.join(' ')}`,
    QuorumReached: ({ client, key, version, servers }) =>
      `${key} @ ${version} of ${servers.join(' ')}, for ${client}`,
    WriteAnswered: ({ client, key, version, servers }) =>
      `${key} @ ${versionText(version)}, for ${client}: ` +
      `${servers} ${servers === 1 ? 'server has' : 'servers have'} it`,
    QuorumMissed: ({ client, key, servers, needed }) =>
      `${key} for ${client}: ${servers.length} of ${needed} servers`,
    StandInAsked: ({ server, home }) => `${server} for ${home}`,
    HintKept: ({ home, key, version }) => `${key} @ ${version}, for ${home}`,
    HintDelivered: ({ home, key, version }) => `${key} @ ${version}, to ${home}`,
    ...causalSummary.events,
    ...gossipSummary.events,
  },
};
