/** Finds out which parts of a run nothing depends on. */

/** A run that becomes shorter. */
export interface Shortening<Part> {
  best(): readonly Part[];
  /** Takes the candidate if it still does what it must; returns whether it is shorter. */
  isShorter(candidate: readonly Part[]): boolean;
  isLong(): boolean;
}

/**
 * Zeller and Hildebrandt's ddmin (TSE 2002), with chunks from the end; then one by one. After each
 * candidate, yields whether the run became shorter.
 */
export function* leavingOut<Part>(run: Shortening<Part>): Generator<boolean> {
  let size = Math.max(1, run.best().length >> 1);
  while (!run.isLong()) {
    let saved = false;
    for (let end = run.best().length; end > 0 && !run.isLong(); end -= size) {
      const parts = run.best();
      end = Math.min(end, parts.length);
      const rest = [...parts.slice(0, Math.max(0, end - size)), ...parts.slice(end)];
      const isShorter = run.isShorter(rest);
      saved ||= isShorter;
      yield isShorter;
    }
    if (size > 1) size >>= 1;
    else if (!saved) return;
  }
}
