/** For each mutant of Raft a schedule in which it violates its invariant; Raft itself does not. */
import type { Message } from '../../src/kernel/pending.ts';
import type { Protocol } from '../../src/protocol/types.ts';
import { type Cluster, type ClusterOptions } from '../protocols/cluster.ts';
import { beginningWith, logOf } from '../protocols/paper.ts';

export interface Schedule {
  cluster(protocol: Protocol): ClusterOptions;
  run(cluster: Cluster): void;
}

/** Election timeouts in milliseconds; servers that are not listed wait for 3 s. */
function timeouts(first: Record<string, number>): ClusterOptions {
  const nodeOptions: Record<string, Record<string, unknown>> = {};
  for (const [id, ms] of Object.entries(first)) {
    nodeOptions[id] = { electionTimeout: [ms * 1_000, ms * 1_000] };
  }
  return { options: { electionTimeout: [3_000_000, 3_000_000] }, nodeOptions };
}

/** n1 is elected first, in a cluster with one of the options that the paper does not have. */
function withOption(option: string, protocol: Protocol, replicas: number): ClusterOptions {
  const { options, nodeOptions } = timeouts({ n1: 150 });
  return { protocol, replicas, options: { ...options, [option]: true }, nodeOptions };
}

/** The same with one entry in each AppendEntries. */
function oneByOne(options: ClusterOptions): ClusterOptions {
  return { ...options, options: { ...options.options, maxEntriesPerAppend: 1 } };
}

/** The log of n2 parts from the others after its first entry. Each run changes its own logs. */
const unequalLogs = () => ({
  n1: { currentTerm: 2, log: logOf([1, 2, 2]) },
  n2: { currentTerm: 2, log: logOf([1, 1, 1]) },
  n3: { currentTerm: 2, log: logOf([1, 2, 2]) },
});

/** A call with one entry arrives again, late, when its receiver has committed many more. */
const lateCall: Schedule = {
  cluster: (protocol) => ({
    protocol: beginningWith(
      {
        n1: { currentTerm: 1, log: logOf(new Array<number>(30).fill(1)) },
        n3: { currentTerm: 1, log: logOf(new Array<number>(30).fill(1)) },
      },
      protocol,
    ),
    replicas: 3,
    ...oneByOne(timeouts({ n1: 150 })),
  }),
  run(cluster) {
    cluster.untilEvent('LeaderElected', 'n1');
    cluster.do('cut n1 -> n2');
    cluster.until(() => cluster.state('n1').commitIndex === 31);
    cluster.do('heal');
    cluster.until(() => cluster.state('n1').matchIndex.n2 === 1);
    const sent = cluster.world.queue.items.find(
      (one): one is Message => one.type === 'deliver' && one.from === 'n1' && one.to === 'n2',
    )!;
    cluster.do(`duplicate n1->n2#${sent.ordinal}`);
    cluster.do(`delay n1->n2#${sent.ordinal}.1 by 50ms`);
    cluster.run('500ms');
  },
};

/** n1 leads, and appends a configuration without n3 that it can send to none. */
function removesAlone(cluster: Cluster): void {
  cluster.untilEvent('LeaderElected', 'n1');
  cluster.run('100ms');
  cluster.do('cut n1 -> n2 n3');
  cluster.do('c1 removeServer {"server":"n3"}');
  cluster.untilEvent('MembersChanged', 'n1');
}

