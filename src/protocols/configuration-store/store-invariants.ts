/** What the servers promise: the same changes in the same order, and swaps that compare. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant } from '../../protocol/types.ts';
import { invariants as raftInvariants } from '../raft/invariants.ts';
import { emptyLedger, isSame, isServer, type Ledger, noteApplied } from './ledger.ts';
import { changeText } from './summary.ts';

/** etcd, "KV APIs": operations occur in a total order, which the revisions are. */
const oneChangeARevision = invariant<Ledger>({
  doc: 'All servers that have applied a revision have applied the same change there.',
  remember: emptyLedger,
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    for (const { change } of noteApplied(memory, acted)) {
      const first = memory.applied[change.revision];
      if (isSame(first.change, change)) continue;
      const other = `${first.by} applied ${changeText(first.change)}`;
      return `${acted.id} applied ${changeText(change)}, but ${other}.`;
    }
    return undefined;
  },
});

/** etcd, "Data model": each operation that changes the key space has a new revision. */
const everyChangeCounts = invariant<Ledger>({
  doc: 'Each change has the next revision, and a key shows the revision of its last change.',
  remember: emptyLedger,
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { revision, keys, changes } = acted.state;
    const added = noteApplied(memory, acted);
    if (added.length === 0) return undefined;
    const last = changes[changes.length - 1].revision;
    if (last !== revision) return `${acted.id} is at revision ${revision}, but changed at ${last}.`;
    const latest: Record<string, number> = {};
    for (const { change: { key, value, revision: at } } of added) {
      latest[key] = value === null ? 0 : at;
    }
    for (const [key, at] of Object.entries(latest)) {
      const shown = Object.hasOwn(keys, key) ? keys[key].modRevision : 0;
      if (shown !== at) return `${acted.id} changed ${key} at ${at}, but shows revision ${shown}.`;
    }
    return undefined;
  },
});

interface Swaps extends Ledger {
  /** Key → the revision of its last change; 0 if that deleted it. */
  keys: Record<string, number>;
  /** The highest revision that was checked. */
  checked: number;
}

const swapsCompare = invariant<Swaps>({
  doc: 'A swap changes a key only if its last change was the one that the client had seen.',
  remember: () => ({ ...emptyLedger(), keys: {}, checked: 1 }),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    for (const { change, entry: { command } } of noteApplied(memory, acted)) {
      const { revision, key, value } = change;
      if (revision <= memory.checked) continue;
      memory.checked = revision;
      const before = memory.keys[key] ?? 0;
      memory.keys[key] = value === null ? 0 : revision;
      if (command.op !== 'swap' || command.modRevision === before) continue;
      const asked = `a swap that compares revision ${command.modRevision}`;
      return `${acted.id} let ${asked} change ${key}, which was changed at ${before}.`;
    }
    return undefined;
  },
});

const noWatchInDeletedPast = invariant({
  doc: 'A watch that wants changes from before the compaction is refused, and never begins later.',
  check({ acted, events }) {
    if (!isServer(acted)) return undefined;
    const { compacted } = acted.state;
    const accepted = events.filter(({ name }) => name === 'WatchAccepted');
    const event = accepted.find(({ fields }) => fields.from < compacted);
    if (event === undefined) return undefined;
    const { client, key, from } = event.fields;
    const gone = `the changes before ${compacted} are deleted`;
    return `${acted.id} accepted the watch of ${client} for ${key} from ${from}, but ${gone}.`;
  },
});

export const storeInvariants: Record<string, Invariant> = {
  'One Change A Revision': oneChangeARevision,
  'Every Change Counts': everyChangeCounts,
  'Swaps Compare': swapsCompare,
  'No Watch In The Deleted Past': noWatchInDeletedPast,
  ...raftInvariants,
};
