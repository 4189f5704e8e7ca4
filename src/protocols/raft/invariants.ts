/** Raft's invariants: the properties of Figure 3 of the paper, and what its rules imply. */
// Each check looks only at the server that acted, because no other server changed, and only at what
// is new there: its cost grows neither with the log nor with the run. Two consequences of Figure 2
// make this sufficient. A log changes only at its end, where entries are deleted or appended. And a
// leader created an appended entry at the end of its own log, or a server copied it from a log that
// was checked before.
import { invariant } from '../../protocol/define.ts';
import type { Invariant, Json, NodeId, Observed } from '../../protocol/types.ts';
import {
  describe, type Entry, isLeader, isServer, type Ledger, ledger, record, recorded, recordedCount,
  sameEntry, type Server,
} from './observed-log.ts';
import { membershipInvariants } from './membership-invariants.ts';
import { optionInvariants } from './option-invariants.ts';
import { serverInvariants } from './server-invariants.ts';
import type { Log } from './state.ts';
import { currentTermNeverFalls, oneVote } from './vote-invariants.ts';

/**
 * Every leader is checked in the step that elects it. Comparing it with the first leader of its
 * term also covers two leaders that were never leaders at the same time.
 */
const electionSafety = invariant<{ leaders: Record<number, NodeId> }>({
  doc: 'At most one leader can be elected in a given term (§5.2).',
  remember: () => ({ leaders: {} }),
  when: ({ acted }) => isLeader(acted),
  check({ acted, memory: { leaders } }) {
    if (!isLeader(acted)) return undefined;
    const term = acted.state.currentTerm;
    const first = (leaders[term] ??= acted.id);
    if (first === acted.id) return undefined;
    return `${acted.id} leads term ${term}, but ${first} was elected in that term before it.`;
  },
});

interface Leadership {
  term: number;
  length: number;
  last: Entry | undefined;
}

/**
 * It is enough to compare the entry that was the last one. Deleting entries removes or replaces it,
 * because an earlier entry can be replaced only together with all entries after it.
 */
const leaderAppendOnly = invariant<Record<NodeId, Leadership | null>>({
  doc: 'A leader never overwrites or deletes entries in its log; it only appends new ones (§5.3).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { standing, currentTerm, log } = acted.state;
    const before = memory[acted.id];
    if (standing !== 'leader') {
      if (before) memory[acted.id] = null;
      return undefined;
    }
    if (before?.term === currentTerm && before.last === log[log.length - 1]) return undefined;
    memory[acted.id] = { term: currentTerm, length: log.length, last: log[log.length - 1] };
    if (before?.term !== currentTerm || before.last === undefined) return undefined;
    const { length, last } = before;
    const leader = `${acted.id}, the leader of term ${currentTerm},`;
    if (log.length < length) return `${leader} deleted its entries ${log.length + 1} to ${length}.`;
    if (sameEntry(log[length - 1], last)) return undefined;
    const [old, changed] = [describe(last), describe(log[length - 1])];
    return `${leader} overwrote its entry ${length}: ${old} became ${changed}.`;
  },
});

interface Cell {
  readonly entry: Entry;
  /** The term of the entry before it; 0 for the first entry of a log. */
  readonly before: number;
}

interface Logs {
  /** The first entry seen at each index. */
  first: Ledger<Cell>;
  /** Entries seen at an index whose term is not that of the first one: `index/term` → the entry. */
  others: Record<string, Cell>;
  shapes: Record<NodeId, Shape>;
}

/** The terms of a server's log: each term, the index at which it begins, and the log's length. */
interface Shape {
  length: number;
  starts: number[];
  terms: number[];
}

/**
 * If an index and a term always identify the same entry, with the same term before it, then by
 * induction they identify the whole log up to that index. So each entry that a log receives is
 * compared with the first entry that had this index and term, and so are the terms before the two.
 * The same induction finds the new entries: if a log has the same term at an index as before, then
 * nothing changed up to that index.
 */
const logMatching = invariant<Logs>({
  doc: 'Logs that contain an entry with the same index and term are identical up to it (§5.3).',
  remember: () => ({ first: ledger(), others: {}, shapes: {} }),
  check({ acted, nodes, memory }) {
    if (!isServer(acted)) return undefined;
    const { log } = acted.state;
    const shape = (memory.shapes[acted.id] ??= { length: 0, starts: [], terms: [] });
    let kept = log.length;
    while (kept > 0 && termIn(shape, kept) !== log[kept - 1].term) kept--;
    if (kept === log.length && kept === shape.length) return undefined;
    reshape(shape, kept, log);
    for (let index = kept + 1; index <= log.length; index++) {
      const why = compareCell(memory, acted, index, nodes);
      if (why !== undefined) return why;
    }
    return undefined;
  },
});