export const raftSchedules: Record<string, Schedule> = {
  'raft-small-quorum': {
    cluster: (protocol) => ({ protocol, replicas: 4, ...timeouts({ n1: 150, n3: 150 }) }),
    run(cluster) {
      cluster.do('partition n1 n2 | n3 n4');
      cluster.run('200ms');
    },
  },

  // n2 votes for n3 in term 1 and for n1 in term 2; its first vote arrives when n3 is in term 2.
  'raft-late-votes': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({}) }),
    run(cluster) {
      cluster.do('cut n1 -> n3');
      cluster.do('cut n3 -> n1');
      cluster.do('fire n3 election');
      cluster.untilEvent('VoteGranted', 'n2');
      cluster.do('delay n2->n3#1 by 500ms');
      cluster.do('cut n3 -> n2');
      cluster.do('fire n1 election');
      cluster.do('fire n1 election');
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('fire n3 election');
      cluster.run('600ms');
    },
  },

  'raft-forgetful-leader': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150, n2: 300 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('c1 put {"key":"x","value":1}');
      cluster.untilReply('c1#1');
      cluster.do('crash n1');
      cluster.run('1s');
    },
  },

  // The leader goes back to index 1, and sends one entry to a follower that has three.
  'raft-match-whole-log': {
    cluster: (protocol) => ({
      protocol: beginningWith(unequalLogs(), protocol),
      replicas: 3,
      ...oneByOne(timeouts({ n1: 150 })),
    }),
    run: (cluster) => cluster.run('500ms'),
  },

  'raft-appends-behind-later-terms': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('c1 put {"key":"x","value":1}');
      cluster.run('500ms');
    },
  },

  'raft-applies-again': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('c1 put {"key":"x","value":1}');
      cluster.untilReply('c1#1');
      cluster.do('fire n2 election');
      cluster.run('100ms');
    },
  },

  // A follower that restarts applies several entries at once.
  'raft-applies-last': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('c1 put {"key":"x","value":1}');
      cluster.untilReply('c1#1');
      cluster.do('c1 put {"key":"y","value":2}');
      cluster.untilReply('c1#2');
      cluster.do('crash n2');
      cluster.do('restart n2');
      cluster.run('500ms');
    },
  },

  'raft-overwriting-leader': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('c1 put {"key":"x","value":0}');
      cluster.untilReply('c1#1');
      cluster.do('partition n1 c1 | n2 n3');
      cluster.do('c1 put {"key":"x","value":1}');
      cluster.do('c1 put {"key":"x","value":2}');
      cluster.run('50ms');
    },
  },

  'raft-no-consistency-check': {
    cluster: (protocol) => ({
      protocol: beginningWith(unequalLogs(), protocol),
      replicas: 3,
      ...timeouts({ n1: 150 }),
    }),
    run: (cluster) => cluster.run('500ms'),
  },

  'raft-vote-for-anyone': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150, n3: 300 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('partition n1 n2 c1 | n3');
      cluster.do('c1 put {"key":"x","value":1}');
      cluster.untilReply('c1#1');
      cluster.do('crash n1');
      cluster.do('heal');
      cluster.run('1s');
    },
  },

  // Figure 8, from (b) on: S1 replicates the entry of term 2 on a majority and crashes; S5 follows.
  'raft-commit-by-counting': {
    cluster: (protocol) => ({
      protocol: beginningWith(
        {
          n1: { currentTerm: 3, log: logOf([1, 2]) },
          n2: { currentTerm: 3, log: logOf([1, 2]) },
          n3: { currentTerm: 3, log: logOf([1]) },
          n4: { currentTerm: 3, log: logOf([1]) },
          n5: { currentTerm: 3, log: logOf([1, 3]) },
        },
        protocol,
      ),
      ...oneByOne(timeouts({ n1: 150, n5: 400 })),
    }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('cut n1 -> n4 n5');
      cluster.until(() => cluster.state('n1').matchIndex.n3 === 2);
      cluster.do('crash n1');
      cluster.do('cut n1 -> n3');
      cluster.untilEvent('LeaderElected', 'n5');
      cluster.run('1s');
    },
  },

  'raft-commit-beyond-match': {
    cluster: (protocol) => ({
      protocol: beginningWith(unequalLogs(), protocol),
      replicas: 3,
      ...oneByOne(timeouts({ n1: 150 })),
    }),
    run(cluster) {
      cluster.do('cut n1 -> n2 for 180ms');
      cluster.run('500ms');
    },
  },

  'raft-forgotten-vote': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 100, n3: 110 }) }),
    run(cluster) {
      cluster.do('cut n1 -> n3');
      cluster.untilEvent('VoteGranted', 'n2');
      cluster.do('cut n1 -> n2');
      cluster.do('crash n2');
      cluster.do('restart n2');
      cluster.run('100ms');
    },
  },

  'raft-falling-commit': lateCall,

  'raft-forgotten-term': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('crash n1');
      cluster.run('100ms');
    },
  },

  'raft-truncating-follower': lateCall,

  'raft-eager-apply': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.run('50ms');
    },
  },

  'raft-counts-itself-twice': {
    cluster: (protocol) => withOption('checkQuorum', protocol, 3),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('partition n1 | n2 n3');
      cluster.run('1s');
    },
  },

  'raft-votes-against-its-leader': {
    cluster: (protocol) => withOption('checkQuorum', protocol, 3),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.run('100ms');
      cluster.do('fire n3 election');
      cluster.run('100ms');
    },
  },

  'raft-pre-votes-of-one': {
    cluster: (protocol) => withOption('preVote', protocol, 5),
    run: (cluster) => void cluster.untilEvent('LeaderElected', 'n1'),
  },

  'raft-two-servers-at-once': {
    cluster: (protocol) => ({ protocol, replicas: 4, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('c1 removeServer {"server":"n4"}');
      cluster.run('500ms');
    },
  },

  // The leader receives the request before any server has acknowledged its no-op.
  'raft-change-before-own-term': {
    cluster: (protocol) => ({ protocol, replicas: 4, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('cut n1 -> n2 n3 n4');
      for (let i = 0; i < 8; i++) cluster.do(`c1 removeServer {"server":"n4"}`);
      cluster.run('900ms');
    },
  },

  // The configuration n2 n3 is in the log of n1 only, which has the vote of n2.
  'raft-removed-votes-for-itself': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.run('100ms');
      cluster.do('cut n1 -> n2 n3');
      cluster.do('c1 removeServer {"server":"n1"}');
      cluster.untilEvent('MembersChanged', 'n1');
      for (const id of ['n1', 'n3']) cluster.do(`crash ${id}`);
      for (const act of ['heal', 'restart n1', 'fire n1 election']) cluster.do(act);
      cluster.run('400ms');
    },
  },

  // Only n1 has the configuration n1 n2 when n2 or n3 is elected.
  'raft-deleted-configuration': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      removesAlone(cluster);
      cluster.untilEvent('LeaderElected');
      cluster.do('heal');
      cluster.run('500ms');
    },
  },

  'raft-answers-change-early': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      removesAlone(cluster);
      cluster.run('50ms');
    },
  },

  'raft-local-read': {
    cluster: (protocol) => ({ protocol, replicas: 3, ...timeouts({ n1: 150 }) }),
    run(cluster) {
      cluster.untilEvent('LeaderElected', 'n1');
      cluster.do('c1 get {"key":"x"}');
      cluster.run('500ms');
    },
  },

  'raft-pre-vote-is-a-vote': {
    cluster: (protocol) => withOption('preVote', protocol, 3),
    run: (cluster) => void cluster.untilEvent('LeaderElected', 'n1'),
  },
};
