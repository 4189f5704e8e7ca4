/** What session guarantees say of reads (Terry et al. 1994), by the versions that clients saw. */
import type { Observation, ObservedIn } from '../../../protocol/types.ts';
import { compareVersions, type Version, versionText } from '../data/versions.ts';
import { ofStore, type Roles } from './roles.ts';

interface Seen {
  /** Client and key → the newest version of its writes or of its reads, in this session. */
  newest: Record<string, Version>;
}

interface Read {
  readonly client: string;
  readonly key: string;
  readonly version: Version;
  readonly before: Version;
}

const nothingSeen = (): Seen => ({ newest: {} });

/**
 * Takes in one step: keeps the versions of a client's reads or of its writes. Returns a read that
 * is older than what is kept, if its session asked for the guarantee.
 */
function olderRead(
  { acted, events, memory, nodes }: Observation<Seen, Roles>,
  guarantee: string,
  keeps: (name: string) => boolean,
): Read | undefined {
  if (acted?.role !== 'client' || !acted.state.session.asked.includes(guarantee)) return undefined;
  // Plain causal memory keeps the write that it applies last: versions do not say which is newer.
  const isPlain = (one: ObservedIn<Roles>) =>
    one.role === 'server' && one.state.causal?.isConvergent === false;
  if (nodes.some(isPlain)) return undefined;
  for (const event of events) {
    if (event.name !== 'Answered' || event.fields.version === null) continue;
    const { name, key, version } = event.fields;
    const of = `${acted.id} ${key}`;
    const before = memory.newest[of];
    const isOlder = before !== undefined && compareVersions(version, before) < 0;
    if (keeps(name) && !isOlder) memory.newest[of] = version;
    if (name === 'read' && isOlder) return { client: acted.id, key, version, before };
  }
  return undefined;
}

const words = ({ client, key, version, before }: Read, what: string) =>
  `${client} read ${key} @ ${versionText(version)}, after it had ${what} ${versionText(before)}.`;

const readYourWrites = ofStore({
  doc: 'With read-your-writes, a read is not older than a write of the same session.',
  remember: nothingSeen,
  check(of) {
    const found = olderRead(of, 'read-your-writes', (name) => name !== 'read');
    return found && words(found, 'written');
  },
});

const monotonicReads = ofStore({
  doc: 'With monotonic-reads, a read is not older than an earlier read of the same session.',
  remember: nothingSeen,
  check(of) {
    const found = olderRead(of, 'monotonic-reads', (name) => name === 'read');
    return found && words(found, 'read');
  },
});

export const sessionInvariants = {
  'Read Your Writes': readYourWrites,
  'Monotonic Reads': monotonicReads,
};
