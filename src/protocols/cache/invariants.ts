/** What caches must keep, whether they allow stale reads or not; and which reads are stale. */
import { invariant } from '../../protocol/define.ts';
import type { DerivedEvent, Invariant, Json, Micros, Observation } from '../../protocol/types.ts';
import type { CacheServer } from './cache-server.ts';
import {
  type DatabaseValues, follow, noValues, pairOf, wasThere,
} from './database-values.ts';

const fromTheDatabase = invariant<DatabaseValues>({
  doc: 'A cache is filled only with values that the database has, or once had.',
  remember: noValues,
  check({ nodes, acted, events, memory }: Observation<DatabaseValues>) {
    follow(memory, nodes);
    for (const { name, fields } of events) {
      if (name !== 'Filled' || wasThere(memory, String(fields.key), fields.value)) continue;
      return `${acted!.id} has ${fields.key} = ${fields.value}, which the database never had.`;
    }
    return undefined;
  },
});

const notAfterItsTime = invariant({
  doc: 'No cache answers with an entry that has expired by its own clock.',
  when: ({ nodes }: Observation) => nodes.some(({ role }) => role === 'edge'),
  check({ acted, events }: Observation) {
    for (const { name, fields } of events) {
      if (name !== 'Hit' || fields.left === null || Number(fields.left) > 0) continue;
      return `${acted!.id} answered with ${fields.key} = ${fields.value} after it had expired.`;
    }
    return undefined;
  },
});

interface Deletes extends DatabaseValues {
  /** The step of the last delete, by cache and key. */
  deleted: Record<string, number>;
}

const leasesKeepOldValuesOut = invariant<Deletes>({
  doc: 'A fill with a lease is not older than the last delete of its key (§3.2.1).',
  remember: () => ({ ...noValues(), deleted: {} }),
  // Nothing that was replaced before the first lease can be filled with a lease.
  when: ({ nodes }: Observation<Deletes>) => nodes.some(({ role, state }) => {
    return role === 'cache' && (state as CacheServer['state']).lastToken > 0;
  }),
  check({ nodes, acted, events, memory }: Observation<Deletes>) {
    follow(memory, nodes);
    for (const { name, fields } of events) {
      const place = `${acted!.id} ${String(fields.key)}`;
      if (name === 'Invalidated') memory.deleted[place] = memory.step;
      if (name !== 'Filled' || fields.leased !== true) continue;
      const replaced = memory.replaced[pairOf(String(fields.key), fields.value)];
      const deleted = memory.deleted[place];
      if (replaced === undefined || deleted === undefined || replaced > deleted) continue;
      return `${acted!.id} was filled with ${fields.key} = ${fields.value}, which was replaced ` +
        'before its last delete of the key.';
    }
    return undefined;
  },
});

export const invariants: Record<string, Invariant> = {
  'Cached Values Come from the Database': fromTheDatabase,
  'No Entry Outlives Its TTL': notAfterItsTime,
  'A Lease Keeps Old Values Out': leasesKeepOldValuesOut,
};

interface Answered extends DatabaseValues {
  /** For each key and value: when the put that replaced it was answered, or one after that. */
  over: Record<string, Micros>;
}

/** A read is stale if the put that replaced its value had been answered before it was invoked. */
export const staleRead: DerivedEvent<Answered> = {
  remember: () => ({ ...noValues(), over: {} }),
  look({ nodes, answers, time, memory }) {
    follow(memory, nodes);
    return answers.flatMap(({ name, args, ok, result, invokedAt }) => {
      if (!ok) return [];
      const key = String(args.key);
      if (name === 'put') noteAnswer(memory, key, args.value, time);
      const over = name === 'get' ? memory.over[pairOf(key, result)] : undefined;
      if (over === undefined || over >= invokedAt || memory.now[key] === result) return [];
      return [{ key, value: result, current: memory.now[key], age: invokedAt - over }];
    });
  },
};

/** The values of the key that were replaced up to this put are over now. */
function noteAnswer(memory: Answered, key: string, value: Json | undefined, time: Micros): void {
  const since = memory.since[pairOf(key, value)];
  if (since === undefined) return;
  for (const [pair, replaced] of Object.entries(memory.replaced)) {
    if (pair.startsWith(`${key}=`) && replaced <= since) memory.over[pair] ??= time;
  }
}
