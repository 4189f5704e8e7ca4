/** The picture in words: the event in focus, what it changed, and the steps around it. */

import { html, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import type { ConeAnswer, EventAnswer } from '../../../src/view/spacetime/spacetime-view.ts';
import {
  coneSentence, labels, moreChanges, relationWord, stepSentence, stepTime,
} from '../../../src/view/panel-words/spacetime.ts';
import type { Lane } from '../lane.ts';
import { firstAt } from '../numbers.ts';
import type { Place } from '../scene.ts';

/** How many steps before and after are listed. */
const listedBefore = 3;
const listedAfter = 3;

export interface Told {
  readonly lane: Lane;
  readonly place: Place;
  readonly cone: ConeAnswer | undefined;
  readonly details: EventAnswer | undefined;
  readonly goTo: (step: number) => void;
}

export function sentenceAt(lane: Lane, step: number): string {
  const { nodes } = lane.view;
  const name = (node: number) => nodes[node]?.id ?? '';
  const kind = lane.kindOf(step);
  const node = name(lane.nodes.at(step));
  let row = kind === 'message' ? lane.messageAt(step) : -1;
  if (row >= lane.messageCount || lane.message(row)?.step !== step) row = -1;
  if (row < 0) return stepSentence({ kind, node, label: lane.labelOf(step) });
  const { from, to, outcome } = lane.message(row);
  const message = { from: name(from), to: name(to), outcome };
  return stepSentence({ kind, node, label: lane.labelOf(step), message });
}

export function eventText({ lane, place }: Pick<Told, 'lane' | 'place'>): string {
  const { step } = place;
  return `${stepTime(step, lane.times.at(step))}: ${sentenceAt(lane, step)}`;
}

export function eventDetails(told: Told): TemplateResult {
  const { lane, place, cone, details, goTo } = told;
  const { step } = place;
  const first = Math.max(0, step - listedBefore);
  const end = Math.min(lane.count, step + listedAfter + 1);
  const steps = Array.from({ length: end - first }, (_, index) => first + index);
  return html`
    <div class="told">
      <div class="facts">
        <p>${details?.step === step ? details.sentence : sentenceAt(lane, step)}</p>
        ${cone ? html`<p class="quiet">${coneSentence(cone)}</p>` : nothing}
        ${details?.step === step ? effects(details) : nothing}
      </div>
      <table>
        <caption class="unseen">${labels.events}</caption>
        <thead>
          <tr>
            <th scope="col">${labels.step}</th>
            <th scope="col">${labels.what}</th>
            <th scope="col">${labels.relation}</th>
          </tr>
        </thead>
        <tbody>
          ${steps.map(
            (one) => html`
              <tr aria-current=${one === step ? 'true' : nothing}>
                <td>
                  <button @click=${() => goTo(one)} title=${labels.goThere}>${one}</button>
                </td>
                <td>${sentenceAt(lane, one)}</td>
                <td>${relationWord(relationOf(lane, cone, one))}</td>
              </tr>
            `,
          )}
        </tbody>
      </table>
    </div>
  `;
}

function effects(details: EventAnswer): TemplateResult {
  const { events, changes, more, sent, violations } = details;
  const changed = more > 0 ? [...changes, moreChanges(more)] : changes;
  return html`
    <dl>
      ${part(labels.violated, violations)} ${part(labels.reported, events)}
      ${part(labels.changed, changed)} ${part(labels.sent, sent)}
    </dl>
  `;
}

function part(name: string, lines: readonly string[]): TemplateResult | typeof nothing {
  if (lines.length === 0) return nothing;
  return html`<div><dt>${name}</dt>${lines.map((line) => html`<dd>${line}</dd>`)}</div>`;
}

/** From the cone alone: a count and a step of each node. */
export function relationOf(
  lane: Lane,
  cone: ConeAnswer | undefined,
  step: number,
): 'before' | 'after' | 'concurrent' | 'same' | '' {
  const node = lane.nodes.at(step);
  if (cone === undefined || node < 0) return '';
  if (step === cone.step && node === cone.node) return 'same';
  const steps = lane.stepsOf[node] ?? [];
  const ordinal = firstAt(steps.length, (place) => steps[place]! >= step) + 1;
  if (ordinal <= (cone.past[node] ?? 0)) return 'before';
  const first = cone.future[node] ?? -1;
  return first >= 0 && step >= first ? 'after' : 'concurrent';
}
