// Gossip: every member stores every entry, and no member leads. A write is mailed to all at once;
// what the mail does not reach, members find out by comparing with a partner now and then.
// The names are those of Demers et al., "Epidemic algorithms for replicated database maintenance"
// (1987): direct mail in §1.2, anti-entropy in §1.3.
import {
  broadcast, defineProtocol, majority, type MessageOf, type Micros, milliseconds,
  type Node, type NodeId, noRequests, operation, type OperationId, pick, reply, request,
  type Requests, retry, role, shuffle, takeRequest,
} from 'lockstep';

/** The newest write of a key: the one with the highest number, and of those, the last writer's. */
interface Entry { value: string; number: number; writer: NodeId }
type Entries = Record<string, Entry>;

interface Messages {
  /** Direct mail: a write as it happens. */
  Mail: { key: string; entry: Entry };
  Stored: { entries: Entries };
  /** Anti-entropy: what the sender stores. The reply has what it lacks. */
  Compare: { request: number; entries: Entries };
  Missing: { request: number; entries: Entries };
}

/** A write of this member until a majority stores it. */
interface Write { key: string; entry: Entry; storedBy: NodeId[]; operation: OperationId }

interface Member {
  state: {
    entries: Entries;
    /** The other members that this one knows. */
    members: NodeId[];
    writes: Write[];
    requests: Requests<MessageOf<Pick<Messages, 'Compare'>>>;
  };
  receives: Messages;
  sends: Messages;
  timers: { antiEntropy: void; requestTimeout: string };
  events: {
    EntryWritten: { key: string; value: string };
    EntryLearned: { key: string; value: string; by: 'mail' | 'anti-entropy' };
    PartnerSilent: { partner: NodeId };
  };
  options: { interval: readonly [Micros, Micros]; timeout: Micros; antiEntropy: boolean };
}

const member = role<Member>({
  doc: 'Stores all entries, and spreads those that it learns.',
  // A new member knows the others. They meet it when it compares its entries with theirs.
  joins: true,
  options: {
    interval: {
      kind: 'range',
      default: [milliseconds(80), milliseconds(120)],
      min: milliseconds(1),
      doc: 'How long a member waits before it compares its entries with a partner.',
    },
    timeout: {
      kind: 'duration',
      default: milliseconds(20),
      min: milliseconds(1),
      doc: 'How long a member waits for the reply of its partner before it asks again.',
    },
    antiEntropy: {
      kind: 'boolean',
      default: true,
      doc: 'Whether members compare their entries; without it, there is only direct mail.',
    },
  },
  init: () => ({ entries: {}, members: [], writes: [], requests: noRequests() }),
  durable: ['entries', 'members'],
  start(node) {
    for (const peer of node.peers) meet(node, peer);
    waitForComparison(node);
  },
  messages: {
    Mail(node, { key, entry }, from) {
      meet(node, from);
      learn(node, { [key]: entry }, 'mail');
      node.send(from, { type: 'Stored', entries: { [key]: entry } });
    },
    Stored: (node, { entries }, from) => noteStored(node, from, entries),
    Compare(node, message, from) {
      meet(node, from);
      noteStored(node, from, message.entries);
      reply(node, from, message, { type: 'Missing', entries: missingIn(node, message.entries) });
      learn(node, message.entries, 'anti-entropy');
    },
    Missing(node, message, from) {
      const compared = takeRequest(node, message);
      if (compared !== undefined) noteStored(node, from, compared.message.entries);
      learn(node, message.entries, 'anti-entropy');
    },
  },
  timers: {
    antiEntropy(node) {
      const { entries, members } = node.state;
      const policy = { timeout: node.options.timeout, attempts: 2 };
      if (members.length > 0) {
        request(node, pick(node, members), { type: 'Compare', entries }, policy);
      }
      waitForComparison(node);
    },
    requestTimeout(node, key) {
      const givenUp = retry(node, key);
      if (givenUp !== undefined) node.event('PartnerSilent', { partner: givenUp.to });
    },
  },
  background: ['antiEntropy', 'requestTimeout'],
  operations: {
    write: operation<Member>()({
      doc: 'Writes an entry; answers when a majority of the members stores it.',
      parameters: { key: 'string', value: 'string' },
      run(node, { key, value }, id) {
        const { entries, members, writes } = node.state;
        const entry = { value, number: (entries[key]?.number ?? 0) + 1, writer: node.id };
        entries[key] = entry;
        writes.push({ key, entry, storedBy: [], operation: id });
        node.event('EntryWritten', { key, value });
        const receivers = shuffle(node, members);
        broadcast(node, { type: 'Mail', key, entry }, receivers);
        noteStored(node, node.id, entries);
      },
    }),
  },
  look: ({ entries }) => ({
    facts: Object.fromEntries(Object.entries(entries).map(([key, { value }]) => [key, value])),
  }),
});