function compareCell(
  memory: Logs,
  server: Server,
  index: number,
  nodes: readonly Observed[],
): string | undefined {
  const { log } = server.state;
  const entry = log[index - 1];
  const before = index > 1 ? log[index - 2].term : 0;
  const cell = cellOf(memory, index, entry.term);
  if (cell === undefined) {
    addCell(memory, index, Object.freeze({ entry, before }));
    return undefined;
  }
  if (cell.before === before && sameEntry(cell.entry, entry)) return undefined;
  const other = nodes.find(
    (one) => one !== server && isServer(one) && one.state.log[index - 1]?.term === entry.term,
  );
  const both = `${server.id} and ${other?.id ?? 'an earlier log'} have an entry of term`;
  const at = `${both} ${entry.term} at index ${index}`;
  if (!sameEntry(cell.entry, entry)) {
    return `${at}, but it is ${describe(entry)} in one and ${describe(cell.entry)} in the other.`;
  }
  return `${at}, but the entries before it are of terms ${before} and ${cell.before}.`;
}

function cellOf(memory: Logs, index: number, term: number): Cell | undefined {
  const first = recorded(memory.first, index);
  return first?.entry.term === term ? first : memory.others[`${index}/${term}`];
}

function addCell(memory: Logs, index: number, cell: Cell): void {
  if (index === recordedCount(memory.first) + 1) record(memory.first, cell);
  else memory.others[`${index}/${cell.entry.term}`] = cell;
}

function termIn({ length, starts, terms }: Shape, index: number): number {
  if (index > length) return -1;
  let at = terms.length - 1;
  while (starts[at] > index) at--;
  return terms[at];
}

/** Updates the shape of a log of which only the first `kept` entries are unchanged. */
function reshape(shape: Shape, kept: number, log: Log<Json>): void {
  const { starts, terms } = shape;
  while (starts.length > 0 && starts[starts.length - 1] > kept) {
    starts.pop();
    terms.pop();
  }
  for (let index = kept + 1; index <= log.length; index++) {
    const { term } = log[index - 1];
    if (terms[terms.length - 1] === term) continue;
    starts.push(index);
    terms.push(term);
  }
  shape.length = log.length;
}

interface Committed {
  /** The highest entry that a leader committed, and its index; null before the first commit. */
  index: number;
  entry: Entry | null;
  /** The leader that committed it, and the term in which it did. */
  term: number;
  by: NodeId;
  /** The last term that each server led, as far as it was checked. */
  led: Record<NodeId, number>;
}

/**
 * Checked when a leader is elected, and for all current leaders when an older leader still commits.
 * Only the highest committed entry is compared. The leader that committed it was checked to have
 * all entries committed before; by Log Matching, a log with this entry has all entries before it.
 */
const leaderCompleteness = invariant<Committed>({
  doc: 'An entry committed in one term is in the logs of the leaders of all later terms (§5.4).',
  remember: () => ({ index: 0, entry: null, term: 0, by: '', led: {} }),
  when: ({ acted }) => isLeader(acted),
  check({ acted, nodes, memory }) {
    if (!isLeader(acted)) return undefined;
    const { currentTerm, commitIndex, log } = acted.state;
    if (memory.led[acted.id] !== currentTerm) {
      memory.led[acted.id] = currentTerm;
      const why = whyIncomplete(memory, acted);
      if (why !== undefined) return why;
    }
    if (commitIndex <= memory.index) return undefined;
    memory.index = commitIndex;
    memory.entry = log[commitIndex - 1] ?? null;
    memory.term = currentTerm;
    memory.by = acted.id;
    for (const node of nodes) {
      if (!isServer(node) || node.state.standing !== 'leader') continue;
      const why = whyIncomplete(memory, node);
      if (why !== undefined) return why;
    }
    return undefined;
  },
});

function whyIncomplete({ index, entry, term, by }: Committed, leader: Server): string | undefined {
  const { currentTerm, log } = leader.state;
  if (entry === null || currentTerm <= term || sameEntry(log[index - 1], entry)) return undefined;
  const lost = `entry ${index}, ${describe(entry)}, which ${by} committed in term ${term}`;
  return `${leader.id} leads term ${currentTerm} without ${lost}.`;
}

interface Applied {
  /** The first entry applied at each index. */
  entries: Ledger<Entry>;
  /** The lastApplied of each server when it was last checked. */
  seen: Record<NodeId, number>;
}

