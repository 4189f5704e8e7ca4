/** The branches of a session as lines of the debug console. */
import { timeText } from '../../kernel/text/duration.ts';
import type { StaleReason } from '../../session/branches/kept.ts';
import { storedMost } from '../../session/branches/stored.ts';
import type { BranchesView, BranchView, BrokenView, EventView } from '../../view/branches.ts';

/** A line for each, indented below the one that it parted from. */
export function branchesText({ branches, current }: BranchesView): string {
  const lines: string[] = [];
  const list = (parent: number | null, indent: string) => {
    for (const one of branches) {
      if ((one.parted?.from ?? null) !== parent) continue;
      const mark = one.number === current ? '→ ' : '  ';
      lines.push(`${mark}${indent}${branchText(one)}`);
      list(one.number, `${indent}  `);
    }
  };
  list(null, '');
  // What parted from a branch that is gone.
  const known = new Set(branches.map(({ number }) => number));
  for (const one of branches) {
    if (one.parted !== null && !known.has(one.parted.from)) lines.push(`  ${branchText(one)}`);
  }
  return lines.join('\n');
}

function branchText(branch: BranchView): string {
  const { number, name, parted, length, stale, broken, event, began } = branch;
  const title = `${number === 0 ? '0, the first run' : number}${name === '' ? '' : ` (${name})`}`;
  if (stale !== undefined) {
    return `${title}: ${stale.type === 'waiting' ? '' : 'stale, '}${staleText(stale)}`;
  }
  const own = length - (parted?.step ?? 0);
  const where = parted && `parted from ${parted.from} at step ${parted.step}, ` +
    timeText(parted.time);
  const parts = [
    ...(where ? [where] : []),
    own === 1 ? '1 action' : `${own} actions`,
    ...(began ? [`begins: ${began}`] : []),
    ...(event ? [eventText(event)] : []),
    ...(broken ? [brokenText(broken)] : []),
  ];
  return `${title}: ${parts.join('; ')}`;
}

function eventText({ label, node, step }: EventView): string {
  return `first different event: ${label} at ${node}, step ${step}`;
}

function brokenText({ kind, name, why, step }: BrokenView): string {
  const what = kind === 'handler' ? `${name} threw: ${why}` : `${name} is violated: ${why}`;
  return `${what} (step ${step})`;
}

/** Why a branch was not repeated; the end of a sentence. */
export function staleText(why: StaleReason): string {
  switch (why.type) {
    case 'not possible':
      return `${why.action} is not possible in step ${why.step} any more`;
    case 'no parent':
      return `branch ${why.parent}, from which it parted, could not be repeated`;
    case 'parent shorter':
      return `branch ${why.parent}, from which it parted, has only ${why.length} steps now`;
    case 'parent differs':
      return `branch ${why.parent}, from which it parted, ` +
        `has another action in step ${why.step} now`;
    case 'waiting':
      return 'not repeated yet';
    case 'interrupted':
      return 'repeating stopped before this branch';
  }
}

export function goneToText(number: number, step: number): string {
  return `${number === 0 ? 'The first run' : `Branch ${number}`}, step ${step}.`;
}

export function namedText(number: number, name: string): string {
  return name === '' ? `Branch ${number} has no name now.` : `Branch ${number} is named ${name}.`;
}

export function deletedText(numbers: readonly number[]): string {
  const [first, ...others] = numbers;
  if (others.length === 0) return `Branch ${first} is deleted.`;
  return `Branch ${first} is deleted, with ${others.join(', ')}, which parted from it.`;
}

/** A named branch is more than later sessions are given. */
export function notKeptText(number: number, name: string): string {
  const which = number === 0 ? 'The first run' : `Branch ${number}`;
  const { branches } = storedMost;
  const actions = storedMost.actions.toLocaleString('en');
  return `${which} (${name}) is not kept for later sessions: ` +
    `at most ${branches} branches with ${actions} actions are. To keep it, save it as a file.`;
}
