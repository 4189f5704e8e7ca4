/** The options and the events of the client. */
import type { Standings } from '../../protocol/standings.ts';
import type { Micros, Range } from '../../protocol/types.ts';
import { between, milliseconds, seconds } from '../../protocol/units.ts';
import {
  type ConnectionEvents, connectionEvents, type ConnectionOptions, connectionOptions,
  type Described,
} from './client-connection.ts';
import { type Cure, cures } from './purchase.ts';

const rolledBack = 'its transaction ends, or is rolled back';

export const clientStandings: Standings = {
  '': { doc: 'It has no operation and no statement under way.', to: { busy: 'it begins one' } },
  busy: {
    doc: 'It waits for the database, for the lock, or for the time of its next attempt.',
    to: { '': 'it is done', holder: 'it has the lock in Redis' },
  },
  holder: {
    doc: 'It believes that it has the lock in Redis.',
    to: { '': 'it is done, and releases the lock', busy: rolledBack },
  },
};

export interface ClientEvents extends ConnectionEvents {
  ItemBought: { item: number };
  SoldOut: { item: number };
  VersionConflict: { item: number; version: number };
  Retried: { attempt: number; reason: string };
  LockAcquired: { key: string };
  LockRefused: { key: string };
  LockReleased: { key: string };
}

export const clientEvents: Record<keyof ClientEvents, string> = {
  ItemBought: 'A purchase was committed: its buyer has the item.',
  SoldOut: 'A buyer found that no piece is left.',
  VersionConflict: 'No row was changed, because its version is not the one that was read.',
  Retried: 'A client starts again, after a rollback by the database or a version conflict.',
  LockAcquired: 'A client has the lock in Redis, as far as it knows.',
  LockRefused: 'A client did not get the lock, because another has it.',
  LockReleased: 'A client released the lock.',
  ...connectionEvents,
};

export interface ClientOptions extends ConnectionOptions {
  cure: Cure;
  thinking: Range;
  retries: number;
  retryAfter: Range;
  lockTtl: Micros;
}

export const clientOptions: Described<ClientOptions> = {
  cure: {
    kind: 'choice',
    default: 'none',
    choices: cures,
    doc: 'How `buy` prevents another client from buying the same piece.',
  },
  thinking: {
    kind: 'range',
    default: between(milliseconds(10), milliseconds(50)),
    min: 0,
    doc: 'How long the application works between reading and writing.',
  },
  retries: {
    kind: 'integer',
    default: 3,
    min: 0,
    doc: 'How often it starts again after a conflict, a deadlock or a serialization failure.',
  },
  retryAfter: {
    kind: 'range',
    default: between(milliseconds(10), milliseconds(30)),
    min: milliseconds(1),
    doc: 'How long it waits before it tries again to get the lock.',
  },
  lockTtl: {
    kind: 'duration',
    default: seconds(10),
    min: milliseconds(1),
    unit: milliseconds(1),
    doc: 'How long Redis keeps the lock of a client that does not release it: PX, at least 1 ms.',
  },
  ...connectionOptions,
};
