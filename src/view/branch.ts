/** The branch of the cursor: what a source keeps of its steps is kept for this object. */
import type { Reading, RecordedBranch } from '../session/read/reading.ts';

/** A number is given again after an empty branch was left, so it names no branch for long. */
export function branchOf({ recorded, cursor }: Reading): RecordedBranch {
  return recorded.find(({ number }) => number === cursor.branch)!;
}
