/** The page of an exported run: controls above, the cluster and its story, and the other panels. */

import { html, LitElement, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import type { Moment, PanelMessage, Views } from '../../src/view/contract.ts';
import type { RecordedRun } from '../../src/view/export/recorded-run.ts';
import type { ReplayedRun } from '../../src/view/export/replayed-run.ts';
import { momentInWords } from '../../src/view/panel-words/moment-in-words.ts';
import { spokenMoment } from '../../src/view/panel-words/moment.ts';
import { aboutText, labels, leftOutText, themeNames } from '../../src/view/panel-words/run-page.ts';
import { panelElement, panels } from '../../src/view/panels.ts';
import type { PanelName } from '../../src/view/panels.ts';
import { narrationStyles, story } from '../narration/narration.ts';
import { timesLeft } from '../play/panel-steps.ts';
import { usualSpeed } from '../play/pace.ts';
import { Player } from '../play/player.ts';
import type { PanelState } from '../ui/host.ts';
import type { PlayElement } from '../ui/play.ts';
import { tokens } from '../ui/theme.ts';
import { downloadFiles } from './download.ts';
import { RunSteps } from './run-steps.ts';
import type { Moving } from './run-steps.ts';
import { signButton } from './signs.ts';
import { runStyles } from './styles.ts';
import { scenarioTab, wordsTab } from './texts.ts';
import { chooseTheme, chosenTheme } from './themes.ts';
import type { ThemeChoice } from './themes.ts';
import { track } from './track.ts';

type AnyPanel = HTMLElement & {
  state: PanelState<PanelName>;
  readonly renderRoot: ParentNode;
};

const textTabs = ['words', 'scenario'] as const;
type TextTab = (typeof textTabs)[number];
type Tab = PanelName | TextTab;

export class RunElement extends LitElement {
  static override styles = [tokens, narrationStyles, runStyles];

  @state() private tab: Tab = 'sequence';
  @state() private isWide = false;
  @state() private notice = '';
  @query('.left .place') private left!: HTMLElement;
  @query('.right .place') private right!: HTMLElement | null;

  private run!: RecordedRun;
  private replayed!: ReplayedRun;
  private steps!: RunSteps;
  private player!: Player;
  private computed: { of?: Moment; views: Partial<Views> } = { views: {} };
  private readonly elements = new Map<PanelName, AnyPanel>();

  /** Called once, before the element is in the page. */
  start(run: RecordedRun, replayed: ReplayedRun): void {
    this.run = run;
    this.replayed = replayed;
    this.steps = new RunSteps(replayed, run, () => this.requestUpdate(), () => this.moving());
    this.player = new Player(
      this.steps, usualSpeed, () => this.changed(), (time) => this.bar?.tick(time),
    );
    this.goToHash();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('lockstep-message', this.heard);
    window.addEventListener('hashchange', this.goToHash);
    document.addEventListener('keydown', this.keyPressed);
    document.addEventListener('visibilitychange', this.pageHidden);
  }

  override disconnectedCallback(): void {
    this.player.stop();
    window.removeEventListener('lockstep-message', this.heard);
    window.removeEventListener('hashchange', this.goToHash);
    document.removeEventListener('keydown', this.keyPressed);
    document.removeEventListener('visibilitychange', this.pageHidden);
    super.disconnectedCallback();
  }

  override render(): TemplateResult {
    const { about } = this.run;
    const { current } = this.steps;
    const left = leftOutText(about);
    return html`
      <header>
        <div class="titles">
          <h1>${about.title}</h1>
          <p class="quiet">${aboutText(about)}</p>
          ${this.theme()}
        </div>
        ${this.controls(current)}
        ${left === '' ? nothing : html`<p class="notice">${left}</p>`}
        ${this.replayed.isSame ? nothing : html`<p class="notice">${labels.differs}</p>`}
        ${this.notice ? html`<p class="notice said">${this.notice}</p>` : nothing}
      </header>
      <main class=${this.isWide ? 'wide' : ''}>
        <div class="unseen" role="status">
          ${this.player.isPlaying ? '' : spokenMoment(current)} ${this.notice}
        </div>
        <section class="left" aria-label=${labels.left}>
          <div class="place"></div>
          ${this.story()}
        </section>
        <section class="right">${this.tabs()} ${this.content(current)}</section>
      </main>
    `;
  }

  override updated(_changed: PropertyValues): void {
    this.put(this.left, 'cluster');
    if (this.right && isPanel(this.tab)) this.put(this.right, this.tab);
    this.bar?.tick(this.steps.current.time);
    this.reveal('.scenario .current');
    this.reveal('.story .current');
  }

  /** Scrolls the list of a line, and never the page. */
  private reveal(selector: string): void {
    const line = this.renderRoot.querySelector<HTMLElement>(selector);
    const list = line?.closest<HTMLElement>('.scenario, .story');
    if (!line || !list) return;
    const top = line.getBoundingClientRect().top - list.getBoundingClientRect().top;
    const isSeen = top >= 0 && top + Math.min(line.offsetHeight, 40) <= list.clientHeight;
    if (!isSeen) list.scrollTop += top - list.clientHeight / 4;
  }

  // Controls

  private controls(moment: Moment): TemplateResult {
    const { steps, player } = this;
    const { first, last } = this.run.about;
    const goTo = (step: number) => this.goTo(step);
    return html`<div class="controls">
      ${signButton('first', labels.first, () => goTo(first), !steps.isAtStart)}
      ${signButton('previousMoment', labels.previousMoment, () => goTo(steps.previousStop),
        !steps.isAtStart)}
      <lockstep-play role="toolbar" .player=${player} .time=${moment.time}
        @speed=${this.speedChosen}></lockstep-play>
      ${signButton('nextMoment', labels.nextMoment, () => goTo(steps.nextStop), !steps.isAtEnd)}
      ${signButton('last', labels.last, () => goTo(last), !steps.isAtEnd)}
      ${track(this.run, moment, goTo)}
    </div>`;
  }

  private theme(): TemplateResult {
    const chosen = (event: Event) => {
      chooseTheme((event.target as HTMLSelectElement).value as ThemeChoice);
      this.requestUpdate();
    };
    return html`<label class="theme">${labels.theme}
      <select @change=${chosen}>
        ${Object.entries(themeNames).map(([name, text]) => html`<option value=${name}
          ?selected=${name === chosenTheme()}>${text}</option>`)}
      </select>
    </label>`;
  }

  private get bar(): PlayElement | null {
    return this.renderRoot.querySelector<PlayElement>('lockstep-play');
  }

  private readonly speedChosen = ({ detail }: CustomEvent<number>) => {
    this.player.speed = detail;
    this.changed();
  };

  private changed(): void {
    this.bar?.requestUpdate();
    this.requestUpdate();
  }

  private goTo(step: number): void {
    this.player.stop();
    this.notice = '';
    this.steps.goto(step);
  }

  private toggle(): void {
    if (!this.player.isPlaying) this.steps.rewind();
    this.player.toggle();
  }

  /** `run.html#12` opens at step 12. */
  private readonly goToHash = (): void => {
    const step = /^#(\d+)$/.exec(location.hash)?.[1];
    if (step !== undefined) this.goTo(Number(step));
  };

  private readonly pageHidden = () => {
    if (document.hidden) this.player.stop();
  };

  private readonly keyPressed = (event: KeyboardEvent): void => {
    const { key, ctrlKey, altKey, metaKey, defaultPrevented } = event;
    if (defaultPrevented || ctrlKey || altKey || metaKey) return;
    const [target] = event.composedPath();
    if (target instanceof HTMLElement && target.matches(fields)) return;
    if (key === ' ' && target instanceof Element && target.closest(pressable) !== null) return;
    const { steps } = this;
    const { first, last } = this.run.about;
    const actions: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.goTo(steps.current.step - 1),
      ArrowRight: () => this.goTo(steps.current.step + 1),
      Home: () => this.goTo(first),
      End: () => this.goTo(last),
      n: () => this.goTo(steps.nextStop),
      p: () => this.goTo(steps.previousStop),
      Escape: () => this.player.stop(),
      ' ': () => this.toggle(),
    };
    const act = actions[key];
    if (act === undefined) return;
    event.preventDefault();
    act();
  };

  // Tabs

  private get allTabs(): readonly Tab[] {
    const shown = this.run.about.panels.filter((name) => name !== 'cluster');
    return [...shown, ...textTabs];
  }

  private tabs(): TemplateResult {
    const choose = (tab: Tab) => (this.tab = tab);
    return html`<div class="bar">
      <div class="tabs" role="tablist" aria-label=${labels.tabs} @keydown=${this.tabMoved}>
        ${this.allTabs.map((tab) => html`<button role="tab" id="tab-${tab}" data-tab=${tab}
          aria-selected=${tab === this.tab ? 'true' : 'false'} aria-controls="content"
          tabindex=${tab === this.tab ? 0 : -1}
          @click=${() => choose(tab)}>${titleOf(tab)}</button>`)}
      </div>
      <span class="widen">${signButton('wide', labels.wide, () => (this.isWide = !this.isWide),
        true)}</span>
    </div>`;
  }

  private readonly tabMoved = async (event: KeyboardEvent): Promise<void> => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by === undefined) return;
    event.preventDefault();
    const all = this.allTabs;
    this.tab = all[(all.indexOf(this.tab) + by + all.length) % all.length]!;
    await this.updateComplete;
    this.renderRoot.querySelector<HTMLElement>(`[data-tab="${this.tab}"]`)?.focus();
  };

  private content(moment: Moment): TemplateResult {
    const { tab } = this;
    const by = `tab-${tab}`;
    if (isPanel(tab)) {
      return html`<div class="place" id="content" role="tabpanel" aria-labelledby=${by}></div>`;
    }
    return html`<div class="texts" id="content" role="tabpanel" aria-labelledby=${by} tabindex="0">
      ${this.text(tab, moment)}
    </div>`;
  }

  private text(tab: TextTab, moment: Moment): TemplateResult {
    const { run, replayed } = this;
    if (tab === 'scenario') return scenarioTab(run, replayed.line);
    const views = { cluster: this.view('cluster'), sequence: this.view('sequence') };
    return wordsTab(momentInWords(moment, views), run, (step) => this.goTo(step));
  }

  // Panels

  private put(place: HTMLElement, name: PanelName): void {
    const element = this.panel(name);
    if (place.firstElementChild !== element) place.replaceChildren(element);
    const { current: moment, next } = this.steps;
    // While a step is under way, the run is already at its end.
    if (next || element.state.shown?.moment === moment) return;
    this.show(name);
  }

  private show(name: PanelName): void {
    const shown = { moment: this.steps.current, view: this.view(name) };
    this.panel(name).state = { shown, phase: { type: 'stopped' } };
  }

  /** Each panel is computed once for each moment. */
  private view<Name extends PanelName>(name: Name): Views[Name] {
    const { current } = this.steps;
    if (this.computed.of !== current) this.computed = { of: current, views: {} };
    const { views } = this.computed;
    views[name] ??= this.replayed.views([name])[name];
    return views[name]!;
  }

  private panel(name: PanelName): AnyPanel {
    const known = this.elements.get(name);
    if (known) return known;
    const made = document.createElement(panelElement(name)) as AnyPanel;
    // The page plays the run itself.
    made.toggleAttribute('recorded', true);
    this.elements.set(name, made);
    return made;
  }

  private moving(): Moving | undefined {
    const { cluster } = this.computed.views;
    return cluster && { root: this.panel('cluster').renderRoot, left: timesLeft(cluster) };
  }

  private story(): TemplateResult | typeof nothing {
    const { narration } = this.view('cluster');
    if (!narration) return nothing;
    return story({ narration, enabled: true, goTo: (index) => this.goToStory(index) });
  }

  private goToStory(index: number): void {
    const step = this.run.story[index];
    if (step !== undefined) this.goTo(step);
  }

  /** What a panel would send to the debugger. */
  private readonly heard = ({ detail }: Event & { detail?: PanelMessage }): void => {
    switch (detail?.type) {
      case 'goto':
      case 'run to':
        return this.goTo(detail.step);
      case 'scenario step':
        return this.goToStory(detail.index);
      case 'take':
      case 'do':
        this.notice = labels.recording;
        return;
      case 'save':
        return downloadFiles(detail.files);
      case 'select':
        if (this.replayed.select(detail.panel, detail.selection)) this.renew(detail.panel);
        return;
      case 'ask': {
        const { number, panel, question } = detail;
        const found = this.replayed.answer(panel, question);
        const answer = found
          ? { type: 'answer', number, answer: found.answer }
          : { type: 'no answer', number, why: labels.noAnswer };
        window.postMessage(answer, '*');
      }
    }
  };

  private renew(name: PanelName): void {
    delete this.computed.views[name];
    this.show(name);
  }
}

const fields = 'input, select, textarea';
const pressable = 'button, a, summary, [role=button], [role=menuitem], [role=tab]';

function isPanel(tab: Tab): tab is PanelName {
  return !(textTabs as readonly string[]).includes(tab);
}

function titleOf(tab: Tab): string {
  return isPanel(tab) ? panels.find(({ name }) => name === tab)!.title : labels[tab];
}
