/** What holds at every moment of a Raft run: Figure 3 of the paper, and what its rules imply. */
// Each check looks only at the server that acted, because no other changed, and only at what is
// new there: its cost does not grow with the log or with the run. Two facts of Figure 2 make that
// enough. A log changes only at its end, by cutting and appending. And what is appended was made by
// a leader at its own end, or copied from a log that was checked when it came about.
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, Observed } from '../../protocol/types.ts';
import type { Command } from './client.ts';
import type { Entry, ReplicaState } from './state.ts';

type Server = Observed<ReplicaState>;

/**
 * Every leader is seen in the step that makes it one, so comparing it with the first leader seen in
 * its term covers leaders at different times too.
 */
const electionSafety = invariant<{ leaders: Record<number, NodeId> }>({
  doc: 'At most one leader can be elected in a given term (§5.2).',
  remember: () => ({ leaders: {} }),
  check({ acted, memory: { leaders } }) {
    if (!isServer(acted) || acted.state.standing !== 'leader') return undefined;
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
 * A cut shortens the log, or replaces what stood at its end: the entry that was the last one tells,
 * since entries before it can only have been replaced together with it.
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
    const who = `${acted.id}, the leader of term ${currentTerm},`;
    if (log.length < length) return `${who} deleted its entries ${log.length + 1} to ${length}.`;
    if (sameEntry(log[length - 1], last)) return undefined;
    return `${who} overwrote its entry ${length}: ${told(last)} became ${told(log[length - 1])}.`;
  },
});

interface Cell {
  readonly entry: Entry;
  /** The term of the entry before it; 0 for the first of a log. */
  readonly before: number;
}

interface Logs {
  /** What was first seen at each index, and what came there with another term: `index/term`. */
  first: Ledger<Cell>;
  others: Record<string, Cell>;
  /** For each server the terms of its log: where each begins, and how long the log is. */
  shapes: Record<NodeId, Shape>;
}

interface Shape {
  length: number;
  starts: number[];
  terms: number[];
}

/**
 * If an index and a term always name one entry, and always with the same term before it, then by
 * induction they name everything before it. So it is enough to compare each entry, when it comes
 * to a log, with the first of its index and term, and the terms of the entries before the two.
 * Where a log has the term that it had before, the same induction says that nothing changed up to
 * there: that tells which entries are new.
 */
const logMatching = invariant<Logs>({
  doc: 'If two logs hold an entry with the same index and term, they are the same up to it (§5.3).',
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
    return `${at}, but it is ${told(entry)} in one and ${told(cell.entry)} in the other.`;
  }
  return `${at}, but the entries before it are of the terms ${before} and ${cell.before}.`;
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

/** Keeps the first `kept` entries of the old shape, and adds those that follow in the log. */
function reshape(shape: Shape, kept: number, log: readonly Entry[]): void {
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
  /** The highest entry that a leader committed, the term in which it did, and its name. */
  index: number;
  entry: Entry | null;
  term: number;
  by: NodeId;
  /** The last term in which each server was seen to lead. */
  led: Record<NodeId, number>;
}

/**
 * Checked when a leader is elected, and for the leaders there are when an older one still commits.
 * The highest committed entry stands for all below it: the leader that committed it was checked to
 * have those, and by Log Matching whoever has the entry has all before it.
 */
const leaderCompleteness = invariant<Committed>({
  doc: 'An entry committed in one term is in the logs of the leaders of all later terms (§5.4).',
  remember: () => ({ index: 0, entry: null, term: 0, by: '', led: {} }),
  check({ acted, nodes, memory }) {
    if (!isServer(acted) || acted.state.standing !== 'leader') return undefined;
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
  const lost = `entry ${index}, ${told(entry)}, which ${by} committed in term ${term}`;
  return `${leader.id} leads term ${currentTerm} without ${lost}.`;
}

interface Applied {
  entries: Ledger<Entry>;
  /** How far each server has applied its log, since it last booted. */
  seen: Record<NodeId, number>;
}

/**
 * Servers apply one index after the other, so what was first applied at each index is a list
 * without gaps, and each newly applied entry is compared with its place there. A server that boots
 * begins again at the first.
 */
const stateMachineSafety = invariant<Applied>({
  doc: 'If a server applied an entry at an index, none ever applies another one there (§5.4.3).',
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
        const there = `${other?.id ?? 'another server'} applied ${told(first)} there`;
        return `${acted.id} applied ${told(entry)} at index ${index}, but ${there}.`;
      }
    }
    return undefined;
  },
});

/** The last vote is enough: in a term that is over no server votes, unless currentTerm fell. */
const oneVote = invariant<Record<NodeId, { term: number; candidate: NodeId }>>({
  doc: 'A server votes for at most one candidate in a term, also when it crashes between (§5.2).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted) || acted.state.votedFor === null) return undefined;
    const { currentTerm: term, votedFor: candidate } = acted.state;
    const before = memory[acted.id];
    if (before?.term === term && before.candidate === candidate) return undefined;
    if (before && before.term > term) return undefined;
    memory[acted.id] = { term, candidate };
    if (before?.term !== term) return undefined;
    return `${acted.id} voted for ${before.candidate} and then for ${candidate} in term ${term}.`;
  },
});

/** commitIndex is volatile: after a crash a server learns it anew, from 0. */
const commitIndexNeverFalls = invariant<Record<NodeId, number>>({
  doc: 'What a server knows to be committed stays so: its commitIndex never falls while it runs.',
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

const currentTermNeverFalls = invariant<Record<NodeId, number>>({
  doc: 'A server never goes back to an earlier term, not even over a crash (§5.1).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const before = memory[acted.id] ?? 0;
    const now = acted.state.currentTerm;
    if (now !== before) memory[acted.id] = now;
    if (now >= before) return undefined;
    return `The currentTerm of ${acted.id} fell from ${before} to ${now}.`;
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
};

// What the checks share

function isServer(node: Observed | undefined): node is Server {
  return node !== undefined && node.role === 'replica';
}

/** A client numbers its commands and a leader makes one no-op a term, so these name an entry. */
function sameEntry(a: Entry | undefined, b: Entry): boolean {
  if (a === b) return true;
  return a?.term === b.term && a.clientId === b.clientId && a.serial === b.serial;
}

/** An entry in words: `put x 1 (term 2)`. */
function told(entry: Entry | undefined): string {
  if (entry === undefined) return 'nothing';
  const { op, ...rest } = entry.command as Command & Record<string, unknown>;
  return `${[op, ...Object.values(rest)].join(' ')} (term ${entry.term})`;
}

/** A list counted from 1 that only grows: its full pages are frozen, so that worlds share them. */
interface Ledger<T> {
  pages: (readonly T[])[];
  open: T[];
}

const pageSize = 256;

function ledger<T>(): Ledger<T> {
  return { pages: [], open: [] };
}

function recordedCount<T>({ pages, open }: Ledger<T>): number {
  return pages.length * pageSize + open.length;
}

function recorded<T>({ pages, open }: Ledger<T>, index: number): T | undefined {
  const page = Math.floor((index - 1) / pageSize);
  const items = page === pages.length ? open : pages[page];
  return items?.[(index - 1) % pageSize];
}

function record<T>(list: Ledger<T>, item: T): void {
  list.open.push(item);
  if (list.open.length < pageSize) return;
  list.pages.push(Object.freeze(list.open));
  list.open = [];
}
