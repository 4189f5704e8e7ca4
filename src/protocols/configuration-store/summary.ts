/** Summaries of the messages and events of the configuration store. */
import type { Frozen, Summary } from '../../protocol/types.ts';
import { replicaSummary, requestText } from '../raft/summary.ts';
import type { Change, Client, Found, Server } from './state.ts';

type Changed = Pick<Frozen<Change>, 'key' | 'value' | 'revision'>;

export function changeText({ key, value, revision }: Changed): string {
  return `${revision}: ${value === null ? `delete ${key}` : `put ${key} ${value}`}`;
}

function foundText({ value, modRevision, revision }: Frozen<Found>): string {
  return `${value ?? 'no value'}, changed at ${modRevision}, read at revision ${revision}`;
}

const ofRaft = replicaSummary<unknown, unknown>() as unknown as Summary<Server>;

export const serverSummary: Summary<Server> = {
  events: ofRaft.events,
  messages: {
    ...ofRaft.messages,
    WatchOpened: ({ watch, next }) => `watch ${watch} from revision ${next}`,
    WatchCompacted: ({ watch, compacted }) => `watch ${watch}: compacted at ${compacted}`,
    Changed: ({ watch, change }) => `watch ${watch}, revision ${changeText(change)}`,
    StaleReadResult: ({ read, found }) => `read ${read}: ${foundText(found)}`,
  },
};

export const clientSummary: Summary<Client> = {
  events: {
    ChangeReceived: (change) => `revision ${changeText(change)}`,
  },
  messages: {
    ClientRequest: requestText,
    Watch: ({ watch, key, prefix, from }) =>
      `watch ${watch}: ${prefix ? 'all of ' : ''}${key} from ${from > 0 ? from : 'now'}`,
    Unwatch: ({ watch }) => `watch ${watch}`,
    StaleRead: ({ read, key }) => `read ${read}: ${key}`,
  },
};