function waitForComparison(node: Node<Member>): void {
  if (node.options.antiEntropy) node.setTimer('antiEntropy', node.options.interval);
}

/** A member learns of one that joined later by the first message from it. */
function meet(node: Node<Member>, other: NodeId): void {
  if (!node.state.members.includes(other)) node.state.members.push(other);
}

function isOlder(entry: Entry | undefined, than: Entry): boolean {
  if (entry === undefined || entry.number !== than.number) return (entry?.number ?? 0) < than.number;
  return entry.writer < than.writer;
}

/** The entries of this member that are newer than those of another. */
function missingIn(node: Node<Member>, others: Readonly<Entries>): Entries {
  const own = Object.entries(node.state.entries);
  return Object.fromEntries(own.filter(([key, entry]) => isOlder(others[key], entry)));
}

function learn(node: Node<Member>, from: Readonly<Entries>, by: 'mail' | 'anti-entropy'): void {
  const { entries } = node.state;
  for (const [key, entry] of Object.entries(from)) {
    if (!isOlder(entries[key], entry)) continue;
    entries[key] = entry;
    node.event('EntryLearned', { key, value: entry.value, by });
  }
}

/** Notes which of this node's writes a member stores, and answers those that a majority stores. */
function noteStored(node: Node<Member>, by: NodeId, entries: Readonly<Entries>): void {
  const { state } = node;
  const needed = majority(state.members.length + 1);
  for (const { key, entry, storedBy, operation: id } of state.writes) {
    const stored = entries[key];
    if (stored === undefined || isOlder(stored, entry) || storedBy.includes(by)) continue;
    storedBy.push(by);
    if (storedBy.length >= needed) node.reply(id, 'stored');
  }
  state.writes = state.writes.filter(({ storedBy }) => storedBy.length < needed);
}

export default defineProtocol({
  name: 'gossip',
  doc: 'Entries that spread among equal members: at once by mail, and in the end by comparison.',
  source: 'Demers et al., Epidemic algorithms for replicated database maintenance, PODC 1987, §1.',
  events: {
    EntryWritten: 'A member wrote an entry for a client.',
    EntryLearned: 'A member stores an entry that it had not, or had as it was before.',
    PartnerSilent: 'A partner did not reply to a comparison.',
  },
  roles: { member },
  defaultRole: 'member',
  invariants: {
    'Entries Only Advance': {
      doc: 'A member never replaces an entry with an older one.',
      remember: (): Record<NodeId, Entries> => ({}),
      check({ acted, memory }) {
        if (acted === undefined) return undefined;
        const before = memory[acted.id] ?? {};
        const now = acted.state.entries;
        for (const [key, entry] of Object.entries(before)) {
          const kept = now[key];
          if (kept === undefined) return `${acted.id} lost the entry ${key}`;
          if (isOlder(kept, entry)) return `${acted.id} replaced ${key} by an older write`;
        }
        memory[acted.id] = { ...now };
        return undefined;
      },
    },
  },
});
