/** What a cluster promises. The naive election breaks the first two; with majorities, all hold. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observation, Observed } from '../../protocol/types.ts';
import type { Member, MemberState, Version } from './state.ts';
import { isOlder } from './version.ts';

export interface Roles {
  replica: Member;
  witness: Member;
  client: { state: object; receives: { ClientResponse: object }; events: object };
}

type AnyNode = Observation<undefined, Roles>['nodes'][number];
type ObservedMember = Observed<MemberState, 'replica'> | Observed<MemberState, 'witness'>;

export function isMember(node: AnyNode | undefined): node is ObservedMember {
  return node?.role === 'replica' || node?.role === 'witness';
}

export function isLeader(node: AnyNode | undefined): node is ObservedMember {
  return isMember(node) && node.up && node.state.standing === 'leader';
}

export interface Answer {
  readonly client: NodeId;
  readonly serial: number;
}

/** The write that was answered, as the data of a node has it; undefined if it is not there. */
export function writeOf(
  writes: readonly string[],
  { client, serial }: Answer,
): string | undefined {
  return writes.find((one) => one.startsWith(`${client} ${serial}:`));
}

const ofCluster = invariant<Roles>();

/** Without terms, all is term 0, and nodes may lead it only one after the other. */
const oneLeader = ofCluster({
  doc: 'A term has one leader; without terms, no two nodes lead at the same time.',
  remember: (): { leaders: Record<string, NodeId> } => ({ leaders: {} }),
  check({ acted, nodes, memory: { leaders } }) {
    if (!isLeader(acted)) return undefined;
    const { term } = acted.state;
    const other = nodes.find(
      (one) => one.id !== acted.id && isLeader(one) && one.state.term === term,
    );
    if (other !== undefined) {
      const where = term === 0 ? 'at the same time' : `in term ${term}`;
      return `${acted.id} and ${other.id} lead ${where}.`;
    }
    if (term === 0) return undefined;
    const first = (leaders[term] ??= acted.id);
    if (first === acted.id) return undefined;
    return `${acted.id} leads term ${term}, which ${first} has led before.`;
  },
});

interface Answered {
  /** Writes that were answered: the write, by which node, and in which term. */
  writes: { readonly write: string; readonly by: NodeId; readonly term: number }[];
}

const answeredWritesStay = ofCluster({
  doc: 'A write that was answered is in the data of each leader of that term and of later ones.',
  remember: (): Answered => ({ writes: [] }),
  check({ acted, nodes, events, memory: { writes } }) {
    for (const event of events) {
      if (event.name !== 'WriteAnswered' || !isMember(acted)) continue;
      const write = writeOf(acted.state.data?.writes ?? [], event.fields);
      if (write === undefined) continue;
      writes.push({ write, by: acted.id, term: acted.state.term });
      // A leader of a later term may not have it only if it was elected before.
      const why = nodes.filter(isLeader).map((one) => whyLost(one, writes)).find(Boolean);
      if (why !== undefined) return why;
    }
    return isLeader(acted) ? whyLost(acted, writes) : undefined;
  },
});

function whyLost(leader: ObservedMember, writes: Answered['writes']): string | undefined {
  const { id, state: { term, data } } = leader;
  const lost = writes.find((one) => one.term <= term && data?.writes.includes(one.write) === false);
  if (lost === undefined) return undefined;
  return `${id} leads without the write "${lost.write}", which ${lost.by} had answered.`;
}

interface Votes {
  /** Term and candidate → the nodes that voted for it. */
  of: Record<string, NodeId[]>;
}

const electedByMajority = ofCluster({
  doc: 'A leader of a term has the votes of a majority of all nodes, seen or not.',
  remember: (): Votes => ({ of: {} }),
  when: ({ acted }) => isMember(acted) && acted.state.term > 0,
  check({ acted, nodes, memory: { of } }) {
    if (!isMember(acted)) return undefined;
    const { id, state: { term, votedFor, standing } } = acted;
    if (votedFor !== null) {
      const voters = (of[`${term} ${votedFor}`] ??= []);
      if (!voters.includes(id)) voters.push(id);
    }
    if (standing !== 'leader') return undefined;
    const voters = of[`${term} ${id}`] ?? [];
    const count = nodes.filter(isMember).length;
    if (voters.length > count / 2) return undefined;
    return `${id} leads term ${term} by ${voters.length} of ${count} votes.`;
  },
});

