/** The cells of the table of logs: entries with their epoch, marks, headers. */

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { LogEntry, LogGroup, LogMark, NodeLog } from '../../src/view/logs/logs-view.ts';
import {
  cellText, labels, logInLetters, logInShort, logSummary, markText, markTitle, nodeText,
} from '../../src/view/panel-words/logs.ts';
import { epochColour } from '../ui/theme.ts';

export interface Cell {
  readonly log: NodeLog;
  readonly index: number;
  /** Undefined while it is not here yet. */
  readonly entry: LogEntry | null | undefined;
  readonly differs: boolean;
  readonly isActive: boolean;
  readonly style: string;
  readonly group: LogGroup;
}

export function cellId(node: number, index: number): string {
  return `cell-${node}-${index}`;
}

export function entryCell(cell: Cell, node: number): TemplateResult {
  const { log, index, entry, differs, isActive, style, group } = cell;
  if (entry === undefined) {
    return html`<div role="gridcell" class="entry loading" style=${style}>${labels.loading}</div>`;
  }
  const words = cellText(log, index, entry, differs, group.docs);
  const isCommitted = entry !== null && !entry.isGone && index <= log.committed;
  const isApplied = log.applied !== undefined && index <= log.applied;
  return html`<div
    role="gridcell"
    id=${cellId(node, index)}
    data-node=${log.node}
    data-index=${index}
    aria-label=${words}
    title=${words}
    style=${style}
    class=${classMap({
      entry: true,
      none: entry === null,
      committed: isCommitted,
      'last-committed': isCommitted && index === log.committed,
      changed: entry?.changed === true,
      gone: entry?.isGone === true,
      conflict: differs && entry !== null && !entry.isGone,
      active: isActive,
    })}
  >
    ${entry === null ? nothing : entryParts(entry, isCommitted && isApplied)}
  </div>`;
}

function entryParts(entry: LogEntry, isApplied: boolean): TemplateResult {
  const { label, epoch, removed, isGone, changed } = entry;
  return html`<span class="label code">
      ${removed ? html`<s class="old">${removed.label}</s>` : nothing}
      ${isGone ? html`<s>${label}</s>` : label}
    </span>
    <span class="epoch">
      ${epoch === undefined ? nothing : swatch(epoch)}
      ${isApplied ? html`<span class="tick">✓</span>` : nothing}
      ${changed ? html`<span class="new">+</span>` : nothing}
    </span>`;
}

function swatch(epoch: number | string): TemplateResult {
  return html`<span class="swatch" style="background: ${epochColour(epoch)}"></span>${epoch}`;
}

/** The header of a node's log. */
export function nodeHeader(
  log: NodeLog, style: string, { isTall, isNarrow }: { isTall: boolean; isNarrow: boolean },
): TemplateResult {
  const words = [nodeText(log), logSummary(log), ...log.marks.map(markText)].join('. ');
  const [, about = ''] = nodeText(log).split(': ');
  const [standing = '', epoch = '', entries = ''] = logInLetters(log);
  const inRow = isNarrow ? [`${standing} ${epoch}`.trim(), entries] : [about, logInShort(log)];
  const lines = isTall ? [standing, epoch, entries] : inRow;
  return html`<div
    role="rowheader"
    class=${isTall ? 'node column' : 'node'}
    style=${style}
    title=${words}
    aria-label=${words}
  >
    <strong>${log.tone === 'lead' ? '★ ' : ''}${log.node}</strong>
    ${lines.map((line, at) => html`<span class=${at < lines.length - 1 ? '' : 'quiet'}
      >${line}</span>`)}
  </div>`;
}

/** The marks of leaders below the entry of a follower. */
export function markLabels(
  marks: readonly LogMark[],
  index: number,
  group: Pick<LogGroup, 'docs'>,
): TemplateResult[] {
  return marks.flatMap((mark) => {
    const one = (kind: 'match' | 'next') =>
      html`<span class="mark ${kind}" title=${markTitle(mark, kind, group)}
        data-mark=${`${kind} ${mark.leader}`}
        >${kind === 'match' ? '▲' : '▷'} ${kind} ${mark.leader}</span>`;
    return [
      ...(mark.match === index ? [one('match')] : []),
      ...(mark.next === index ? [one('next')] : []),
    ];
  });
}
