/** The panel that draws the state machine of a role, with the transition that was just taken. */

import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import '@vscode-elements/elements/dist/vscode-button/index.js';
import type { RolesSelection, RolesView } from '../../src/view/roles/roles-view.ts';
import { bar } from '../../src/view/panel-words/legend.ts';
import { copiedText, notCopiedText } from '../../src/view/panel-words/export.ts';
import {
  changeText, howToDeclare, labels, noStandingsText, othersText, outOfViewText, sinceText,
  standingName, undeclaredRoleText, whereText,
} from '../../src/view/panel-words/roles.ts';
import { emptyStyles } from '../ui/empty.ts';
import { legendFold, legendFoldStyles } from '../ui/legend-fold.ts';
import { copyText } from '../ui/export/clipboard.ts';
import type { Font } from '../ui/mermaid.ts';
import { withCode } from '../ui/marked.ts';
import type { Shown } from '../ui/panel.ts';
import { PanelElement } from '../ui/panel.ts';
import { positionLine } from '../ui/head/position.ts';
import { frameStyles, tokens } from '../ui/theme.ts';
import { FormedDrawing } from './form.ts';
import { dress, type Targets } from './picture.ts';
import { pictureStyles, rolesStyles } from './styles.ts';
import { Zoom } from './zoom.ts';

export class RolesPanel extends PanelElement<'roles'> {
  static override styles = [
    tokens, emptyStyles, frameStyles, legendFoldStyles, rolesStyles, pictureStyles,
  ];

  readonly name = 'roles';
  /** Why the newest view could not be drawn; empty if it was. */
  @state() private failure = '';
  @query('.picture') private canvas!: HTMLElement | null;
  /** What became of a copy, for a moment. */
  @state() private copied = '';
  /** The names of the states that are out of view. */
  @state() private beyond: readonly string[] = [];
  private drawing = false;
  /** Whether the room has another size than that of the newest drawing. */
  private isDue = false;
  /** The Mermaid text of the picture, and the font in which it was drawn. */
  private drawnText = '';
  private svg?: SVGSVGElement;
  private targets: Targets = [];
  private readonly forms = new FormedDrawing();
  /** The room for which the picture was drawn. */
  private drawnFor = '';
  /** Whether labels were left out. */
  @state() private isBrief = false;
  private readonly sizes = new ResizeObserver(() => {
    if (!this.svg || this.drawnFor === this.roomKey) return;
    this.fitAgain();
    void this.requestDrawing(true);
  });
  private readonly zoom = new Zoom(
    () => (this.noteHidden(), this.requestUpdate()),
    () => this.canvas,
    () => this.svg,
    () => this.latest,
  );

  protected content({ moment, view, phase }: Shown<'roles'>): TemplateResult {
    return html`
      <header>
        ${positionLine(moment, phase.type, [this.copied])}
        ${this.choice(view)}
        ${view.states.length === 0 ? nothing : this.zoom.buttons()}
        ${
          view.mermaid === ''
            ? nothing
            : html`<vscode-button class="copy" secondary @click=${this.copy}>
                ${labels.copyAsMermaid}
              </vscode-button>`
        }
      </header>
      ${view.states.length === 0 ? this.without(view) : this.diagram(view)}
    `;
  }

  protected override spoken(shown: Shown<'roles'>): string {
    const { view } = shown;
    if (shown.phase.type !== 'stopped' || view.states.length === 0) return super.spoken(shown);
    return `${changeText(view)} ${whereText(view)}`;
  }

  /** The states that are out of view. */
  private noteHidden(): void {
    const { states = [], role = '' } = this.view ?? {};
    const boxes = states.map((_, index) => this.svg?.querySelector(`.node[id*="-s${index}-"]`));
    const isHidden = this.zoom.hidden(boxes);
    const names = states.filter((_, index) => isHidden[index])
      .map(({ standing }) => standingName(standing, role));
    if (names.join() !== this.beyond.join()) this.beyond = names;
  }

