/**
 * The header of the moment: a line for what happened, one for why the debugger stopped, and where
 * that is in the run. Its height never changes: what has no room is cut, and unfolds below it.
 */

import { html, LitElement, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { ActionView, Ending, Moment, VerdictView } from '../../../src/view/contract.ts';
import { unmarked } from '../../../src/view/text/marked.ts';
import { ended, holdCount, verdictLine } from '../../../src/view/panel-words/ending.ts';
import {
  branchName,
  eventInWords,
  failureInWords,
  headCommand,
  headSentence,
  labels,
  replyInWords,
  sliderPosition,
  stepCount,
  stopReason,
} from '../../../src/view/panel-words/moment.ts';
import { isInside, stepNumber, stepsMost } from '../../../src/view/step-number.ts';
import { headerStyles } from './header-styles.ts';
import { post } from '../host.ts';
import { withCode } from '../marked.ts';
import type { Phase } from '../host.ts';
import { Popup } from '../popup.ts';
import { tokens } from '../theme.ts';

/** How many chips are shown beside the sentence; the others are counted. */
const chipWindow = 3;

export class MomentHeader extends LitElement {
  static override styles = [tokens, headerStyles];

  @property({ attribute: false }) moment!: Moment;
  @property({ attribute: false }) phase!: Phase;
  @state() private isUnfolded = false;

  constructor() {
    super();
    // It stays open beside the code, where a reader compares it with the lines.
    new Popup(this, {
      isOpen: () => this.isUnfolded,
      close: (by) => this.fold(by),
      closesOnBlur: false,
    });
  }

  override render(): TemplateResult {
    const { moment, phase } = this;
    const ending = endingOf(moment, phase);
    const sentence = headSentence(moment);
    const about = [headCommand(moment), sentence].filter((part) => part !== '').join('\n');
    return html`<section class="moment" aria-label=${labels.moment}>
      <div class="line what">
        <span class="text" title=${about}>${sentence}</span>
        ${moment.entered ? nothing : chips(moment.action)}
        <button
          class="unfold"
          aria-expanded=${this.isUnfolded}
          title=${labels.all}
          aria-label=${labels.all}
          @click=${this.toggle}
        >${this.isUnfolded ? '▴' : '▾'}</button>
      </div>
      ${this.why(ending)} ${whereLine(moment, phase)}
      ${this.isUnfolded ? unfolded(moment, ending) : nothing}
    </section>`;
  }

  private why(ending: Ending | undefined): TemplateResult {
    const { moment, phase } = this;
    if (ending) {
      const [first] = violatedFirst(ending.verdicts);
      const isViolated = first?.type === 'violated';
      const text = isViolated ? `${ended(ending)}. ${verdictLine(first)}` : ended(ending);
      return html`<div class="line why ended ${isViolated ? 'violated' : ''}">
        <span class="mark"></span><span class="text" title=${unmarked(text)}
          >${withCode(text)}</span>
        ${
          ending.verdicts.length === 0
            ? nothing
            : html`<button aria-expanded=${this.isUnfolded} @click=${this.toggle}>
                ${holdCount(ending)} ${this.isUnfolded ? '▴' : '▾'}
              </button>`
        }
      </div>`;
    }
    const reason = phase.type === 'running' ? labels.running : stopReason(moment.stop);
    const { title } = moment;
    const place = placeOf(moment);
    const isViolated = moment.stop.type === 'violated' || moment.stop.type === 'thrown';
    return reason === ''
      ? html`<div class="line why">
          <span class="text quiet" title="${title} · ${place}">${title} · ${place}</span>
        </div>`
      : html`<div class="line why reason ${isViolated ? 'violated' : ''}">
          <span class="mark"></span><span class="text" title=${unmarked(reason)}
            >${withCode(reason)}</span>
        </div>`;
  }

  private readonly toggle = () => (this.isUnfolded = !this.isUnfolded);

  private fold(by: 'key' | 'pointer'): void {
    this.isUnfolded = false;
    if (by === 'key') this.renderRoot.querySelector<HTMLElement>('.unfold')?.focus();
  }
}

customElements.define('lockstep-moment', MomentHeader);

export function momentHeader(moment: Moment, phase: Phase): TemplateResult {
  return html`<lockstep-moment .moment=${moment} .phase=${phase}></lockstep-moment>`;
}

function endingOf({ stop }: Moment, phase: Phase): Ending | undefined {
  if (phase.type === 'ended') return phase.ending;
  return phase.type === 'stopped' && stop.type === 'end' ? stop.ending : undefined;
}

function placeOf({ scenario, branch }: Moment): string {
  return [scenario, branchName(branch)].filter((part) => part !== '').join(' · ');
}

interface Chip {
  text: string;
  isWrong: boolean;
}

function chipsOf({ events, failure, replies }: ActionView): Chip[] {
  return [
    ...(failure === undefined ? [] : [{ text: failureInWords(failure), isWrong: true }]),
    ...events.map((event) => ({ text: eventInWords(event), isWrong: false })),
    ...replies.map((reply) => ({ text: replyInWords(reply), isWrong: !reply.ok })),
  ];
}

function chips(action: ActionView): TemplateResult | typeof nothing {
  const all = chipsOf(action);
  if (all.length === 0) return nothing;
  const more = all.length - chipWindow;
  return html`<span class="chips">
    ${all
      .slice(0, chipWindow)
      .map(
        ({ text, isWrong }) =>
          html`<span class="chip ${isWrong ? 'wrong' : ''}" title=${text}>${text}</span>`,
      )}
    ${more > 0 ? html`<span class="chip count">+${more}</span>` : nothing}
  </span>`;
}

function whereLine(moment: Moment, phase: Phase): TemplateResult {
  const { step, steps } = moment;
  const inside = isInside(moment);
  const label = inside ? labels.insideStep : labels.step;
  const enabled = phase.type === 'stopped';
  const moved = (event: Event) => goTo((event.target as HTMLInputElement).value, moment);
  return html`<div class="line where">
    ${inside ? html`<span>${label}</span>` : nothing}
    <input
      type="number"
      aria-label=${label}
      title=${inside ? labels.inside : label}
      min="0"
      max=${stepsMost(moment)}
      .value=${String(stepNumber(moment))}
      ?disabled=${!enabled}
      @change=${moved}
    />
    <span class="quiet">${stepCount(moment)}</span>
    <span class="slider"><input
      type="range"
      title=${labels.goToStep}
      aria-label=${labels.goToStep}
      aria-valuetext=${sliderPosition(moment)}
      min="0"
      max=${steps}
      .value=${String(step)}
      ?disabled=${!enabled}
      @change=${moved}
    /></span>
  </div>`;
}

/** All that the lines have no room for. */
function unfolded(moment: Moment, ending: Ending | undefined): TemplateResult {
  const { title, action, entered, stop } = moment;
  const command = headCommand(moment);
  const reason = stopReason(stop);
  const consequences = entered ? [] : chipsOf(action);
  return html`<div class="all" tabindex="0" role="group" aria-label=${labels.all}>
    <p><strong>${title}</strong> <span class="quiet">${placeOf(moment)}</span></p>
    <p>${command === '' ? nothing : html`<code>${command}</code> `}${headSentence(moment)}</p>
    ${
      consequences.length === 0
        ? nothing
        : html`<ul role="list">${consequences.map(({ text }) => html`<li>${text}</li>`)}</ul>`
    }
    ${reason === '' || ending ? nothing : html`<p>${withCode(reason)}</p>`}
    ${ending ? verdictList(ending) : nothing}
  </div>`;
}

function verdictList(ending: Ending): TemplateResult {
  const line = (verdict: VerdictView) =>
    html`<li class=${verdict.type}>${withCode(verdictLine(verdict))}</li>`;
  return html`<p>${ended(ending)}.</p>
    <ul class="verdicts" role="list">${violatedFirst(ending.verdicts).map(line)}</ul>`;
}

/** Those that are violated first, then those that are unknown. */
function violatedFirst(verdicts: readonly VerdictView[]): VerdictView[] {
  const order = ['violated', 'unknown', 'holds'] as const;
  return order.flatMap((type) => verdicts.filter((verdict) => verdict.type === type));
}

/** Inside of an action, its own number leads to its end. */
function goTo(value: string, { step, steps }: Moment): void {
  const wanted = Math.round(Number(value));
  if (!Number.isFinite(wanted) || value.trim() === '') return;
  const bounded = Math.min(steps, Math.max(0, wanted));
  if (bounded !== step) post({ type: 'goto', step: bounded });
}
