/** What the marks in the table of logs mean. */

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { LogsView } from '../../src/view/logs/logs-view.ts';
import { epochKey, labels } from '../../src/view/panel-words/logs.ts';
import { hasMarks, logsIn } from './table.ts';

/** What entries, marks and states are, as the protocol explains them; of what is in the table. */
function explained({ groups }: LogsView): TemplateResult[] {
  const all = new Map<string, string>();
  for (const { docs, logs } of groups) {
    const entries = logs.flatMap((log) => log.entries);
    const shown = new Set(entries.map((entry) => entry?.label ?? ''));
    const areMarked = logs.some(({ marks }) => marks.length > 0);
    for (const name of ['match', 'next']) if (areMarked) shown.add(name);
    for (const name of ['committed', 'applied']) shown.add(name);
    for (const [name, doc] of Object.entries(docs)) if (shown.has(name)) all.set(name, doc);
  }
  // In one element: the parts of a row of the legend are beside each other.
  const row = ([name, doc]: [string, string]) =>
    html`<li class="doc"><span><strong>${name}</strong>: ${doc}</span></li>`;
  return [...all].map(row);
}

export function legend(view: LogsView): TemplateResult {
  const logs = logsIn(view);
  const key = epochKey(view);
  const applies = logs.some(({ log }) => log.applied !== undefined);
  return html`<ul class="legend">
    ${key === undefined ? nothing : html`<li><span class="swatch"></span>${key}</li>`}
    <li><span class="key committed"></span> ${labels.committed}</li>
    <li><span class="key"></span> ${labels.notCommitted}</li>
    <li><span class="key committed last-committed"></span> ${labels.lastCommitted}</li>
    ${applies ? html`<li>✓ ${labels.applied}</li>` : nothing}
    <li>+ ${labels.written}</li>
    <li><s>x</s> ${labels.removed}</li>
    <li><span class="key conflict"></span> ${labels.conflict}</li>
    ${hasMarks(view) ? html`<li>▲ ▷ ${labels.marks}</li>` : nothing}
    ${explained(view)}
  </ul>`;
}
