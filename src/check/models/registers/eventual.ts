/**
 * Eventual consistency (Vogels 2009; Bouajjani et al. 2017, section 2): values come from writes,
 * and once all messages are delivered all reads of a key agree. Which reads come after that, a
 * history says with `final`; without such reads only the values are checked.
 */
import type { Meter } from '../limits.ts';
import type { Pattern } from '../verdict.ts';
import { causalOrder, otherWrites } from './causal.ts';
import type { ReadsWrites } from './reads-writes.ts';
import { Relation } from './relation.ts';
import type { PatternCheck } from './sources.ts';

export function eventual(history: ReadsWrites, meter: Meter): PatternCheck {
  const { all } = history;
  return (from) => {
    const causal = causalOrder(history, from, meter);
    if (!(causal instanceof Relation)) return causal;
    const last = new Map<string, number>();
    for (const [read, source] of from) {
      if (!all[read].isFinal) continue;
      const { key, value } = all[read];
      const missed = otherWrites(history, read, source).find((one) => all[one].isCertain);
      if (source < 0 && missed !== undefined) return notConverged(read, missed);
      const other = last.get(key);
      if (other === undefined) last.set(key, read);
      else if (all[other].value !== value) return notConverged(read, other);
    }
    return undefined;
  };
}

function notConverged(read: number, missed: number): Pattern {
  return { code: 'pattern', pattern: 'no convergence', read, missed, edges: [] };
}
