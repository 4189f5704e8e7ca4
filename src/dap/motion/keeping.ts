/** Gives the branches of a session to the one that takes its place. */
import { isWorthKeeping, keptTree } from '../../session/branches/kept.ts';
import { letWait } from '../../session/branches/restoring.ts';
import type { Debuggee } from '../debuggee.ts';

/** They wait: the first stop does not, and what it begins repeats them. */
export function keepBranchesOf(old: Debuggee, fresh: Debuggee): void {
  if (old.launched.program !== fresh.launched.program) return;
  if (isWorthKeeping(keptTree(old.session))) letWait(fresh.session, old.session);
}
