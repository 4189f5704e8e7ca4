/** Repeats the branches of a session in the one that takes its place. */
import { isWorthKeeping, keptTree } from '../../session/branches/kept.ts';
import { regrowing } from '../../session/branches/regrowth.ts';
import { LimitError } from '../../kernel/text/execution-limits.ts';
import type { Debuggee } from '../debuggee.ts';
import { isCancelled } from '../refusal.ts';
import type { TimeLimit } from '../time-limit.ts';
import { repeatingText, repeatingTitle } from '../words/progress.ts';
import type { Task } from './tasks.ts';

type Work = (
  title: string,
  parts: (task: Task, bounded: TimeLimit) => Promise<void>,
) => Promise<void>;

/** If it is cancelled or code does not end, the branches not repeated until then are stale. */
export async function repeatBranches(old: Debuggee, fresh: Debuggee, work: Work): Promise<void> {
  if (old.launched.program !== fresh.launched.program) return;
  const tree = keptTree(old.session);
  if (!isWorthKeeping(tree)) return;
  const all = regrowing(fresh.session, tree);
  const repeat = async (task: Task, bounded: TimeLimit) => {
    for (;;) {
      const part = bounded(() => all.next());
      if (part.done) return;
      await task.before(repeatingText(part.value));
    }
  };
  try {
    await work(repeatingTitle(), repeat);
  } catch (error) {
    if (!isCancelled(error) && !(error instanceof LimitError)) throw error;
    // Interrupted code may have been recorded.
    fresh.session.code.variants?.abandon();
  } finally {
    all.return();
  }
}
