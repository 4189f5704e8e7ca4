/** The logs of a group as a Mermaid block diagram: a row for each node, a column for each index. */
import type { LogEntry, LogsView, NodeLog } from '../../logs/logs-view.ts';
import { labels } from '../../panel-words/export.ts';
import { mermaidLines } from './label.ts';

/** More columns are too narrow to read. */
const columnsMost = 12;

export function logsToMermaid({ groups, from, to }: LogsView): string {
  const begin = Math.max(from, to - columnsMost + 1);
  const indexes = Array.from({ length: Math.max(0, to - begin + 1) }, (_, place) => begin + place);
  const lines = ['block-beta', `    columns ${indexes.length + 1}`];
  let cells = 0;
  const block = (...label: string[]) => `c${cells++}["${mermaidLines(label) || ' '}"]`;
  const row = (all: readonly string[]) => void lines.push(`    ${all.join(' ')}`);
  for (const { name, logs } of groups) {
    row([block(name), ...indexes.map((index) => block(String(index)))]);
    for (const log of logs) {
      const entries = indexes.map((index) => log.entries[index - from] ?? null);
      row([block(log.node, aboutLog(log)), ...entries.map((entry) => entry
        ? block(...entryLines(entry)) : 'space')]);
    }
  }
  return `${lines.join('\n')}\n`;
}

function aboutLog({ standing, committed }: NodeLog): string {
  return [standing, `${labels.committed} ${committed}`].filter(Boolean).join(', ');
}

function entryLines({ label, epoch, isGone }: LogEntry): string[] {
  return [label, epoch === undefined ? '' : String(epoch), isGone ? labels.removed : ''];
}
