/** Which write each read returned: known if no value is written twice, and searched otherwise. */
import type { Meter } from '../limits.ts';
import type { ModelVerdict, Pattern } from '../verdict.ts';
import type { ReadsWrites } from './reads-writes.ts';

/** The write that each read returned, as far as it is chosen; -1 is the value at the start. */
export type ReadsFrom = ReadonlyMap<number, number>;

/** Returns what is wrong, undefined if nothing is. What is wrong stays so when more is chosen. */
export type PatternCheck = (from: ReadsFrom) => Pattern | undefined;

/**
 * The history is consistent if there is a choice for which nothing is wrong. The paper decides
 * histories whose writes have different values (Bouajjani et al. 2017, section 4). If they have
 * not, deciding is NP-complete, so all choices are tried until the limit is reached.
 */
export function checkChoices(
  history: ReadsWrites,
  check: PatternCheck,
  meter: Meter,
): ModelVerdict {
  const { all, sources } = history;
  const certain = new Map<number, number>();
  const open: [read: number, sources: readonly number[]][] = [];
  for (const [read, found] of sources) {
    if (found.length === 0) {
      return violated({ code: 'pattern', pattern: 'thin-air read', read, edges: [] }, history);
    }
    if (found.length === 1) certain.set(read, found[0]);
    else open.push([read, found]);
  }
  const wrong = check(certain);
  if (wrong !== undefined) return violated(wrong, history);
  // Reads with few choices come first.
  open.sort(([a, some], [b, others]) => some.length - others.length || a - b);
  let first: Pattern | undefined;
  const choose = (i: number, from: Map<number, number>): boolean => {
    if (i === open.length) return true;
    const [read, found] = open[i];
    // A source that was invoked shortly before is the most likely one.
    const likely = found.toSorted((a, b) => distance(a, read) - distance(b, read));
    for (const source of likely) {
      meter.step(all.length);
      from.set(read, source);
      const found = check(from);
      if (found === undefined && choose(i + 1, from)) return true;
      first ??= found;
    }
    from.delete(read);
    return false;
  };
  if (choose(0, certain)) return { type: 'holds' };
  return violated(first!, history);
}

function distance(source: number, read: number): number {
  return source < read ? read - source : 1_000_000 + source;
}

/** From positions among reads and writes to indices in the history. */
function violated(found: Pattern, { all }: ReadsWrites): ModelVerdict {
  const of = (i: number) => all[i].operation;
  const { read, missed, returned } = found;
  const witness: Pattern = {
    ...found,
    ...(read !== undefined && { read: of(read) }),
    ...(missed !== undefined && { missed: of(missed) }),
    ...(returned !== undefined && { returned: of(returned) }),
    edges: found.edges.map(({ from, to, because, shownBy }) => ({
      from: of(from), to: of(to), because, ...(shownBy && { shownBy: shownBy.map(of) }),
    })),
  };
  return { type: 'violated', witness };
}
