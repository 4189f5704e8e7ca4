/** Commands about branches: each is a line of the debug console, and a request of the adapter. */
import type { Session } from '../session.ts';
import type { Branch } from './branch.ts';
import { descends, partedAt } from './branch.ts';
import type { StaleBranch } from './kept.ts';

export type BranchCommand =
  | { readonly type: 'list' }
  /** Without `step`, to the present step, or to the last one of a branch that is shorter. */
  | { readonly type: 'go'; readonly branch: number; readonly step?: number }
  | { readonly type: 'name'; readonly branch: number; readonly name: string }
  /** With all that parted from it. */
  | { readonly type: 'delete'; readonly branch: number };

export type BranchProblem =
  | { readonly type: 'no such branch'; readonly number: number; readonly known: readonly number[] }
  | { readonly type: 'first branch' }
  /** It could not be repeated on the present code, so it has no steps. */
  | { readonly type: 'stale branch'; readonly number: number };

/** Undefined if a line is not such a command. */
export function parseBranchCommand(line: string): BranchCommand | undefined {
  const text = line.trim();
  if (text === 'branches') return { type: 'list' };
  const form = /^(?:(name|delete)\s+)?branch\s+(\d{1,9})(\s.*)?$/s;
  const [, verb, number, rest] = form.exec(text) ?? [];
  if (number === undefined) return undefined;
  const branch = Number(number);
  if (verb === 'name') return { type: 'name', branch, name: nameIn(rest ?? '') };
  if ((rest ?? '').trim() !== '') return undefined;
  return { type: verb === 'delete' ? 'delete' : 'go', branch };
}

/** Names are shown on one line. */
const nameMost = 80;

export function nameIn(text: string): string {
  return text.trim().replace(/\s+/g, ' ').slice(0, nameMost);
}

/** The branch of a command, or what is wrong with it. */
export function branchNamed(
  { branches, stale }: Pick<Session, 'branches' | 'stale'>,
  number: number,
): Branch | BranchProblem {
  const found = branches.find((one) => one.number === number);
  if (found !== undefined) return found;
  if (stale.some((one) => one.number === number)) return { type: 'stale branch', number };
  const known = [...branches, ...stale].map((one) => one.number).sort((a, b) => a - b);
  return { type: 'no such branch', number, known };
}

export function isProblem(found: Branch | BranchProblem): found is BranchProblem {
  return 'type' in found;
}

/** The step of a branch that is nearest to the present one. */
export function sameStep({ step }: Session, { run }: Branch): number {
  return Math.min(step, run.length);
}

/** What deleting a branch deletes, itself first. */
export function deletedWith(
  { branches, stale }: Pick<Session, 'branches' | 'stale'>,
  number: number,
): readonly (Branch | StaleBranch)[] {
  const own = branches.find((one) => one.number === number);
  const live = own === undefined ? [] : branches.filter((one) => descends(one, own));
  const numbers = new Set([number, ...live.map((one) => one.number)]);
  const old: StaleBranch[] = [];
  // A branch has a lower number than those that part from it.
  for (const one of stale) {
    if (!numbers.has(one.number) && !numbers.has(one.parent)) continue;
    numbers.add(one.number);
    old.push(one);
  }
  return [...live, ...old];
}

/**
 * Where the cursor must go before a branch can be deleted: to its parent, where it parted.
 * Undefined if the cursor is elsewhere.
 */
export function placeBeforeDeleting(
  session: Session,
  { run, parent }: Branch,
): { readonly step: number; readonly branch: Branch } | undefined {
  const own = session.branches.find((one) => one.run === run)!;
  if (!descends(session.branch, own)) return undefined;
  return { step: partedAt(own), branch: parent! };
}
