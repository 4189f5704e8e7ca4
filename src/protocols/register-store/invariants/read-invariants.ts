/** What reads and writes promise, by the settings of the server that answered them. */
// A register is atomic if versions order all operations as they followed each other (Lynch,
// Distributed Algorithms, 1996, lemma 13.16): a read has no older version than an operation that
// completed before it, and a write has a newer one. It is regular if this is true of reads after
// writes only.
import type { Observation } from '../../../protocol/types.ts';
import { compareVersions, unwritten, type Version, versionText } from '../data/versions.ts';
import { ofStore, type Roles } from './roles.ts';

interface Completed {
  /** Key → the newest version of a completed write. */
  written: Record<string, Version>;
  /** Key → the newest version of any completed operation. */
  seen: Record<string, Version>;
  /** Client → what was completed when it invoked its pending operation. */
  before: Record<string, { number: number; written: Version; seen: Version }>;
}

const nothingYet = (): Completed => ({ written: {}, seen: {}, before: {} });

interface Answer {
  readonly name: string;
  readonly key: string;
  readonly version: Version;
  readonly server: string;
  readonly promises: string;
  /** What was completed before it was invoked. */
  readonly before: { readonly written: Version; readonly seen: Version };
}

/** Takes in one step. Returns the operation that was answered in it, if it has a version. */
function answered(of: Observation<Completed, Roles>): Answer | undefined {
  const { acted, events, memory, nodes } = of;
  if (acted?.role !== 'client') return undefined;
  const { pending } = acted.state;
  if (pending !== null && memory.before[acted.id]?.number !== pending.number) {
    const written = memory.written[pending.key] ?? unwritten;
    const seen = memory.seen[pending.key] ?? unwritten;
    memory.before[acted.id] = { number: pending.number, written, seen };
  }
  for (const event of events) {
    if (event.name !== 'Answered') continue;
    const { name, key, version, server } = event.fields;
    if (version === null) return undefined;
    const before = memory.before[acted.id];
    if (name !== 'read') memory.written[key] = later(version, memory.written[key]);
    memory.seen[key] = later(version, memory.seen[key]);
    const answering = nodes.find(({ id }) => id === server);
    const promises = answering?.role === 'server' ? answering.state.promises : 'nothing';
    return { name, key, version, server, promises, before };
  }
  return undefined;
}

function later(one: Version, other: Version = unwritten): Version {
  return compareVersions(one, other) > 0 ? one : other;
}

const isOlder = (one: Version, other: Version) => compareVersions(one, other) < 0;

const completedWritesAreRead = ofStore({
  doc: 'Where reads are regular or atomic, a read is not older than a write that completed before.',
  remember: nothingYet,
  check(of) {
    const one = answered(of);
    if (one === undefined || one.promises === 'nothing' || one.name !== 'read') return undefined;
    if (!isOlder(one.version, one.before.written)) return undefined;
    const [found, written] = [one.version, one.before.written].map(versionText);
    return `${one.server} answered ${one.key} @ ${found}, after the write of ${written} completed.`;
  },
});

const noOldValueAfterNew = ofStore({
  doc: 'Where reads are atomic, a read is not older than one that completed before it.',
  remember: nothingYet,
  check(of) {
    const one = answered(of);
    if (one === undefined || one.promises !== 'atomic' || one.name !== 'read') return undefined;
    if (!isOlder(one.version, one.before.seen)) return undefined;
    const [found, seen] = [one.version, one.before.seen].map(versionText);
    return `${one.server} answered ${one.key} @ ${found}, after a read had returned ${seen}.`;
  },
});

const laterWritesAreNewer = ofStore({
  doc: 'Where reads are regular or atomic, a write is newer than one that completed before it.',
  remember: nothingYet,
  check(of) {
    const one = answered(of);
    if (one === undefined || one.promises === 'nothing' || one.name === 'read') return undefined;
    if (compareVersions(one.version, one.before.written) > 0) return undefined;
    const [own, written] = [one.version, one.before.written].map(versionText);
    return `The write of ${one.key} @ ${own} began after the one of ${written} had completed.`;
  },
});

export const readInvariants = {
  'Completed Writes Are Read': completedWritesAreRead,
  'No Old Value After New': noOldValueAfterNew,
  'Later Writes Are Newer': laterWritesAreNewer,
};
