/** What the page of an exported run says in words: the moment, the verdicts, and the sources. */

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { shortNames } from '../../src/view/export/replayed-run.ts';
import type { NamedText, RecordedRun } from '../../src/view/export/recorded-run.ts';
import { verdictLine } from '../../src/view/panel-words/ending.ts';
import { labels } from '../../src/view/panel-words/run-page.ts';

export function wordsTab(
  words: readonly string[],
  { about: { ending, first, last } }: RecordedRun,
  goTo: (step: number) => void,
): TemplateResult {
  const link = (step: number | undefined) =>
    step === undefined || step < first || step > last
      ? nothing
      : html`<button @click=${() => goTo(step)}>${labels.step} ${step}</button>`;
  return html`<section class="words">
      <h2>${labels.words}</h2>
      <ul>${words.map((text) => html`<li>${text}</li>`)}</ul>
    </section>
    <section class="verdicts">
      <h2>${labels.verdicts}</h2>
      ${
        ending === undefined
          ? html`<p>${labels.notEnded}</p>`
          : html`<ul>
              ${ending.verdicts.map((one) => html`<li class=${one.type}>
                ${verdictLine(one)} ${link(one.step)}
              </li>`)}
            </ul>`
      }
    </section>
    <p class="quiet">${labels.keys}</p>`;
}

export function scenarioTab(
  { scenario, sources }: RecordedRun,
  current: number | null,
): TemplateResult {
  const lines = scenario.text.split('\n');
  return html`<h2>${labels.scenario}: ${scenario.name}</h2>
  <ol class="code scenario">
    ${lines.map((text, index) => html`<li
      class=${index + 1 === current ? 'current' : ''}
      aria-current=${index + 1 === current ? 'step' : nothing}>${text}</li>`)}
  </ol>
  <section class="sources">
    <h2>${labels.source}</h2>
    ${shortNames(sources).map(sourceText)}
  </section>`;
}

function sourceText({ name, text }: NamedText): TemplateResult {
  return html`<details>
    <summary>${name}</summary><pre class="code">${text}</pre>
  </details>`;
}
