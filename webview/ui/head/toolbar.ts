/**
 * The toolbar of a panel's page: it pins the panel, says what is out of the ordinary, and moves a
 * session that is presented. Usually it is one button over the panel, else a bar above it.
 */

import { html, LitElement, nothing } from 'lit';
import type { TemplateResult } from 'lit';
import { property, state } from 'lit/decorators.js';
import type { PanelMessage, PresentedMotion } from '../../../src/view/contract.ts';
import {
  drawingFailed,
  labels,
  motionLabels,
  pinnedNotice,
  pinnedText,
} from '../../../src/view/panel-words/toolbar.ts';
import type { PanelName } from '../../../src/view/panels.ts';
import type { PanelState } from '../state.ts';
import { tokens } from '../theme.ts';
import { toolbarStyles } from './toolbar-styles.ts';

/** What plays the session in the page of a panel that can. */
export interface Playable {
  readonly isPlaying: boolean;
  toggle(): void;
  setSpeed(speed: number): void;
}

interface Options {
  readonly isPresented: boolean;
  /** Undefined in a page that does not play. */
  play(): Playable | undefined;
  pinOrFollow(): void;
  send(message: PanelMessage): void;
}

/** The heights of the bar, which the page leaves free. */
const barHeight = { usual: '28px', presented: '42px' };

const motions: readonly PresentedMotion[] = ['step back', 'step', 'continue'];

/** As VS Code draws these, in a box of 16 by 16. */
const icons = {
  pin: 'M6 1h4v1l-.6.5v4L12 9v1H8.5v4.5L8 15l-.5-.5V10H4V9l2.6-2.5v-4L6 2z',
  'step back': 'M3 2h2v12H3zM13 3v10L6 8z',
  step: 'M11 2h2v12h-2zM3 3v10l7-5z',
  continue: 'M3 2h2v12H3zM7 3v10l7-5z',
  play: 'M4 2l9 6-9 6z',
  pause: 'M4 2h3v12H4zM9 2h3v12H9z',
  end: 'M3.5 2.8 8 7.3l4.5-4.5.7.7L8.7 8l4.5 4.5-.7.7L8 8.7l-4.5 4.5-.7-.7L7.3 8 2.8 3.5z',
};

export class PanelToolbar extends LitElement {
  static override styles = [tokens, toolbarStyles];

  @property({ attribute: false }) state: PanelState<PanelName> = { phase: { type: 'empty' } };
  @state() private failure = '';
  @state() private isRefused = false;
  private options!: Options;

  with(options: Options): this {
    this.options = options;
    this.toggleAttribute('presented', options.isPresented);
    this.role = 'group';
    this.ariaLabel = labels.toolbar;
    return this;
  }

  pinOrFollow(): void {
    this.isRefused = false;
    this.options.pinOrFollow();
  }

  /** Says why nothing can be done in a pinned picture. */
  refuse(): void {
    this.isRefused = true;
  }

  /** Shows that the panel could not be drawn. */
  fail(message: string): void {
    this.failure = drawingFailed(message);
  }

  override willUpdate(): void {
    const { isPresented } = this.options;
    const hasBar = isPresented || this.failure !== '' || this.state.now !== undefined;
    this.toggleAttribute('bar', hasBar);
    const height = isPresented ? barHeight.presented : barHeight.usual;
    const { style } = document.body;
    style.setProperty('--bar', hasBar ? height : '0px');
    // The end of the panel's header is left to *Export…*, and without a bar to the pin, too.
    style.setProperty('--pin', hasBar ? '24px' : '48px');
  }

  override render(): TemplateResult {
    const { isPresented } = this.options;
    return html`
      ${isPresented ? [this.motions(), this.play()] : nothing} ${this.notice()} ${this.pin()}
      ${
        isPresented
          ? html`<button
              title=${labels.endPresentation}
              aria-label=${labels.endPresentation}
              @click=${() => this.options.send({ type: 'end presentation' })}
            >
              ${icon('end')}
            </button>`
          : nothing
      }
    `;
  }

  private notice(): TemplateResult {
    const { shown, now } = this.state;
    if (this.failure) {
      return html`<p class="failure" role="alert" title=${this.failure}>${this.failure}</p>`;
    }
    if (!shown || !now) return html`<span class="spring"></span>`;
    const where = pinnedText(shown.moment, now.shown?.moment, now.phase.type);
    return html`<p role="status" title=${where}>${this.isRefused ? pinnedNotice : where}</p>`;
  }

  private pin(): TemplateResult | typeof nothing {
    const { shown, now } = this.state;
    if (!shown) return nothing;
    const label = now ? labels.follow : labels.pin;
    return html`<button
      class="pin"
      title=${label}
      aria-label=${label}
      aria-pressed=${now ? 'true' : 'false'}
      @click=${() => this.pinOrFollow()}
    >
      ${icon('pin')}${now ? html`<span>${label}</span>` : nothing}
    </button>`;
  }

  private play(): TemplateResult | typeof nothing {
    const play = this.options.play();
    if (!play) return nothing;
    const { isPlaying } = play;
    const label = isPlaying ? labels.pause : labels.play;
    return html`<button
      class="play"
      title=${label}
      aria-label=${label}
      aria-pressed=${isPlaying ? 'true' : 'false'}
      ?disabled=${!isPlaying && !this.isStopped}
      @click=${() => play.toggle()}
    >
      ${icon(isPlaying ? 'pause' : 'play')}<span>${label}</span>
    </button>`;
  }

  private get isStopped(): boolean {
    return (this.state.now ?? this.state).phase.type === 'stopped';
  }

  private motions(): TemplateResult[] {
    return motions.map(
      (motion) => html`<button
        title=${motionLabels[motion]}
        aria-label=${motionLabels[motion]}
        ?disabled=${!this.isStopped}
        @click=${() => this.options.send({ type: 'move', motion })}
      >
        ${icon(motion)}<span>${motionLabels[motion]}</span>
      </button>`,
    );
  }
}

function icon(name: keyof typeof icons): TemplateResult {
  return html`<svg viewBox="0 0 16 16" aria-hidden="true"><path d=${icons[name]} /></svg>`;
}

/** Chromium reports this when a panel reacts to its own size, and draws it in the next frame. */
const harmless = /^ResizeObserver loop/;

export function startToolbar(options: Options): PanelToolbar {
  customElements.define('lockstep-toolbar', PanelToolbar);
  const toolbar = new PanelToolbar().with(options);
  window.addEventListener('error', ({ message }) => {
    if (!harmless.test(message)) toolbar.fail(message);
  });
  window.addEventListener('unhandledrejection', ({ reason }) => {
    if (reason instanceof Error && reason.name === 'NoAnswer') return;
    toolbar.fail(reason instanceof Error ? reason.message : String(reason));
  });
  return toolbar;
}