  private async copy(): Promise<void> {
    const isCopied = await copyText(this.state.shown?.view.mermaid ?? '');
    this.copied = isCopied ? copiedText('mermaid') : notCopiedText('mermaid');
    setTimeout(() => (this.copied = ''), 3000);
  }

  private without({ role }: RolesView): TemplateResult {
    return html`<div class="empty">
      <p>${noStandingsText(role)}</p>
      <p class="quiet">${withCode(howToDeclare)}</p>
    </div>`;
  }

  private diagram(view: RolesView): TemplateResult {
    const declares = view.states.some(({ isDeclared }) => isDeclared);
    return html`
      <p class="line changes" title=${changeText(view)}>${changeText(view)}</p>
      <p class="line quiet where" title=${whereText(view)}>${whereText(view)}</p>
      ${declares ? nothing : html`<p class="line">${undeclaredRoleText(view.role)}</p>`}
      ${view.since > 0 ? html`<p class="line quiet">${sinceText(view.since)}</p>` : nothing}
      ${this.failure ? html`<p class="notice" role="alert">${this.failure}</p>` : nothing}
      <div class="stage">
        <div
          class="picture"
          role="group"
          @scroll=${this.noteHidden}
          aria-label=${labels.diagram}
          tabindex="0"
          title=${bar.zoomKeys}
          @click=${this.clicked}
          @keydown=${this.keyPressed}
          @wheel=${(event: WheelEvent) => this.zoom.wheel(event)}
        ></div>
        ${this.beyond.length === 0
          ? nothing
          : html`<p class="hidden-states">${outOfViewText(this.beyond)}</p>`}
      </div>
      ${legendFold(this.legend(view))}
    `;
  }

  private legend({ others }: RolesView): TemplateResult {
    const sample = (kind: string) => html`<svg width="30" height="10" aria-hidden="true">
      <path class="transition ${kind}" d="M1 5 H29" />
    </svg>`;
    return html`<ul class="legend">
      <li>${sample('now')} ${labels.justTaken}</li>
      <li>${sample('taken')} ${labels.takenBefore}</li>
      <li>${sample('never')} ${labels.neverTaken}</li>
      ${this.isBrief ? html`<li>${labels.cause}</li>` : nothing}
      <li>${sample('undeclared')} ${labels.notDeclared}</li>
      ${others ? html`<li>${labels.heldBy}</li>` : nothing}
    </ul>`;
  }

  /** One list of roles, each with its nodes: a node narrows the picture to itself. */
  private choice({ roles, role, others, node }: RolesView): TemplateResult {
    const declared = roles.find(({ name }) => name === role);
    const kind = declared?.others === true ? { others } : {};
    const chosen = JSON.stringify(node === undefined ? { role, ...kind } : { role, ...kind, node });
    const option = (value: object, text: string) => {
      const key = JSON.stringify(value);
      return html`<option value=${key} ?selected=${key === chosen}>${text}</option>`;
    };
    const group = ({ name, nodes }: RolesView['roles'][number], all: string, of: object) =>
      html`<optgroup label=${name}>
        ${option({ role: name, ...of }, all)}
        ${nodes.map((id) => option({ role: name, ...of, node: id }, id))}
      </optgroup>`;
    return html`<label>
      <span class="name">${labels.role}</span>
      <select title=${labels.role} aria-label=${labels.role}
        @change=${this.chosen} ?disabled=${!this.isStopped}>
        ${roles.map(
          (one) => html`
            ${one.others ? group(one, othersText(one.name), { others: true }) : nothing}
            ${group(one, `${one.name}: ${labels.allNodes}`, one.others ? { others: false } : {})}
          `,
        )}
      </select>
    </label>`;
  }

  private chosen({ target }: Event): void {
    const { value } = target as HTMLSelectElement;
    this.select(JSON.parse(value) as RolesSelection & { role: string });
  }

