/** The slider of an exported run, with the steps at which a debugger would stop above it. */

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import type { Moment } from '../../src/view/contract.ts';
import type { RecordedRun, StopMark } from '../../src/view/export/recorded-run.ts';
import { stopReason } from '../../src/view/panel-words/moment.ts';
import { labels, ofText } from '../../src/view/panel-words/run-page.ts';

/** More marks would cover each other. */
const marksMost = 400;

/** What the marks of the slider are of. */
function kindOf({ type }: StopMark): string {
  return type === 'violated' || type === 'thrown' || type === 'internal error' ? 'wrong' : type;
}

export function track(
  { about, moments, story }: RecordedRun,
  moment: Moment,
  goTo: (step: number) => void,
): TemplateResult {
  const { first, last } = about;
  const place = (step: number) =>
    `left: calc(8px + (100% - 16px) * ${(step - first) / Math.max(1, last - first)})`;
  const isInside = (step: number) => step >= first && step <= last;
  const chosen = (event: Event) => goTo(Number((event.target as HTMLInputElement).value));
  return html`<div class="track">
    <div class="marks" aria-hidden="true">
      ${story.filter(isInside).slice(0, marksMost).map(
        (step) => html`<i class="began" style=${place(step)}></i>`,
      )}
      ${moments.filter(({ step }) => isInside(step)).slice(0, marksMost).map(
        (mark) => html`<i class=${kindOf(mark)} style=${place(mark.step)}></i>`,
      )}
    </div>
    <input type="range" aria-label=${labels.step} min=${first} max=${last}
      .value=${String(moment.step)} @input=${chosen}
      aria-valuetext="${moment.step} ${ofText(about)}: ${stopReason(moment.stop)}" />
  </div>
  <label class="number">${labels.step}
    <input class="number" type="number" min=${first} max=${last}
      .value=${String(moment.step)} @change=${chosen} />
  </label>
  <span class="position">${ofText(about)}</span>`;
}
