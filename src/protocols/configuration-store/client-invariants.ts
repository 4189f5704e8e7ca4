/** What a watch promises its client, after the guarantees of etcd's watch API. */
// "Ordered", "unique", "reliable" and "resumable" (etcd.io/docs: API guarantees, Watch APIs). They
// hold for a watch over all servers that it uses, one after the other.
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observation, Observed } from '../../protocol/types.ts';
import { majority } from '../../protocol/patterns.ts';
import { sameEntry } from '../raft/observed-log.ts';
import type { Change, ClientState, Value } from './state.ts';
import { emptyLedger, isClient, isSame, isServer, type Ledger, noteApplied } from './ledger.ts';
import { changeText } from './summary.ts';
import { isWatched } from './watches.ts';

interface Received {
  readonly watch: number;
  readonly key: string;
  readonly value: Value | null;
  readonly revision: number;
}

function receivedIn({ acted, events }: Observation<unknown>): readonly Received[] {
  if (!isClient(acted)) return [];
  const received = events.filter(({ name }) => name === 'ChangeReceived');
  return received.map(({ fields }) => fields as Received);
}

/** A client numbers its watches, and never uses a number twice. */
const nameOf = (client: NodeId, watch: number) => `${client} ${watch}`;

/** "Ordered": by revision. "Unique": an event never appears twice. */
const changesInOrder = invariant<Record<string, number>>({
  doc: 'A watch receives changes in the order of their revisions, and none twice.',
  remember: () => ({}),
  check(observation) {
    const { acted, memory } = observation;
    for (const { watch, key, revision } of receivedIn(observation)) {
      const name = nameOf(acted!.id, watch);
      const last = memory[name] ?? 0;
      memory[name] = revision;
      if (revision > last) continue;
      return `${acted!.id} received revision ${revision} of ${key} after revision ${last}.`;
    }
    return undefined;
  },
});

interface Progress {
  readonly key: string;
  readonly prefix: boolean;
  /** The revision up to which it received all that it watches. */
  upTo: number;
}

/** "Reliable": if it received a and c, it received b between them. "Resumable", at any server. */
const noChangeIsMissed = invariant<Ledger & { watches: Record<string, Progress> }>({
  doc: 'A watch receives every change from its first revision on, even at another server.',
  remember: () => ({ ...emptyLedger(), watches: {} }),
  check({ acted, events, memory }) {
    if (isServer(acted)) noteApplied(memory, acted);
    if (!isClient(acted)) return undefined;
    for (const { name, fields } of events) {
      const id = nameOf(acted.id, fields.watch);
      if (name === 'WatchStarted') {
        const { key, prefix, from } = fields;
        memory.watches[id] = { key, prefix, upTo: from - 1 };
      }
      if (name !== 'WatchResumed' && name !== 'ChangeReceived') continue;
      const upTo = name === 'WatchResumed' ? fields.from - 1 : fields.revision;
      const before = name === 'WatchResumed' ? upTo : upTo - 1;
      const missed = missedIn(memory, memory.watches[id], before);
      memory.watches[id].upTo = Math.max(upTo, memory.watches[id].upTo);
      if (missed !== undefined) return `${acted.id} did not receive ${changeText(missed)}.`;
    }
    return undefined;
  },
});

/** The first change after its progress, up to a revision, that a watch is about. */
function missedIn({ applied }: Ledger, progress: Progress, upTo: number): Change | undefined {
  for (let revision = progress.upTo + 1; revision <= upTo; revision++) {
    const change = applied[revision]?.change;
    if (change !== undefined && isWatched({ watch: 0, ...progress }, change.key)) return change;
  }
  return undefined;
}

/** "Durability: all accessible data is also durable data." */
const onlyCommittedChanges = invariant<Ledger>({
  doc: 'A watch receives no change whose entry is not in the logs of a majority.',
  remember: emptyLedger,
  check(observation) {
    const { acted, nodes, memory } = observation;
    if (isServer(acted)) noteApplied(memory, acted);
    for (const received of receivedIn(observation)) {
      const { revision } = received;
      const first = memory.applied[revision];
      if (first === undefined || !isSame(first.change, { ...received, index: 0 })) {
        return `${acted!.id} received ${changeText(received)}, which no server applied.`;
      }
      const { change: { index }, entry } = first;
      const servers = (nodes as readonly Observed[]).filter(isServer);
      const having = servers.filter(({ state }) => sameEntry(state.log[index - 1], entry));
      if (having.length >= majority(servers.length)) continue;
      const few = `only ${having.map(({ id }) => id).join(' and ') || 'no server'} has its entry`;
      return `${acted!.id} received ${changeText(received)}, but ${few}.`;
    }
    return undefined;
  },
});

/** A client that acts on a value and then on an older one goes back in time. */
const knownNeverGoesBack = invariant<Record<NodeId, ClientState['known']>>({
  doc: 'What a client knows of a key never becomes older, whichever server it reads from.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isClient(acted)) return undefined;
    const before = acted.up ? (memory[acted.id] ?? {}) : {};
    memory[acted.id] = { ...acted.state.known };
    for (const [key, { revision }] of Object.entries(acted.state.known)) {
      const known = before[key]?.revision ?? 0;
      if (revision >= known) continue;
      return `${acted.id} knew ${key} of revision ${known}, and now that of ${revision}.`;
    }
    return undefined;
  },
});

export const clientInvariants: Record<string, Invariant> = {
  'Changes In Order': changesInOrder,
  'No Change Is Missed': noChangeIsMissed,
  'Only Committed Changes': onlyCommittedChanges,
  'Known Never Goes Back': knownNeverGoesBack,
};
