/** The words of the Logs panel: entries, what changed, conflicts and marks. */
import { epochInitial } from './cluster.ts';
import type {
  LogChange, LogConflict, LogEntry, LogGroup, LogMark, LogsView, NodeLog,
} from '../logs/logs-view.ts';

export const labels = {
  logs: 'Logs by index',
  index: 'Index',
  goToIndex: 'Go to index',
  newest: 'Newest',
  previousConflict: 'Previous conflict',
  nextConflict: 'Next conflict',
  noLogs: 'No role of this run shows a log.',
  howToShow:
    'In the protocol, let `look` return a `log`: { first, last, committed, entry(index) }.',
  noEntries: 'No node has a log entry yet.',
  committed: 'committed',
  notCommitted: 'not committed',
  lastCommitted: 'last committed',
  applied: 'applied',
  conflict: 'differs between nodes',
  written: 'written in this step',
  removed: 'removed in this step',
  marks: 'match, next: what the leader knows of this log',
  loading: '…',
} as const;

/** Which indexes and logs are in view of a table that is scrolled. */
export interface InView {
  readonly from: number;
  readonly to: number;
  /** Logs that are outside of the view; they run down beside each other in a tall table. */
  readonly before: number;
  readonly after: number;
  readonly tall: boolean;
}

/** `Indexes 1 to 8`; of a part, `2 logs below · Indexes 81 to 120 of 121`. */
export function inViewText({ first, last }: LogsView, view: InView): string {
  if (last < first) return labels.noEntries;
  const { from, to, before, after, tall } = view;
  const isWhole = from <= first && to >= last;
  const all = first === 1 ? `${last}` : `${first} to ${last}`;
  const places = isWhole ? indexRange(first, last) : `${indexRange(from, to)} of ${all}`;
  const [ahead, behind] = tall ? ['to the left', 'to the right'] : ['above', 'below'];
  const more = (count: number, where: string) =>
    count === 0 ? [] : [`${count} ${count === 1 ? 'log' : 'logs'} ${where}`];
  return [...more(before, ahead), ...more(after, behind), places].join(' · ');
}

function indexRange(from: number, to: number): string {
  return from === to ? `Index ${from}` : `Indexes ${from} to ${to}`;
}

/** `entries 1 to 121` or `empty`, then what is committed and applied. */
export function logSummary({ first, last, committed, applied }: NodeLog): string {
  const entries = last < first ? 'empty' : first === last ? `entry ${last}` : `${first} to ${last}`;
  const known = committed < first ? 'none committed' : `committed ${committed}`;
  return [entries, known, ...(applied === undefined ? [] : [`applied ${applied}`])].join(', ');
}

/** The same, as short as the header of a row: `1 to 121, commit 120`. */
export function logInShort({ first, last, committed }: NodeLog): string {
  const entries = last < first ? 'empty' : first === last ? `${last}` : `${first} to ${last}`;
  return committed < first ? entries : `${entries}, commit ${committed}`;
}

/** As short as a narrow header needs it: its standing, its epoch, its entries. */
export function logInLetters({ standing, status, epoch, first, last }: NodeLog): string[] {
  const entries = last < first ? 'empty' : first === last ? `${last}` : `${first}–${last}`;
  const about = status === 'running' ? standing : status;
  return [about, epoch === undefined ? '' : epochInitial(epoch), entries];
}

/** What an entry's coloured square and the number beside it are: `term of the entry`. */
export function epochKey({ groups }: LogsView): string | undefined {
  const names = groups.flatMap(({ logs }) => logs.map(({ epoch }) => epoch?.name));
  const known = names.find((name) => name !== undefined);
  return known && `${known} of the entry`;
}

/** `n1: leader, term 2`. */
export function nodeText({ node, status, standing, epoch }: NodeLog): string {
  const words = [
    ...(status === 'running' ? [] : [status]),
    ...(standing === '' ? [] : [standing]),
    ...(epoch ? [`${epoch.name} ${epoch.value}`] : []),
  ];
  return words.length === 0 ? node : `${node}: ${words.join(', ')}`;
}

