/** What a Redis server promises at every step, as far as its persistence allows. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import { entryAt, typeName } from './data.ts';
import { tokenKey } from './redis-server.ts';
import type { RedisState } from './server-state.ts';

type Server = Observed<RedisState>;

function isServer(node: Observed | undefined): node is Server {
  return node !== undefined && ['redis', 'replica', 'counter'].includes(node.role);
}

interface Count {
  boots: number;
  value: number;
}

/** Only while it runs as the primary: without `always`, a crash or a promotion can lose INCRs. */
const counterGrows = invariant<Record<NodeId, Count>>({
  doc: 'The counter of fencing tokens never falls while its server runs as the primary (INCR).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { standing, boots, entries } = acted.state;
    const before = memory[acted.id];
    const value = Number(entries[tokenKey]?.value ?? 0);
    if (before?.boots === boots && before.value === value) return undefined;
    memory[acted.id] = { boots, value: standing === 'primary' ? value : 0 };
    if (before?.boots !== boots || standing !== 'primary' || !acted.up) return undefined;
    if (value >= before.value) return undefined;
    return `The counter of fencing tokens at ${acted.id} fell from ${before.value} to ${value}.`;
  },
});

/** Such a change would have no expiry timer, and would not reach the disk or the replicas. */
const changesSettled = invariant({
  doc: 'After each command, its changes are on their way to the disk and to the replicas.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up || !acted.state.open) return undefined;
    const [place] = acted.state.dirty;
    if (place === undefined) return undefined;
    return `${acted.id} changed ${place.key}, but did not pass it on.`;
  },
});

/**
 * Redis persistence, "appendfsync always": what was answered is not lost in a crash. Remembers the
 * entries as JSON if all of them are on disk, or else an empty string.
 */
const diskSurvives = invariant<Record<NodeId, string>>({
  doc: 'A crash loses only changes that were not on disk yet: with `always`, none.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const before = memory[acted.id] ?? '';
    const { entries, unsynced } = acted.state;
    const text = unsynced ? '' : JSON.stringify(entries);
    memory[acted.id] = text;
    if (acted.up || before === '' || before === text) return undefined;
    return `${acted.id} had ${before} on disk, but has ${text} after a crash.`;
  },
});

/** A client that blocks on such a key was not woken when it became ready. */
const blockedWaitForSomething = invariant({
  doc: 'No client is blocked on a key that has what it waits for.',
  check({ acted }) {
    if (!isServer(acted) || !acted.up) return undefined;
    for (const { blocked, client } of acted.state.sessions) {
      if (blocked === null || blocked.on === 'replicas') continue;
      const key = blocked.keys.find((one) => {
        const entry = entryAt(acted.state, { db: blocked.db, key: one });
        return entry !== undefined && typeName(entry.value) === blocked.on;
      });
      if (key !== undefined) return `${client} waits for ${key}, though it is at ${acted.id}.`;
    }
    return undefined;
  },
});

export const redisInvariants: Record<string, Invariant> = {
  'the counter of tokens grows': counterGrows,
  'changes are settled': changesSettled,
  'the disk survives a crash': diskSurvives,
  'blocked clients wait for what is not there': blockedWaitForSomething,
};
