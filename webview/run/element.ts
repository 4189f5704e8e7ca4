/** The page of an exported run: controls above, the panels, and below them the moment in words. */

import { html, LitElement, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { property, query, state } from 'lit/decorators.js';
import type { PanelMessage } from '../../src/view/contract.ts';
import { Unpacker } from '../../src/view/export/pack.ts';
import type { Frame, NamedText, RecordedRun } from '../../src/view/export/recorded-run.ts';
import { verdictLine } from '../../src/view/panel-words/ending.ts';
import { momentInWords } from '../../src/view/panel-words/moment-in-words.ts';
import { spokenMoment, stopReason } from '../../src/view/panel-words/moment.ts';
import {
  aboutText, labels, leftOutText, positionText, speedText,
} from '../../src/view/panel-words/run-page.ts';
import { panelElement, panels } from '../../src/view/panels.ts';
import type { PanelName } from '../../src/view/panels.ts';
import type { PanelState } from '../ui/host.ts';
import { tokens } from '../ui/theme.ts';
import { isMoment, Playing, speeds } from './playing.ts';
import { drawnSign } from './signs.ts';
import type { Sign } from './signs.ts';
import { runStyles } from './styles.ts';

type AnyPanel = HTMLElement & { state: PanelState<PanelName> };

/** Marks beyond these would cover the slider. */
const marksMax = 60;

export class RunElement extends LitElement {
  static override styles = [tokens, runStyles];

  @property({ attribute: false }) run!: RecordedRun;
  /** The panels that are shown. */
  @state() private open: readonly PanelName[] = ['cluster', 'sequence'];
  @state() private notice = '';
  @query('.panels') private place!: HTMLElement;

  private frames!: Unpacker;
  private playing!: Playing;
  private marks: readonly number[] = [];
  private readonly elements = new Map<PanelName, AnyPanel>();

  override connectedCallback(): void {
    super.connectedCallback();
    const { about, frames } = this.run;
    this.frames = new Unpacker(frames);
    const playable = {
      first: about.first, last: about.last, frame: (step: number) => this.frame(step),
    };
    this.playing = new Playing(playable, () => this.requestUpdate());
    const all = Array.from({ length: about.last - about.first + 1 }, (_, i) => about.first + i);
    this.marks = all.filter((step) => isMoment(this.frame(step)));
    this.open = this.open.filter((name) => about.panels.includes(name));
    window.addEventListener('lockstep-message', this.heard);
    document.addEventListener('keydown', this.keyPressed);
    this.setTheme(matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light');
  }

  override disconnectedCallback(): void {
    window.removeEventListener('lockstep-message', this.heard);
    document.removeEventListener('keydown', this.keyPressed);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { about } = this.run;
    const { step } = this.playing;
    const frame = this.frame(step);
    const { moment, line } = frame;
    const left = leftOutText(about);
    return html`
      <header>
        <h1>${about.title}</h1>
        <p class="quiet">${aboutText(about)}</p>
        ${left === '' ? nothing : html`<p class="notice">${left}</p>`} ${this.controls(frame)}
      </header>
      <main>
        <div class="unseen" role="status">
          ${this.playing.isPlaying ? '' : spokenMoment(moment)} ${this.notice}
        </div>
        ${this.notice ? html`<p class="notice">${this.notice}</p>` : nothing}
        <div class="panels"></div>
        <section class="texts">
          <section class="words">
            <h2>${labels.inWords}</h2>
            <ul>
              ${momentInWords(moment, frame.views).map((text) => html`<li>${text}</li>`)}
            </ul>
          </section>
          ${this.verdicts()} ${this.sources(line)}
        </section>
      </main>
    `;
  }

  override updated(changed: PropertyValues): void {
    for (const name of this.run.about.panels) this.showPanel(name);
    if (changed.has('open')) {
      this.place.replaceChildren(...this.open.map((name) => this.section(name)));
    }
    this.revealLine();
  }

  /** Scrolls the scenario, and never the page. */
  private revealLine(): void {
    const line = this.renderRoot.querySelector<HTMLElement>('.scenario .current');
    const list = line?.parentElement;
    if (!line || !list) return;
    const middle = line.offsetTop - list.offsetTop - list.clientHeight / 2;
    const isSeen = Math.abs(middle - list.scrollTop) < list.clientHeight / 3;
    if (!isSeen) list.scrollTop = middle;
  }

  private frame(step: number): Frame {
    return this.frames.value(step - this.run.about.first) as Frame;
  }

  // Controls

  private controls({ moment }: Frame): TemplateResult {
    const { about } = this.run;
    const { playing } = this;
    const { step, isPlaying } = playing;
    const button = (sign: Sign, act: () => void, disabled = false) =>
      html`<button title=${labels[sign]} aria-label=${labels[sign]} ?disabled=${disabled}
        @click=${act}>${drawnSign(sign)}</button>`;
    const isFirst = step <= about.first;
    const { isAtEnd } = playing;
    const goTo = (event: Event) => playing.goTo(Number((event.target as HTMLInputElement).value));
    return html`<div class="controls">
      ${button('first', () => playing.goTo(about.first), isFirst)}
      ${button('back', () => playing.goTo(step - 1), isFirst)}
      ${button(isPlaying ? 'pause' : 'play', () => playing.toggle())}
      ${button('forward', () => playing.goTo(step + 1), isAtEnd)}
      ${button('nextMoment', () => playing.goTo(playing.nextMoment()), isAtEnd)}
      <input type="range" list="marks" aria-label=${labels.step} min=${about.first}
        max=${about.last} .value=${String(step)} @input=${goTo}
        aria-valuetext="${positionText(step, about)}: ${stopReason(moment.stop)}" />
      <datalist id="marks">
        ${this.marks.slice(0, marksMax).map((mark) => html`<option value=${mark}></option>`)}
      </datalist>
      <label>${labels.step}
        <input class="number" type="number" min=${about.first} max=${about.last}
          .value=${String(step)} @change=${goTo} />
      </label>
      <span class="position">${positionText(step, about)}</span>
      ${this.speed()} ${this.choices()} ${this.theme()}
    </div>`;
  }

  private speed(): TemplateResult {
    const { playing } = this;
    const changed = (event: Event) =>
      playing.setSpeed(Number((event.target as HTMLSelectElement).value));
    return html`<label>${labels.speed}
      <select class="speed" @change=${changed}>
        ${speeds.map((speed) => html`<option value=${speed} ?selected=${speed === playing.speed}
          >${speedText(speed)}</option>`)}
      </select>
    </label>`;
  }

  private choices(): TemplateResult {
    const toggle = (name: PanelName) => {
      const all = this.run.about.panels;
      this.open = all.filter((one) => (one === name) !== this.open.includes(one));
    };
    return html`<span class="choices" role="group" aria-label=${labels.panels}>
      ${this.run.about.panels.map((name) => html`<button
        aria-pressed=${this.open.includes(name) ? 'true' : 'false'}
        @click=${() => toggle(name)}>${titleOf(name)}</button>`)}
    </span>`;
  }

  private theme(): TemplateResult {
    const isDark = document.documentElement.dataset.theme === 'dark';
    const name = `${labels.theme}: ${isDark ? labels.dark : labels.light}`;
    return html`<button class="theme" title=${name} aria-label=${name}
      @click=${() => this.setTheme(isDark ? 'light' : 'dark')}
      >${drawnSign(isDark ? 'dark' : 'light')}</button>`;
  }

  private setTheme(theme: 'light' | 'dark'): void {
    document.documentElement.dataset.theme = theme;
    document.body.className = `vscode-${theme}`;
    this.requestUpdate();
  }

  private readonly keyPressed = (event: KeyboardEvent): void => {
    const { key, ctrlKey, altKey, metaKey, defaultPrevented } = event;
    if (defaultPrevented || ctrlKey || altKey || metaKey) return;
    const [target] = event.composedPath();
    if (target instanceof HTMLElement && target.matches('input, select, button, textarea')) {
      if (key !== 'Escape') return;
    }
    const { playing } = this;
    const { first, last } = this.run.about;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => playing.goTo(playing.step - 1),
      ArrowRight: () => playing.goTo(playing.step + 1),
      Home: () => playing.goTo(first),
      End: () => playing.goTo(last),
      Escape: () => playing.pause(),
      ' ': () => playing.toggle(),
    };
    const act = actions[key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  // Panels

  private section(name: PanelName): HTMLElement {
    const section = document.createElement('section');
    section.ariaLabel = titleOf(name);
    section.append(this.panel(name));
    return section;
  }

  private panel(name: PanelName): AnyPanel {
    const known = this.elements.get(name);
    if (known) return known;
    const made = document.createElement(panelElement(name)) as AnyPanel;
    // The page plays the run itself.
    made.toggleAttribute('recorded', true);
    this.elements.set(name, made);
    this.showPanel(name);
    return made;
  }

  /** Closed panels are not drawn. */
  private showPanel(name: PanelName): void {
    const element = this.elements.get(name);
    if (!element || !this.open.includes(name)) return;
    const { moment, views } = this.frame(this.playing.step);
    const view = views[name];
    if (!view || element.state.shown?.moment === moment) return;
    element.state = { shown: { moment, view }, phase: { type: 'stopped' } };
  }

  /** What a panel would send to the debugger. */
  private readonly heard = ({ detail }: Event & { detail?: PanelMessage }): void => {
    this.notice = '';
    switch (detail?.type) {
      case 'goto':
      case 'run to':
        return this.playing.goTo(detail.step);
      case 'take':
        this.notice = labels.recording;
        return;
      case 'ask':
        window.postMessage({ type: 'no answer', number: detail.number, why: labels.noAnswer }, '*');
    }
  };

  // Texts

  private verdicts(): TemplateResult {
    const { ending } = this.run.about;
    return html`<section class="verdicts">
      <h2>${labels.verdicts}</h2>
      ${
        ending === undefined
          ? html`<p>${labels.notEnded}</p>`
          : html`<ul>
              ${ending.verdicts.map((one) => html`<li>
                ${verdictLine(one)}
                ${one.step === undefined ? nothing : this.link(one.step)}
              </li>`)}
            </ul>`
      }
    </section>`;
  }

  private link(step: number): TemplateResult | typeof nothing {
    const { first, last } = this.run.about;
    if (step < first || step > last) return nothing;
    return html`<button @click=${() => this.playing.goTo(step)}>${labels.step} ${step}</button>`;
  }

  private sources(current: number | null): TemplateResult {
    const [scenario, ...sources] = this.run.about.texts;
    const lines = scenario!.text.split('\n');
    return html`<section>
        <h2>${labels.scenario}: ${scenario!.name}</h2>
        <ol class="code scenario">
          ${lines.map((text, index) => html`<li
            class=${index + 1 === current ? 'current' : ''}
            aria-current=${index + 1 === current ? 'step' : nothing}>${text}</li>`)}
        </ol>
      </section>
      ${
        sources.length === 0
          ? nothing
          : html`<section class="sources">
              <h2>${labels.source}</h2>
              ${sources.map(sourceText)}
            </section>`
      }`;
  }
}

function sourceText({ name, text }: NamedText): TemplateResult {
  return html`<details><summary>${name}</summary><pre class="code">${text}</pre></details>`;
}

function titleOf(name: PanelName): string {
  return panels.find((panel) => panel.name === name)!.title;
}
