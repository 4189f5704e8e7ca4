/** Summaries of the messages of Consul's servers and their clients. */
import type { Frozen, Json, Summary } from '../../protocol/types.ts';
import { asDuration } from '../../protocol/units.ts';
import { replicaSummary } from '../raft/summary.ts';
import { commandWords } from '../shared/command-words.ts';
import type { ConsulCommand, ConsulResponse, Get } from './api.ts';
import type { Server, ServerRequests } from './state.ts';

function requestWords(command: Frozen<ConsulCommand>): string {
  return command.op === 'get' ? getWords(command) : commandWords(inUnits(command));
}

export function requestText(request: Frozen<ServerRequests['Request']>): string {
  return `request ${request.serial}: ${requestWords(request.command)}`;
}

/** `get job consistent, after index 7`. */
function getWords({ key, mode, index }: Frozen<Get>): string {
  const how = mode === 'default' ? '' : ` ${mode}`;
  return `get ${key}${how}${index > 0 ? `, after index ${index}` : ''}`;
}

function responseWords(response: Frozen<ConsulResponse>): string {
  if (typeof response !== 'object') return String(response);
  if ('error' in response) return `${response.status}: ${response.error}`;
  if (!('entry' in response)) return fields(response);
  const { index, entry } = response;
  if (entry === null) return `no key, index ${index}`;
  const holder = entry.session === null ? 'no session' : `session ${entry.session}`;
  return `${holder}, LockIndex ${entry.lockIndex}, index ${index}`;
}

function fields(response: Readonly<Record<string, Json>>): string {
  const words = Object.entries(inUnits(response));
  return words.map(([name, value]) => `${name} ${String(value)}`).join(', ');
}

const durations: readonly string[] = ['ttl', 'lockDelay', 'renewed'];

/** With durations as text. */
function inUnits<Fields extends object>(given: Fields): Fields {
  const shown = Object.entries(given).map(([name, value]) => {
    const isDuration = durations.includes(name) && typeof value === 'number';
    return [name, isDuration ? asDuration(value) : value];
  });
  return Object.fromEntries(shown) as Fields;
}

/** Of what is in the log, and of the response to it. */
function loggedWords(logged: unknown): string {
  return commandWords(typeof logged === 'object' && logged !== null ? inUnits(logged) : logged);
}

const ofRaft = replicaSummary<unknown, unknown>(loggedWords);
/** Clients of Consul have messages of their own. */
const { ClientResponse: _, ...amongServers } = ofRaft.messages!;

export const serverSummary: Summary<Server> = {
  events: ofRaft.events as Summary<Server>['events'],
  messages: {
    ...(amongServers as Summary<Server>['messages']),
    Reply: ({ serial, response }) => `request ${serial}: ${responseWords(response)}`,
    Forward: ({ serial, client, command }) =>
      `request ${serial}, of ${client}: ${requestWords(command)}`,
    Forwarded: ({ serial, response }) => `request ${serial}: ${responseWords(response)}`,
    ConfirmLeader: ({ term, number }) => `term ${term}, read ${number}`,
    LeaderConfirmed: ({ term, number }) => `term ${term}, read ${number}`,
  },
};