/**
 * Servers apply one index after the other, so the entries applied first form a list without gaps.
 * Each newly applied entry is compared with the entry in the list. A server that boots begins again
 * at index 1.
 */
const stateMachineSafety = invariant<Applied>({
  doc: 'If a server has applied an entry at an index, no other applies another there (§5.4.3).',
  remember: () => ({ entries: ledger(), seen: {} }),
  check({ acted, nodes, memory: { entries, seen } }) {
    if (!isServer(acted)) return undefined;
    const { lastApplied, log } = acted.state;
    const before = seen[acted.id] ?? 0;
    if (lastApplied === before) return undefined;
    seen[acted.id] = lastApplied;
    for (let index = before + 1; index <= lastApplied; index++) {
      const entry = log[index - 1];
      if (entry === undefined) return `${acted.id} applied index ${index}, which its log lacks.`;
      const first = recorded(entries, index);
      if (first === undefined) record(entries, entry);
      else if (!sameEntry(first, entry)) {
        const other = nodes.find(
          (one) => isServer(one) && one.state.lastApplied >= index
            && sameEntry(one.state.log[index - 1], first),
        );
        const there = `${other?.id ?? 'another server'} applied ${describe(first)} there`;
        return `${acted.id} applied ${describe(entry)} at index ${index}, but ${there}.`;
      }
    }
    return undefined;
  },
});

/** commitIndex is volatile: after a crash a server begins at 0 and learns it again. */
const commitIndexNeverFalls = invariant<Record<NodeId, number>>({
  doc: 'Committed entries stay committed: the commitIndex of a running server never decreases.',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const before = memory[acted.id] ?? 0;
    const now = acted.up ? acted.state.commitIndex : 0;
    if (now !== before) memory[acted.id] = now;
    if (now >= before || !acted.up) return undefined;
    return `The commitIndex of ${acted.id} fell from ${before} to ${now}.`;
  },
});

/**
 * It is enough to compare the highest entry that a server knew to be committed: an earlier one can
 * be deleted or replaced only together with all entries after it. The log is durable, so an entry
 * also stays when its server crashes and forgets its commitIndex.
 */
const committedEntriesStay = invariant<Record<NodeId, { index: number; entry: Entry }>>({
  doc: 'A running server never deletes or replaces an entry that it knows to be committed (§5.3).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { commitIndex, log } = acted.state;
    const known = memory[acted.id];
    if (!acted.up) {
      // A crash may take what was not on its own disk yet: a majority of the others has it.
      const index = log.length;
      if (known !== undefined && known.index > index) {
        if (index === 0) delete memory[acted.id];
        else memory[acted.id] = { index, entry: log[index - 1] };
      }
      return undefined;
    }
    if (known !== undefined && !sameEntry(log[known.index - 1], known.entry)) {
      const { index, entry } = known;
      const now = log[index - 1];
      const how = now === undefined ? 'deleted' : `replaced by ${describe(now)}`;
      return `Entry ${index} of ${acted.id}, ${describe(entry)}, was committed, and is ${how}.`;
    }
    const index = Math.min(commitIndex, log.length);
    if (index > (known?.index ?? 0)) memory[acted.id] = { index, entry: log[index - 1] };
    return undefined;
  },
});

const indexesInOrder = invariant({
  doc: 'A server applies only committed entries, and commits only entries that its log has (§5.3).',
  check({ acted }) {
    if (!isServer(acted)) return undefined;
    const { lastApplied, commitIndex, log } = acted.state;
    if (lastApplied > commitIndex) {
      return `${acted.id} applied index ${lastApplied}, but its commitIndex is ${commitIndex}.`;
    }
    if (commitIndex <= log.length) return undefined;
    return `The commitIndex of ${acted.id} is ${commitIndex}, but its log ends at ${log.length}.`;
  },
});

export const invariants: Record<string, Invariant> = {
  'Election Safety': electionSafety,
  'Leader Append-Only': leaderAppendOnly,
  'Log Matching': logMatching,
  'Leader Completeness': leaderCompleteness,
  'State Machine Safety': stateMachineSafety,
  'At Most One Vote a Term': oneVote,
  'commitIndex Never Falls': commitIndexNeverFalls,
  'currentTerm Never Falls': currentTermNeverFalls,
  'Committed Entries Stay': committedEntriesStay,
  'Indexes In Order': indexesInOrder,
  ...serverInvariants,
  ...optionInvariants,
  ...membershipInvariants,
};
