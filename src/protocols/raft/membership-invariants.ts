/** What membership changes promise (thesis §4). Without changes, these are never violated. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId, OperationId } from '../../protocol/types.ts';
import { termAt } from './log.ts';
import { type Entry, isServer, sameEntry } from './observed-log.ts';

interface Configurations {
  /** The configuration that each server used when it was last checked. */
  of: Record<NodeId, { readonly index: number; readonly members: readonly NodeId[] }>;
}

/** Checked at the leader that makes the configuration: its log holds the one before it. */
const oneServerAtATime = invariant<Configurations>({
  doc: 'A configuration differs from the one before it in one server (thesis §4.1).',
  remember: () => ({ of: {} }),
  check({ acted, nodes, memory: { of } }) {
    if (!isServer(acted)) return undefined;
    const { id, state: { members, membersIndex, standing } } = acted;
    const before = of[id];
    if (members === null || before?.members === members) return undefined;
    of[id] = { index: membersIndex, members };
    if (standing !== 'leader' || membersIndex === 0) return undefined;
    const was = before?.members ?? nodes.filter(isServer).map((one) => one.id);
    const changed = [
      ...members.filter((one) => !was.includes(one)),
      ...was.filter((one) => !members.includes(one)),
    ];
    if (changed.length <= 1) return undefined;
    return `${id} changed the members ${was.join(' ')} to ${members.join(' ')} in one step.`;
  },
});

const changeAfterCommit = invariant<Record<NodeId, number>>({
  doc: 'A leader begins a change after the last one, and after an entry of its term (thesis §4.1).',
  remember: () => ({}),
  check({ acted, memory }) {
    if (!isServer(acted)) return undefined;
    const { id, state: { membersIndex, standing, commitIndex, currentTerm, log } } = acted;
    const before = memory[id] ?? 0;
    if (membersIndex === before) return undefined;
    memory[id] = membersIndex;
    if (standing !== 'leader' || membersIndex < before) return undefined;
    const change = `${id} made a configuration at index ${membersIndex}, before`;
    if (before > commitIndex) return `${change} that of index ${before} was committed.`;
    if (commitIndex >= membersIndex) return undefined;
    if (termAt(log, commitIndex) === currentTerm) return undefined;
    return `${change} an entry of its term ${currentTerm} was committed.`;
  },
});

interface Latest {
  length: number;
  last: Entry | undefined;
  /** Where the latest configuration is in the log; 0 for the first, which is not in it. */
  index: number;
}

interface Used {
  of: Record<NodeId, Latest>;
  first: Record<NodeId, readonly NodeId[] | null>;
}

/** A log that only grew since the last check is searched from there on. */
const latestConfiguration = invariant<Used>({
  doc: 'A server uses the latest configuration in its log, committed or not (thesis §4.1).',
  remember: () => ({ of: {}, first: {} }),
  check({ acted, memory: { of, first } }) {
    if (!isServer(acted) || !acted.up) return undefined;
    const { id, state: { log, members, membersIndex } } = acted;
    const before = of[id];
    const last = log[log.length - 1];
    if (!Object.hasOwn(first, id)) first[id] = membersIndex === 0 ? members : null;
    if (before?.length !== log.length || before.last !== last) {
      const grew = before?.last !== undefined && sameEntry(log[before.length - 1], before.last);
      const from = grew ? before.length : 0;
      const found = log.findLastIndex((entry, i) => i >= from && membersIn(entry) !== undefined);
      of[id] = { length: log.length, last, index: found >= 0 || !grew ? found + 1 : before.index };
    }
    const { index } = of[id];
    const latest = index === 0 ? first[id] : membersIn(log[index - 1])!;
    if (members?.join(' ') === latest?.join(' ')) return undefined;
    const where = index === 0 ? 'has no other' : `has ${latest?.join(' ')} at index ${index}`;
    return `${id} uses the members ${members?.join(' ') ?? 'of the start'}, but its log ${where}.`;
  },
});

function membersIn({ command }: Entry): readonly NodeId[] | undefined {
  const { op, members } = command as { op?: unknown; members?: readonly NodeId[] };
  return op === 'configuration' ? members : undefined;
}

interface Changes {
  /** The highest configuration that a leader committed, and its index. */
  index: number;
  members: readonly NodeId[] | null;
  /** The changes without an answer, and whether a committed configuration has what they ask for. */
  waiting: Record<OperationId, { isAdded: boolean; server: NodeId; isDone: boolean }>;
}

const changeAnsweredLate = invariant<Changes>({
  doc: 'A change is answered once its configuration is committed (thesis Figure 4.1).',
  remember: () => ({ index: 0, members: null, waiting: {} }),
  check({ acted, nodes, answers, events, invoked, memory }) {
    if (invoked?.name === 'addServer' || invoked?.name === 'removeServer') {
      const [isAdded, server] = [invoked.name === 'addServer', invoked.args.server as NodeId];
      const first = nodes.filter(isServer).find(({ state }) => state.membersIndex === 0);
      memory.members ??= first?.state.members ?? nodes.filter(isServer).map(({ id }) => id);
      const isDone = memory.members.includes(server) === isAdded;
      memory.waiting[invoked.operation] = { isAdded, server, isDone };
    }
    for (const { name, fields } of isServer(acted) ? events : []) {
      if (name !== 'EntryCommitted' || fields.index <= memory.index) continue;
      const members = membersIn(fields as unknown as Entry);
      if (members === undefined) continue;
      Object.assign(memory, { index: fields.index, members });
      for (const one of Object.values(memory.waiting)) {
        one.isDone ||= members.includes(one.server) === one.isAdded;
      }
    }
    for (const { operation, name, node, ok, result } of answers) {
      const change = memory.waiting[operation];
      delete memory.waiting[operation];
      if (change === undefined || change.isDone || !ok || result !== 'OK') continue;
      return `${node} was answered ${name} ${change.server}, which is not committed.`;
    }
    return undefined;
  },
});

export const membershipInvariants: Record<string, Invariant> = {
  'One Server At A Time': oneServerAtATime,
  'Change After Commit': changeAfterCommit,
  'Latest Configuration': latestConfiguration,
  'Changes Are Answered Late': changeAnsweredLate,
};
