/** What membership changes promise (thesis §4). Without changes, these are never violated. */
import { invariant } from '../../protocol/define.ts';
import type { Invariant, NodeId } from '../../protocol/types.ts';
import { termAt } from './log.ts';
import { isServer } from './observed-log.ts';

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

export const membershipInvariants: Record<string, Invariant> = {
  'One Server At A Time': oneServerAtATime,
  'Change After Commit': changeAfterCommit,
};
