/** The replications by name: adding one is its file and one line here. */
import { causal } from './causal/causal.ts';
import { gossip } from './gossip/gossip.ts';
import { leader } from './leader.ts';
import { quorum } from './quorum.ts';
import type { Replication } from './replication.ts';
import { single } from './single.ts';

export const replications: Readonly<Record<string, Replication>> = {
  single,
  leader,
  quorum,
  causal,
  gossip,
};

/** The replication of a server. */
export function replicationOf(options: { readonly replication: string }): Replication {
  return replications[options.replication];
}
