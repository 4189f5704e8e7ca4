/** Makes a failing list of steps as short as possible while it keeps failing in the same way. */

/** Returns true if the candidate still fails in the same way. */
export type StillFails<Item> = (candidate: readonly Item[]) => Promise<boolean>;

/**
 * Removes ever smaller chunks, then single items, until nothing can be removed or `triesMax`
 * candidates were tried.
 */
export async function shrinkList<Item>(
  items: readonly Item[],
  stillFails: StillFails<Item>,
  triesMax = 120,
): Promise<readonly Item[]> {
  let best = items;
  let tries = 0;
  let size = Math.ceil(best.length / 2);
  while (size >= 1 && tries < triesMax) {
    let removed = false;
    for (let at = 0; at < best.length && tries < triesMax; ) {
      const candidate = [...best.slice(0, at), ...best.slice(at + size)];
      tries++;
      if (candidate.length > 0 && (await stillFails(candidate))) {
        best = candidate;
        removed = true;
      } else {
        at += size;
      }
    }
    if (size === 1 && !removed) break;
    size = size === 1 ? 1 : Math.ceil(size / 2);
  }
  return best;
}

/** Replaces single items by simpler ones for as long as the list keeps failing in the same way. */
export async function simplifyItems<Item>(
  items: readonly Item[],
  simpler: (item: Item) => readonly Item[],
  stillFails: StillFails<Item>,
  triesMax = 80,
): Promise<readonly Item[]> {
  let best = items;
  let tries = 0;
  for (let at = 0; at < best.length; at++) {
    let again = true;
    while (again && tries < triesMax) {
      again = false;
      for (const item of simpler(best[at])) {
        const candidate = best.with(at, item);
        if (++tries > triesMax) break;
        if (!(await stillFails(candidate))) continue;
        best = candidate;
        again = true;
        break;
      }
    }
  }
  return best;
}
