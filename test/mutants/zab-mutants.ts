/** The mutants of Zab, and for each a schedule in which it violates its invariant. */
import { zookeeperStorm } from '../protocols/zookeeper-storm.ts';
import type { BundledMutant } from './bundled.ts';

const of = (file: string) =>
  ({ protocol: 'zookeeper-lock', file: `zookeeper/${file}` }) as const;

const durable = "durable: ['log', 'snapshot', 'acceptedEpoch', 'currentEpoch', 'sessionCount'],";

export const zabMutants: Record<string, BundledMutant> = {
  'zab-one-is-a-quorum': {
    doc: 'One server is taken for a majority.',
    ...of('zab/ensemble.ts'),
    line: 'return distinct.size >= majority(voters.length);',
    broken: 'return distinct.size >= 1;',
    violates: 'one leader in each epoch',
  },
  'zab-same-epoch': {
    doc: 'A new leader numbers its transactions from where its log ends, not in its own epoch.',
    ...of('zab/leader.ts'),
    line: 'leading.lastProposed = makeZxid(leading.epoch, 0);',
    broken: 'leading.lastProposed = Math.max(1, state.zxid);',
    violates: 'only what was proposed is delivered',
  },
  'zab-first-left-out': {
    doc: 'A learner does not get the first transaction that it lacks.',
    ...of('zab/synchronize.ts'),
    line: 'for (const transaction of rest) {',
    broken: 'for (const transaction of rest.slice(1)) {',
    violates: 'deliveries follow the order of the leaders',
  },
  'zab-no-truncation': {
    doc: 'A server keeps what its leader does not have.',
    ...of('zab/learner.ts'),
    line: "} else if (packet.type === 'TRUNC') truncate(node, packet.zxid!);",
    broken: '}',
    violates: 'all deliver the same in the same order',
  },
  'zab-forgotten-log': {
    doc: 'The log is not durable: a server acknowledges what it forgets in a crash.',
    ...of('server.ts'),
    line: durable,
    broken: "durable: ['snapshot', 'acceptedEpoch', 'currentEpoch', 'sessionCount'],",
    violates: 'what is acknowledged is on disk',
  },
  'zab-forgetful-leader': {
    doc: 'A new leader deletes the last entry of its log, which may be committed.',
    ...of('zab/leader.ts'),
    line: 'state.leading = leading;',
    broken: 'state.leading = leading; state.log.pop();',
    violates: 'a new leader has all that was committed',
  },
  'zab-commits-at-once': {
    doc: 'A leader commits as soon as any server has the transaction, itself included.',
    ...of('zab/broadcast.ts'),
    line: 'while (leading.outstanding.length > 0 && isQuorum(node, leading.outstanding[0].acks)) {',
    broken: 'while (leading.outstanding.length > 0) {',
    violates: 'a majority has what is committed',
  },
  'zab-forgotten-epoch': {
    doc: 'The accepted epoch is not durable.',
    ...of('server.ts'),
    line: durable,
    broken: "durable: ['log', 'snapshot', 'currentEpoch', 'sessionCount'],",
    violates: 'epochs never fall',
  },
  'zab-leads-on': {
    doc: 'A leader does not look whether it still has a quorum.',
    ...of('zab/leader.ts'),
    line: 'if (!isQuorum(node, synced)) {',
    broken: 'if (synced.length === 0) {',
    violates: 'a leader keeps a quorum',
  },
  'zab-snapshot-without-sessions': {
    doc: 'A snapshot has the znodes, but not the sessions.',
    ...of('zab/database.ts'),
    line: 'zxid, znodes: { ...znodes }, containers: { ...containers }, sessions: { ...sessions },',
    broken: 'zxid, znodes: { ...znodes }, containers: { ...containers }, sessions: {},',
    violates: 'the same transactions give the same state',
  },
  'zab-writes-everywhere': {
    doc: 'The leader does not look where a session is.',
    ...of('requests/prep-request-processor.ts'),
    line: "return known.owner === owner ? undefined : 'SESSIONMOVED';",
    broken: 'return undefined;',
    violates: 'a session writes through one server',
  },
  'zab-acknowledges-early': {
    doc: 'A follower acknowledges a proposal before that is on its disk.',
    ...of('zab/broadcast.ts'),
    line: 'state.following!.pending.push(transaction);',
    broken:
      "state.following!.pending.push(transaction); node.send(connection, { type: 'ACK', zxid: transaction.zxid });",
    violates: 'what is acknowledged is on disk',
  },
  'zab-obeys-earlier-leader': {
    doc: 'A server follows a leader of an epoch before the one that it has accepted.',
    ...of('zab/learner.ts'),
    line: 'following.epoch = epoch;',
    broken: 'following.epoch = epoch - 1;',
    violates: 'no earlier leader is followed',
  },
  'zab-sync-overtakes': {
    doc: 'A sync returns without waiting for what is proposed already.',
    ...of('zab/broadcast.ts'),
    line: 'if (last === undefined) returnSync(node, connection, request);',
    broken: 'if (last?.transaction.zxid !== 0) returnSync(node, connection, request);',
    violates: 'a sync catches up',
  },
};

/** A's write waits at z1, which cannot reach the leader, while its session moves to z2. */
const movedSession = `protocol: zookeeper-lock
nodes: { z1..z3: server, A: { role: client, timeout: 4s } }
seed: 1
steps:
  - wait 1s
  - A create /a
  - cut z1 -> z3 for 6s
  - start A set /a late
  - wait until SessionResumed at z2
  - A set /a new
  - wait 8s
`;

/** The disk of z1 stands still when it receives a proposal, and loses it with its power. */
const lostWithPower = `protocol: zookeeper-lock
nodes: { z1..z3: server, A: { role: client, servers: [z3] } }
network: { latency: 1ms }
seed: 1
steps:
  - wait 1s
  - A create /a
  - disk z1 stall
  - start A create /b
  - wait 20ms
  - power off z1
  - wait 1s
`;

const leaderCrash = `protocol: zookeeper-lock
nodes: { z1..z3: server, A: { role: client, servers: [z1] } }
network: { latency: 1ms }
seed: 1
steps:
  - wait 1s
  - A create /a
  - crash z3
  - wait 2s
`;

/** z2 has a proposal that no quorum has logged yet, and its client asks it to catch up. */
const syncAfterProposal = `protocol: zookeeper-lock
nodes: { z1..z3: server, A: { role: client, servers: [z3] }, B: { role: client, servers: [z2] } }
network: { latency: 1ms }
seed: 1
steps:
  - wait 1s
  - A create /a
  - B exists /a
  - disk z1 stall for 300ms
  - disk z2 stall for 300ms
  - start A create /b
  - wait 20ms
  - B sync
  - wait 1s
`;

/** A random schedule in which each of the others is caught first. */
const seeds: Record<string, number> = {
  'zab-one-is-a-quorum': 14,
  'zab-same-epoch': 1,
  'zab-first-left-out': 7,
  'zab-no-truncation': 28,
  'zab-forgotten-log': 1,
  'zab-commits-at-once': 1,
  'zab-forgotten-epoch': 1,
  'zab-leads-on': 5,
  'zab-snapshot-without-sessions': 3,
};

export const zabSchedules: Record<string, string> = {
  'zab-writes-everywhere': movedSession,
  'zab-acknowledges-early': lostWithPower,
  'zab-obeys-earlier-leader': lostWithPower,
  'zab-sync-overtakes': syncAfterProposal,
  'zab-forgetful-leader': leaderCrash,
};
for (const [name, seed] of Object.entries(seeds)) zabSchedules[name] = zookeeperStorm(seed);