  override updated(changed: PropertyValues): void {
    if (changed.has('state')) void this.requestDrawing();
    if (this.canvas) this.sizes.observe(this.canvas);
  }

  override disconnectedCallback(): void {
    this.sizes.disconnect();
    super.disconnectedCallback();
  }

  private get roomKey(): string {
    const { width, height } = this.zoom.free;
    return `${width} ${height}`;
  }

  /** In a room of another size, the same picture has another size. */
  private fitAgain(): void {
    this.zoom.apply();
    this.zoom.reveal();
    this.noteHidden();
    this.requestUpdate();
  }

  private get view(): RolesView | undefined {
    return this.state.shown?.view;
  }

  /** Drawings never overlap: views that arrive during one are skipped, except for the newest. */
  private async requestDrawing(isResized = false): Promise<void> {
    this.isDue ||= isResized;
    if (this.drawing) return;
    this.drawing = true;
    try {
      for (let drawn: RolesView | undefined; drawn !== this.view || this.isDue;) {
        drawn = this.view;
        this.isDue = false;
        if (drawn && drawn.states.length > 0) await this.draw(drawn);
      }
    } finally {
      this.drawing = false;
    }
  }

  private async draw(view: RolesView): Promise<void> {
    this.drawnFor = this.roomKey;
    performance.mark('lockstep-draw');
    try {
      const { svg, text, isBrief } = await this.forms.draw(view, this.zoom.free, this.font());
      if (view !== this.view) return;
      const isNew = text !== this.drawnText;
      this.svg = svg;
      this.drawnText = text;
      this.isBrief = isBrief;
      const focused = this.targets.indexOf(this.shadowRoot?.activeElement as SVGGElement);
      if (this.svg.parentElement !== this.canvas) this.canvas?.replaceChildren(this.svg);
      this.targets = dress(this.svg, view);
      this.zoom.apply();
      if (isNew) this.zoom.reveal();
      this.reveal(view);
      this.noteHidden();
      this.requestUpdate();
      if (focused >= 0) this.targets[focused]?.focus({ preventScroll: true });
      this.failure = '';
    } catch (error) {
      this.failure = error instanceof Error ? error.message : String(error);
    }
    performance.measure('lockstep-roles', 'lockstep-draw');
  }

  /** The transition just taken, or else a state in which there is a node. */
  private get latest(): Element | undefined {
    const now = this.view?.transitions.findIndex((one) => one.now.length > 0) ?? -1;
    return this.targets[now] ?? this.svg?.querySelector('.node.here') ?? undefined;
  }

  /** The transition just taken, and where it led: that is in view, even if only one can be. */
  private reveal({ transitions, states }: RolesView): void {
    const now = transitions.findIndex((one) => one.now.length > 0);
    this.targets[now]?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
    const reached = states.findIndex(({ standing }) => standing === transitions[now]?.to);
    const box = this.svg?.querySelector(`.node[id*="-s${reached}-"]`);
    box?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  private font(): Font {
    const style = getComputedStyle(this);
    return { family: style.fontFamily, size: Math.round(parseFloat(style.fontSize)) };
  }

  private clicked({ target }: Event): void {
    const at = (target as Element).closest<SVGElement>('[data-transition]');
    if (at) this.goToLast(Number(at.dataset.transition));
  }

  private keyPressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (this.zoom.press(event.key)) return event.preventDefault();
    const at = this.targets.indexOf(event.target as SVGGElement);
    if (at < 0) return;
    const steps: Partial<Record<string, number>> = {
      ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1,
    };
    const by = steps[event.key];
    if (by !== undefined) this.targets[at + by]?.focus();
    else if (event.key === 'Enter' || event.key === ' ') this.goToLast(at);
    else return;
    event.preventDefault();
  }

  /** The step in which the transition was taken last. */
  private goToLast(index: number): void {
    const last = this.view?.transitions[index]?.last;
    if (last) this.goTo(last.step);
  }
}