interface GivenVote {
  readonly term: number;
  readonly votedFor: NodeId;
}

interface GivenVotes {
  held: Record<NodeId, GivenVote>;
  /** The last vote of each node that has arrived: a crash takes only what its disk had not yet. */
  shown: Record<NodeId, GivenVote>;
}

const oneVote = ofCluster({
  doc: 'A node votes for one node in a term, even if it crashes in between.',
  remember: (): GivenVotes => ({ held: {}, shown: {} }),
  check({ acted, message, memory: { held, shown } }) {
    const body = message?.body;
    if (message !== undefined && (body?.type === 'RequestVote' || body?.type === 'Vote')) {
      const { from, to } = message;
      const isVote = body.type === 'RequestVote' || body.granted;
      const votedFor = body.type === 'RequestVote' ? from : to;
      const isLater = body.term >= (shown[from]?.term ?? 0);
      if (isVote && isLater) shown[from] = { term: body.term, votedFor };
    }
    if (!isMember(acted)) return undefined;
    const { id, up, state: { term, votedFor } } = acted;
    const before = up ? held[id] : shown[id];
    if (votedFor !== null) held[id] = { term, votedFor };
    else if (!up && before === undefined) delete held[id];
    else if (!up) held[id] = before;
    if (before === undefined || term > before.term) return undefined;
    if (term < before.term) return `${id} went back from term ${before.term} to ${term}.`;
    if (votedFor === before.votedFor) return undefined;
    return `${id} voted for ${before.votedFor} and then for ${votedFor ?? 'none'} in term ${term}.`;
  },
});

const storedByMajority = ofCluster({
  doc: 'With terms, a write is answered only when a majority of all nodes has stored it.',
  when: ({ acted }) => isLeader(acted) && acted.state.term > 0,
  check({ acted, nodes, events }) {
    if (!isMember(acted) || acted.state.data === null) return undefined;
    const all = nodes.filter(isMember);
    for (const event of events) {
      if (event.name !== 'WriteAnswered') continue;
      const write = writeOf(acted.state.data.writes, event.fields);
      if (write === undefined) continue;
      const has = all.filter((one) => hasStored(one, write, acted.state.term));
      if (has.length > all.length / 2) continue;
      const where = has.map(({ id }) => id).join(' and ');
      return `${acted.id} answered "${write}", which only ${where} of ${all.length} nodes stored.`;
    }
    return undefined;
  },
});

/** Of a witness only the version is known: it is of the leader's term. */
function hasStored({ state }: ObservedMember, write: string, term: number): boolean {
  return state.data === null ? state.version.term >= term : state.data.writes.includes(write);
}

const versionsGrow = ofCluster({
  doc: 'With terms, the version of a running node never becomes older.',
  remember: (): Record<NodeId, Version> => ({}),
  check({ acted, memory }) {
    if (!isMember(acted)) return undefined;
    const { id, up, state: { version, term } } = acted;
    const before = memory[id];
    if (before !== version) memory[id] = version;
    if (term === 0 || !up || before === undefined || !isOlder(version, before)) return undefined;
    const [was, now] = [before, version].map((one) => `${one.number} of term ${one.term}`);
    return `The version of ${id} was ${was}, and is ${now}.`;
  },
});

const sameVersionSameData = ofCluster({
  doc: 'With terms, nodes that have the same version have executed the same writes.',
  remember: (): { writes: Record<string, string> } => ({ writes: {} }),
  check({ acted, memory: { writes } }) {
    if (!isMember(acted) || acted.state.data === null) return undefined;
    const { id, state: { version, data } } = acted;
    if (version.term === 0) return undefined;
    const own = data.writes.join(', ');
    const first = (writes[`${version.number} of term ${version.term}`] ??= own);
    if (first === own) return undefined;
    const name = `${version.number} of term ${version.term}`;
    return `In version ${name}, ${id} has [${own}], and another node had [${first}].`;
  },
});

export const invariants: Record<string, Invariant> = {
  'One Leader': oneLeader,
  'Answered Writes Stay': answeredWritesStay,
  'Elected By A Majority': electedByMajority,
  'One Vote A Term': oneVote,
  'Stored By A Majority': storedByMajority,
  'Versions Grow': versionsGrow,
  'Same Version, Same Data': sameVersionSameData,
};
