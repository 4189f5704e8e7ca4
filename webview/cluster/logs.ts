/** All logs in one table with a column per index, so that differences stand out. */

import { css, html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { classMap } from 'lit/directives/class-map.js';
import type { LogView, NodeView } from '../../src/view/contract.ts';
import { entryTitle, labels, spokenEntry } from '../../src/view/panel-words/cluster.ts';
import { swatch } from './cards.ts';

type Entry = LogView['entries'][number];
type NodeWithLog = NodeView & { log: LogView };

export const logStyles = css`
  .logs .scroll {
    overflow-x: auto;
    padding-bottom: 4px;
  }
  .logs table {
    border-collapse: separate;
    border-spacing: 3px 4px;
  }
  .logs th {
    font-weight: 600;
    padding: 0 6px 0 0;
    text-align: left;
    white-space: nowrap;
  }
  .logs thead td,
  .logs tbody th {
    background: var(--paper);
    left: 0;
    position: sticky;
    z-index: 1;
  }
  .logs thead th {
    color: var(--quiet);
    font-weight: normal;
    padding: 0;
    text-align: center;
  }
  .entry {
    border: 1px dashed var(--quiet);
    border-radius: 3px;
    max-width: 130px;
    min-width: 46px;
    padding: 1px 5px;
    text-align: center;
    vertical-align: top;
  }
  .entry.committed {
    border: 2px solid var(--ink);
    padding: 0 4px;
  }
  .entry.last-committed {
    box-shadow: 4px 0 0 -1px var(--accent);
  }
  .entry.changed .label {
    font-weight: 700;
    text-decoration: underline 2px var(--changed);
    text-underline-offset: 3px;
  }
  .entry .label {
    display: block;
    overflow-wrap: anywhere;
  }
  .entry .short {
    white-space: nowrap;
  }
  .entry .epoch {
    color: var(--quiet);
    font-size: 0.9em;
    white-space: nowrap;
  }
  .logs .key {
    display: flex;
    flex-wrap: wrap;
    font-size: 0.9em;
    gap: 2px 14px;
    margin: 2px 0 0;
  }
  .logs .key .entry {
    display: inline-block;
    margin-right: 4px;
    min-width: 22px;
    padding: 0 3px;
  }
`;

export function logTable(nodes: NodeView[]): TemplateResult | typeof nothing {
  const withLog = nodes.filter((node): node is NodeWithLog => node.log !== undefined);
  if (withLog.length === 0) return nothing;
  const indexes = shownIndexes(withLog);
  return html`<section class="logs" aria-label=${labels.logs}>
    <h2>${labels.logs}</h2>
    ${
      indexes.length === 0
        ? html`<p class="quiet">${labels.noEntries}</p>`
        : html`<div class="scroll" tabindex="0" role="group" aria-label=${labels.logsByIndex}>
              <table>
                <thead>
                  <tr>
                    <td></td>
                    ${indexes.map((index) => html`<th scope="col">${index}</th>`)}
                  </tr>
                </thead>
                <tbody>
                  ${withLog.map((node) => logRow(node, indexes))}
                </tbody>
              </table>
            </div>
            ${key(withLog.some(({ log }) => log.applies))}`
    }
  </section>`;
}

function logRow({ id, log }: NodeWithLog, indexes: number[]): TemplateResult {
  const byIndex = new Map(log.entries.map((entry) => [entry.index, entry]));
  const first = log.entries[0]?.index ?? 0;
  return html`<tr>
    <th scope="row">${id}</th>
    ${indexes.map((index) => {
      const entry = byIndex.get(index);
      if (entry) return entryCell(entry, log.committed);
      const before = index < first && log.before > 0;
      return before
        ? html`<td class="quiet" aria-label=${labels.earlierEntry}>·</td>`
        : html`<td></td>`;
    })}
  </tr>`;
}

function entryCell(entry: Entry, lastCommitted: number): TemplateResult {
  const { index, epoch, label, committed, applied, changed } = entry;
  const classes = { entry: true, committed, changed, 'last-committed': index === lastCommitted };
  return html`<td
    class=${classMap(classes)}
    title=${entryTitle(entry)}
  >
    <span class="label code ${label.length <= 12 ? 'short' : ''}">${label}</span>
    <span class="epoch"
      >${epoch === undefined ? nothing : swatch(epoch)} ${epoch}${applied ? ' ✓' : ''}</span
    >
    <span class="unseen">${spokenEntry(entry)}</span>
  </td>`;
}

const key = (applies: boolean) => html`<p class="key quiet" aria-hidden="true">
  <span><span class="entry committed">x</span> ${labels.committed}</span>
  <span><span class="entry">x</span> ${labels.notCommitted}</span>
  ${applies ? html`<span>✓ ${labels.applied}</span>` : nothing}
  <span><span class="entry committed last-committed">x</span> ${labels.lastCommitted}</span>
</p>`;

function shownIndexes(nodes: NodeWithLog[]): number[] {
  const indexes = new Set(nodes.flatMap(({ log }) => log.entries.map(({ index }) => index)));
  return [...indexes].sort((one, other) => one - other);
}
