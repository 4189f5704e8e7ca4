// A branch as a row of the Runs view: what it shows, and what a screen reader says of it.
import * as vscode from 'vscode';
import { timeText } from '../../kernel/text/duration.ts';
import type { BranchView, BrokenView, EventView } from '../../view/branches.ts';
import { clickRun } from '../names.ts';
import { runs as words } from '../words.ts';

/** What is known of a session's branches: those of the adapter, by number. */
export interface Rows {
  readonly current: number;
  readonly step: number;
  readonly branches: ReadonlyMap<number, BranchView>;
}

/** A name that a user gave comes first; the number always shows. */
export function titleOf({ number, name }: BranchView): string {
  if (name !== '') return words.named(number, name);
  return number === 0 ? words.first : words.branch(number);
}

/** Those that parted from a branch; from null, the first, and those whose parent is gone. */
export function childrenOf({ branches }: Rows, parent: number | null): BranchView[] {
  return [...branches.values()]
    .filter(({ parted }) => {
      const from = parted !== null && branches.has(parted.from) ? parted.from : null;
      return from === parent;
    })
    .sort((a, b) => a.number - b.number);
}

export function rowOf(rows: Rows, branch: BranchView): vscode.TreeItem {
  const isHere = branch.number === rows.current;
  const hasChildren = childrenOf(rows, branch.number).length > 0;
  const { Expanded, None } = vscode.TreeItemCollapsibleState;
  const item = new vscode.TreeItem(titleOf(branch), hasChildren ? Expanded : None);
  // VS Code keeps a row that had no children collapsed, so it becomes another one with its first.
  item.id = hasChildren ? `${branch.number}+` : String(branch.number);
  item.description = partsOf(branch, isHere).join(' · ');
  const sentences = sentencesOf(rows, branch);
  item.tooltip = [titleOf(branch), ...sentences].join('\n');
  item.accessibilityInformation = { label: [`${titleOf(branch)}.`, ...sentences].join(' ') };
  item.iconPath = iconOf(branch, isHere);
  item.contextValue = contextOf(branch, isHere);
  if (branch.stale === undefined) {
    item.command = { command: clickRun, title: titleOf(branch), arguments: [branch] };
  }
  return item;
}

function partsOf({ parted, length, stale, event, broken }: BranchView, isHere: boolean): string[] {
  return [
    ...(isHere ? [words.here] : []),
    ...(broken ? [brokenText(broken)] : []),
    ...(stale ? [stale.type === 'waiting' ? words.waiting : words.stale] : []),
    ...(event ? [words.event(event.label, event.node)] : []),
    words.actions(length - (parted?.step ?? 0)),
    ...(parted && !stale ? [words.step(parted.step, timeText(parted.time))] : []),
  ];
}

function brokenText({ kind, name }: BrokenView): string {
  return kind === 'handler' ? words.threw(name) : words.violated(name);
}

/** The same in sentences, with the reasons. */
function sentencesOf({ current, step, branches }: Rows, branch: BranchView): string[] {
  const { number, parted, length, stale, began, event, broken } = branch;
  const parent = parted && branches.get(parted.from);
  const nameOfParent = parted ? (parent ? titleOf(parent) : words.branch(parted.from)) : '';
  const own = length - (parted?.step ?? 0);
  return [
    ...(number === current ? [words.current(step)] : []),
    ...(stale ? [staleText(stale)] : []),
    ...(parted && !stale
      ? [words.parted(nameOfParent, parted.step, timeText(parted.time))]
      : []),
    `${words.actions(own)}.`,
    ...(began ? [words.began(began)] : []),
    ...(event ? eventTexts(event, nameOfParent) : []),
    ...(broken ? brokenTexts(broken) : []),
  ];
}

function eventTexts({ label, node, step, instead }: EventView, parent: string): string[] {
  const first = words.firstEvent(words.event(label, node), step);
  if (instead === undefined) return [first];
  const other = words.event(instead.label, instead.node);
  return [first, words.instead(other, instead.step, parent)];
}

function brokenTexts({ kind, name, step, why, isInherited }: BrokenView): string[] {
  const reason = why.replace(/\.$/, '');
  const sentence = kind === 'handler'
    ? words.threwAt(name, step, reason)
    : words.violatedAt(name, step, reason);
  return isInherited ? [sentence, words.inherited] : [sentence];
}

function staleText(why: NonNullable<BranchView['stale']>): string {
  switch (why.type) {
    case 'not possible':
      return words.notPossible(why.action, why.step);
    case 'no parent':
      return words.noParent(why.parent);
    case 'parent shorter':
      return words.parentShorter(why.parent, why.length);
    case 'parent differs':
      return words.parentDiffers(why.parent, why.step);
    case 'waiting':
      return words.waitingLong;
    case 'interrupted':
      return words.interrupted;
  }
}

function iconOf({ stale, broken }: BranchView, isHere: boolean): vscode.ThemeIcon {
  const color = (name: string) => new vscode.ThemeColor(name);
  if (stale?.type === 'waiting') return new vscode.ThemeIcon('history');
  if (stale) return new vscode.ThemeIcon('warning', color('list.warningForeground'));
  const tone = broken ? color('list.errorForeground') : undefined;
  if (isHere) return new vscode.ThemeIcon('debug-stackframe', tone);
  return new vscode.ThemeIcon(broken ? 'error' : 'git-branch', tone);
}

/** What the conditions of the menus read: `branch broken here`. */
function contextOf({ number, stale, broken }: BranchView, isHere: boolean): string {
  return [
    number === 0 ? 'first' : 'branch',
    stale && stale.type !== 'waiting' ? 'stale' : 'live',
    ...(broken ? ['broken'] : []),
    ...(isHere ? ['here'] : ['elsewhere']),
  ].join(' ');
}
