/** The controls of playing: back, play or pause, step, speed, and the virtual time. */

import { css, html, LitElement, nothing, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import { property } from 'lit/decorators.js';
import {
  gapText, labels, speedText, speedTitle, timeShown,
} from '../../src/view/panel-words/play.ts';
import { speeds } from '../play/pace.ts';
import type { Player } from '../play/player.ts';
import { tokens } from './theme.ts';

export class PlayElement extends LitElement {
  static override styles = [
    tokens,
    css`
      :host {
        align-items: center;
        display: flex;
        flex-wrap: wrap;
        gap: 2px 6px;
      }
      button,
      select {
        background: var(--vscode-button-secondaryBackground, var(--raised));
        border: 1px solid var(--vscode-contrastBorder, var(--vscode-button-border, transparent));
        border-radius: 3px;
        color: var(--vscode-button-secondaryForeground, var(--ink));
        font: inherit;
        height: 24px;
      }
      button {
        align-items: center;
        display: inline-flex;
        justify-content: center;
        padding: 0;
        width: 28px;
      }
      button:hover:enabled {
        background: var(--vscode-button-secondaryHoverBackground, var(--raised));
        outline: 1px dashed var(--vscode-contrastActiveBorder, transparent);
        outline-offset: -1px;
      }
      button:disabled,
      select:disabled {
        opacity: 0.5;
      }
      svg {
        fill: currentColor;
      }
      .time {
        font-variant-numeric: tabular-nums;
        min-width: 5em;
      }
      .gap {
        border: 1px dashed currentColor;
        border-radius: 3px;
        padding: 0 6px;
      }
    `,
  ];

  @property({ attribute: false }) player: Player | undefined;
  /** Whether the debugger can be moved now. */
  @property({ attribute: false }) enabled = true;
  @property({ attribute: false }) time = 0;

  override render(): TemplateResult | typeof nothing {
    const { player, enabled } = this;
    if (!player) return nothing;
    const { isPlaying, gap } = player;
    const current = player.steps.current?.step ?? 0;
    const chosen = (event: Event) => {
      const detail = Number((event.target as HTMLSelectElement).value);
      this.dispatchEvent(new CustomEvent<number>('speed', { detail }));
    };
    const mayStep = enabled && !isPlaying;
    return html`
      ${button(labels.back, icons.back, mayStep && current > 0, () => player.steps.back())}
      ${button(isPlaying ? labels.pause : labels.play, isPlaying ? icons.pause : icons.play,
        enabled || isPlaying, () => player.toggle())}
      ${button(labels.step, icons.step, mayStep, () => void player.stepOnce())}
      <select aria-label=${labels.speed} title=${labels.speedIs} @change=${chosen}>
        ${speeds.map(
          (speed) => html`<option
            value=${speed}
            title=${speedTitle(speed)}
            ?selected=${speed === player.speed}
          >${speedText(speed)}</option>`,
        )}
      </select>
      <span class="time"></span>
      ${gap > 0 ? html`<span class="gap">${gapText(gap)}</span>` : nothing}
    `;
  }

  override updated(): void {
    this.tick(this.time);
  }

  /** Shows another virtual time without drawing the rest anew. */
  tick(time: number): void {
    const place = this.renderRoot.querySelector('.time');
    if (place) place.textContent = timeShown(time);
  }
}

export function definePlay(): void {
  if (!customElements.get('lockstep-play')) customElements.define('lockstep-play', PlayElement);
}

function button(
  label: string,
  icon: SVGTemplateResult,
  isEnabled: boolean,
  press: () => void,
): TemplateResult {
  return html`<button type="button" aria-label=${label} title=${label} ?disabled=${!isEnabled}
    @click=${press}><svg width="14" height="14" viewBox="0 0 14 14"
      aria-hidden="true">${icon}</svg></button>`;
}

const icons = {
  back: svg`<path d="M 2 2 h 2 v 10 h -2 z M 12 2 v 10 l -7 -5 z" />`,
  play: svg`<path d="M 3 1.5 l 9 5.5 l -9 5.5 z" />`,
  pause: svg`<path d="M 3 2 h 3 v 10 h -3 z M 8 2 h 3 v 10 h -3 z" />`,
  step: svg`<path d="M 2 2 l 7 5 l -7 5 z M 10 2 h 2 v 10 h -2 z" />`,
};
