/** Raft under random faults while servers are added and removed: its invariants hold. */
import { describe } from 'vitest';
import { raft } from '../../../src/protocols/raft/raft.ts';
import { membershipFamily } from './families.ts';
import { holdsUnderFaults, type Reached } from './harness.ts';

/** Some changes are committed in spite of the faults. */
const changes: Reached = {
  of({ cluster }) {
    const servers = cluster.servers().map(({ state }) => state);
    const longest = servers.reduce((a, b) => (b.commitIndex > a.commitIndex ? b : a));
    const committed = longest.log.slice(0, longest.commitIndex);
    return committed.filter(({ command }) => (command.op as string) === 'configuration').length;
  },
  atLeast: 0.5,
};

describe('Raft while its members change', () => {
  holdsUnderFaults(membershipFamily, raft, [changes]);
});
