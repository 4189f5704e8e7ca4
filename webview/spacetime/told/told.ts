/** The event in focus in words, or that of the current step; a screen reader says the first. */

import { html } from 'lit';
import type { TemplateResult } from 'lit';
import { baseText, labels } from '../../../src/view/panel-words/spacetime.ts';
import { eventDetails, eventText } from './event-list.ts';
import { legend } from '../legend.ts';
import { here } from '../keys.ts';
import type { Questions } from '../questions.ts';
import type { Place } from '../scene.ts';
import type { Stage } from '../stage.ts';

export interface Telling {
  readonly stage: Stage;
  readonly questions: Questions;
  readonly isOpen: boolean;
  readonly goTo: (place: Place) => void;
}

/** Below the picture: the words, and the legend. */
export function told(telling: Telling): TemplateResult {
  return html`<div class="folds">${words(telling)} ${legend(telling.isOpen)}</div>`;
}

function words({ stage, questions, isOpen, goTo: go }: Telling): TemplateResult {
  const place = stage.hovered ?? stage.focus ?? here(stage);
  const lane = place && stage.lanes[place.lane];
  if (!place || !lane || place.step >= lane.count) {
    return html`<p class="note quiet">${labels.noEvent}</p>`;
  }
  const isTold = stage.hovered !== undefined || stage.focus !== undefined;
  const cone = questions.cone?.of.step === place.step ? questions.cone.of : undefined;
  const { details } = questions;
  const goTo = (step: number) => go({ ...place, step });
  const text = baseText(eventText({ lane, place }), cone);
  return html`
    <details ?open=${isOpen}>
      <summary>${text}</summary>
      ${eventDetails({ lane, place, cone, details, goTo })}
    </details>
    <div class="unseen" role="status">${isTold && stage.hovered === undefined ? text : ''}</div>
  `;
}