/** What a screen reader says of a cell, and its tooltip. */
export function cellText(
  { node, epoch: own, committed, applied }: NodeLog,
  index: number,
  entry: LogEntry | null,
  differs: boolean,
  docs: LogGroup['docs'] = {},
): string {
  const place = `${node}, index ${index}`;
  if (entry === null) return `${place}: no entry`;
  const name = own?.name ?? 'epoch';
  const was = entry.removed && `${entry.removed.label}${epochOf(entry.removed.epoch, name)}`;
  const state = index <= committed ? labels.committed : labels.notCommitted;
  const words = entry.isGone
    ? [labels.removed]
    : [
        state,
        ...(applied !== undefined && index <= applied ? [labels.applied] : []),
        ...(entry.changed ? [labels.written] : []),
        ...(was === undefined ? [] : [`in place of ${was}`]),
        ...(differs ? [labels.conflict] : []),
      ];
  const doc = docs[entry.label];
  const about = doc === undefined ? '' : `. ${entry.label}: ${doc}`;
  return `${place}: ${entry.label}${epochOf(entry.epoch, name)}, ${words.join(', ')}${about}`;
}

function epochOf(epoch: number | string | undefined, name: string): string {
  return epoch === undefined ? '' : ` (${name} ${epoch})`;
}

/** The tooltip of a mark in the picture: what it is, and what that means. */
export function markTitle(
  mark: LogMark,
  kind: 'match' | 'next',
  { docs }: Pick<LogGroup, 'docs'>,
): string {
  const doc = docs[kind];
  return doc === undefined ? markText(mark) : `${markText(mark)}\n${doc}`;
}

/** `match 5, next 6`: in the picture, below the log of a follower. */
export function markText({ leader, match, next }: LogMark): string {
  const words = [
    ...(match === undefined ? [] : [`match ${match}`]),
    ...(next === undefined ? [] : [`next ${next}`]),
  ];
  return `${leader}: ${words.join(', ')}`;
}

/** What the last step did to logs, and where they differ; a sentence for each. */
export function changeTexts({ groups }: LogsView): string[] {
  const logs = groups.flatMap((group) => group.logs);
  const changes = logs.flatMap(({ node, change }) => changeText(node, change));
  return changes.length > 0 ? changes : ['No log changed in this step.'];
}

function changeText(node: string, change: LogChange): string[] {
  const { appended, removed, compacted, committed, applied } = change;
  const words = [
    ...(removed ? [`removes ${range(removed)}`] : []),
    ...(appended ? [`appends ${range(appended)}`] : []),
    ...(compacted === undefined ? [] : [`has entries before ${compacted} in a snapshot`]),
    ...(committed ? [`has committed ${committed.to}, was ${committed.from}`] : []),
    ...(applied ? [`has applied ${applied.to}, was ${applied.from}`] : []),
  ];
  return words.length === 0 ? [] : [`${node} ${words.join('; ')}.`];
}

function range({ from, to }: { from: number; to: number }): string {
  return from === to ? `entry ${from}` : `entries ${from} to ${to}`;
}

/** Where logs differ outside of the window; empty if they do not. */
export function elsewhereText({ first, groups }: LogsView): string {
  const sum = (part: 'before' | 'after') =>
    groups.reduce((count, { elsewhere }) => count + elsewhere[part], 0);
  const [before, after] = [sum('before'), sum('after')];
  if (before + after === 0) return '';
  const parts = [
    ...(before > 0 ? [`${before} before`] : []), ...(after > 0 ? [`${after} after`] : []),
  ];
  const indexes = before + after === 1 ? 'index' : 'indexes';
  const searched = Math.max(...groups.map(({ elsewhere }) => elsewhere.searchedFrom));
  const limit = searched > first ? ` Indexes before ${searched} were not compared.` : '';
  return `Logs also differ at ${before + after} ${indexes} outside of this part: ` +
    `${parts.join(', ')}.${limit}`;
}

const conflictsMost = 3;

/** The conflicts of the window, the last ones in full. */
export function conflictTexts(groups: readonly LogGroup[]): string[] {
  return groups.flatMap(({ logs, conflicts }) => {
    const name = logs.find(({ epoch }) => epoch)?.epoch?.name ?? 'epoch';
    const shown = conflicts.slice(-conflictsMost).map((one) => conflictText(one, name));
    const rest = conflicts.length - shown.length;
    return rest > 0 ? [`Logs differ at ${rest} earlier indexes.`, ...shown] : shown;
  });
}

function conflictText({ index, entries }: LogConflict, name: string): string {
  const parts = entries.map(({ nodes, epoch, label, committed }) => {
    const sure = committed ? ', committed' : '';
    return `${nodes.join(', ')}: ${label}${epochOf(epoch, name)}${sure}`;
  });
  const isLost = entries.filter(({ committed }) => committed).length > 1;
  const what = isLost ? 'Committed entries differ' : 'Logs differ';
  return `${what} at index ${index}. ${parts.join('. ')}.`;
}
