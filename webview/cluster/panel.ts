/** The cluster panel: the header of the moment, the picture, and the same in words in folds. */

import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import {
  changesInWords,
  labels as words,
  pictureInWords,
} from '../../src/view/panel-words/cluster.ts';
import { bar, eventMeaning } from '../../src/view/panel-words/legend.ts';
import { clusterToMermaid } from '../../src/view/export/mermaid/cluster.ts';
import { divisionInWords, labels } from '../../src/view/panel-words/traffic.ts';
import { centreSign } from '../ui/centre-sign.ts';
import { emptyStyles } from '../ui/empty.ts';
import { momentHeader } from '../ui/head/header.ts';
import { post } from '../ui/host.ts';
import { Acts } from '../acts/acts.ts';
import { narrationStyles } from '../narration/narration.ts';
import { Story } from '../narration/story.ts';
import { Play } from '../play/play.ts';
import { PanelElement } from '../ui/panel.ts';
import type { Shown } from '../ui/panel.ts';
import { tokens } from '../ui/theme.ts';
import type { Size } from './layout/areas.ts';
import type { Point } from './layout/geometry.ts';
import { legend } from './legend.ts';
import { listStyles, mailList, nodeCards } from './lists.ts';
import { natural, Picture, scaleOf } from './picture.ts';
import type { Sight } from './picture.ts';
import { nodeStyles } from './drawing/node-styles.ts';
import { trafficStyles } from './drawing/traffic-styles.ts';
import { clusterStyles } from './styles.ts';
import { nextThing, thingAt, thingsOf } from './things.ts';
import { centredOn, panned, whole, zoomed, zoomStep } from './layout/viewport.ts';
import type { Viewport } from './layout/viewport.ts';

type Fold = 'messages' | 'nodes' | 'legend';

export class ClusterPanel extends PanelElement<'cluster'> {
  static override styles = [
    tokens,
    emptyStyles,
    listStyles,
    narrationStyles,
    clusterStyles,
    nodeStyles,
    trafficStyles,
  ];

  readonly name = 'cluster';
  private readonly play = new Play(this);
  private readonly story = new Story(this, this.play);
  protected readonly acts = new Acts(
    this,
    () => this.isStopped && !this.play.isPlaying,
    (id) => this.state.shown?.view.messages.find((message) => message.id === id),
  );
  @state() private size = { width: 0, height: 0 };
  @state() private viewport: Viewport = whole;
  @state() private open: Fold | undefined;
  @state() private pointedAt = '';
  /** The thing that the keyboard reaches with the next Tab. */
  @state() private reached = '';
  @query('.stage') private stage!: HTMLElement | null;
  private readonly picture = new Picture();
  private dragged: (Point & { pointer: number }) | undefined;

  /** The size of the picture in its own units. */
  private get plane(): Size {
    return natural(this.size);
  }

  private readonly sizes = new ResizeObserver((entries) => {
    // A stage that was taken out has no size.
    const entry = entries.find(({ target }) => target === this.stage);
    if (!entry) return;
    const { width, height } = entry.contentRect;
    this.size = { width: Math.floor(width), height: Math.floor(height) };
    this.viewport = panned(this.viewport, { x: 0, y: 0 }, this.plane);
  });

  /** Escape closes what is unfolded, wherever the focus is. */
  private readonly escaped = (event: KeyboardEvent) => {
    if (this.open && !event.defaultPrevented) this.closed(event, this.open);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    window.addEventListener('keydown', this.escaped);
  }

  override disconnectedCallback(): void {
    window.removeEventListener('keydown', this.escaped);
    super.disconnectedCallback();
  }

  protected override content({ moment, view, phase }: Shown<'cluster'>): TemplateResult {
    const { width, height } = this.size;
    const { viewport, pointedAt } = this;
    const reached = this.reachable(view);
    const options = {
      cluster: view,
      width,
      height,
      viewport,
      pointedAt,
      reached,
      words: pictureInWords(view),
    };
    return html`
      ${momentHeader(moment, phase)}
      <div
        class="stage drawing ${phase.type === 'running' ? 'dimmed' : ''}"
        tabindex="0"
        role="group"
        aria-label=${bar.picture}
        title=${this.viewport.zoom > 1 ? bar.keys : nothing}
        @keydown=${this.pressed}
        @wheel=${this.wheeled}
        @pointerdown=${this.grabbed}
        @pointermove=${this.movedTo}
        @pointerup=${this.released}
        @pointercancel=${this.released}
        @focusin=${this.focused}
        @pointerover=${this.pointed}
      >
        ${width > 0 ? this.picture.draw(options) : nothing}
      </div>
      ${this.open ? this.drawer(this.open, view) : nothing}
      ${this.hasAttribute('recorded') ? nothing : this.story.view()}
      ${this.bar(view)}
      <p class="unseen">${divisionInWords(view)}</p>
    `;
  }

  toMermaid(): string | undefined {
    const { shown } = this.state;
    return shown && clusterToMermaid(shown.view);
  }

  protected override spoken(shown: Shown<'cluster'>): string {
    const said = super.spoken(shown);
    if (shown.phase.type !== 'stopped') return said;
    return [said, changesInWords(shown.view)].filter((part) => part !== '').join('. ');
  }

  override updated(changed: PropertyValues<this>): void {
    if (!changed.has('state') || !this.stage) return;
    this.sizes.observe(this.stage);
    if (this.size.width > 0) return;
    const { clientWidth: width, clientHeight: height } = this.stage;
    this.size = { width, height };
  }

  /** The thing of the last focus if it is still there, or else the first node. */
  private reachable(view: Shown<'cluster'>['view']): string {
    const things = Object.values(thingsOf(view, this.sight(view))).flat();
    return things.includes(this.reached) ? this.reached : (things[0] ?? '');
  }

  private sight(view: Shown<'cluster'>['view']): Sight {
    return this.picture.sight(view, this.size, this.viewport);
  }

  // The bar below the picture, and what unfolds over the picture

  private bar(view: Shown<'cluster'>['view']): TemplateResult {
    const { nodes, messages, unseen } = view;
    const fold = (name: Fold, text: string) => html`<button
      class="fold"
      aria-expanded=${this.open === name}
      @click=${() => (this.open = this.open === name ? undefined : name)}
    >${text}</button>`;
    const act = (label: string, sign: unknown, run: () => void) =>
      html`<button title=${label} aria-label=${label} @click=${run}>${sign}</button>`;
    const percent = `${Math.round(this.viewport.zoom * 100)} %`;
    return html`<div class="bar">
      ${fold('messages', `${labels.messages} (${messages.length + unseen})`)}
      ${fold('nodes', `${words.nodes} (${nodes.length})`)} ${fold('legend', bar.legend)}
      ${this.meaning(view)}
      ${act(bar.zoomOut, '−', () => this.zoom(1 / zoomStep))}
      ${act(`${percent}: ${bar.showAll}`, percent, () => (this.viewport = whole))}
      ${act(bar.zoomIn, '+', () => this.zoom(zoomStep))}
      ${act(bar.centre, centreSign, () => this.centre())}
    </div>`;
  }

  /** What the last events mean, for a reader who does not know the protocol. */
  private meaning({ meanings }: Shown<'cluster'>['view']): TemplateResult {
    const all = meanings.map(eventMeaning);
    const text = all.join(' ');
    return html`<span class="meaning" title=${all.join('\n')}><span>${text}</span></span>`;
  }

  private drawer(fold: Fold, view: Shown<'cluster'>['view']): TemplateResult {
    const { messages, unseen, nodes } = view;
    const titles = { messages: labels.messagesInFlight, nodes: words.nodes, legend: bar.legend };
    const content = {
      messages: () =>
        mailList({
          messages,
          unseen,
          enabled: this.isStopped,
          pointedAt: this.pointedAt,
          deliver: (id) => this.deliver(id),
          pointAt: (id) => (this.pointedAt = id),
        }),
      nodes: () => nodeCards(nodes, view.roles),
      legend: () => legend(view, this.sight(view).isDetailed),
    };
    const close = () => (this.open = undefined);
    return html`<section
      class="drawer ${fold}"
      aria-label=${titles[fold]}
      @keydown=${(event: KeyboardEvent) => this.closed(event, fold)}
    >
      <h2>
        ${titles[fold]}
        <button title=${bar.close} aria-label=${bar.close} @click=${close}>✕</button>
      </h2>
      <div class="scroll" tabindex="0" role="group" aria-label=${titles[fold]}>
        ${content[fold]()}
      </div>
    </section>`;
  }

  private closed(event: KeyboardEvent, fold: Fold): void {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    this.open = undefined;
    const order: Fold[] = ['messages', 'nodes', 'legend'];
    this.renderRoot.querySelectorAll<HTMLElement>('.fold')[order.indexOf(fold)]?.focus();
  }

  private deliver(messageId: string): void {
    if (this.isStopped) post({ type: 'take', action: `deliver ${messageId}` });
  }

  // Keys and pointer on the picture

  private readonly pressed = (event: KeyboardEvent) => {
    const view = this.state.shown?.view;
    if (!view || event.altKey || event.metaKey || event.ctrlKey) return;
    const isHandled = this.zoomedByKey(event.key) || this.movedByKey(event, view);
    if (isHandled) event.preventDefault();
  };

  private zoomedByKey(key: string): boolean {
    if (key === '+' || key === '=') this.zoom(zoomStep);
    else if (key === '-' || key === '−') this.zoom(1 / zoomStep);
    else if (key === '0') this.viewport = whole;
    else return false;
    return true;
  }

  /** Between things if one has the focus; the picture itself moves if it has the focus. */
  private movedByKey({ key, target }: KeyboardEvent, view: Shown<'cluster'>['view']): boolean {
    const thing = thingAt(target as Element);
    if (thing === undefined) {
      const by = ways[key];
      if (!by) return false;
      this.viewport = panned(this.viewport, by, this.plane);
      return true;
    }
    const next = nextThing(thingsOf(view, this.sight(view)), thing, key);
    if (next === undefined) return false;
    const [kind, ...name] = next.split(' ');
    const selector = `[data-${kind}="${CSS.escape(name.join(' '))}"]`;
    this.stage?.querySelector<SVGElement>(selector)?.focus();
    return true;
  }

  private readonly focused = ({ target }: FocusEvent) => {
    const thing = thingAt(target as Element);
    if (thing !== undefined) this.reached = thing;
    this.pointedAt = thing?.startsWith('message ') ? thing.slice('message '.length) : '';
    if (thing?.startsWith('node ')) this.bringIntoSight(thing.slice('node '.length));
  };

  /** The keyboard also reaches nodes that are out of sight while the picture is enlarged. */
  private bringIntoSight(node: string): void {
    const place = this.picture.placeOf(node);
    if (!place || this.viewport.zoom === 1) return;
    const { zoom, x, y } = this.viewport;
    const { width, height } = this.plane;
    const [across, down] = [place.x * zoom + x, place.y * zoom + y];
    const isInSight = across > 0 && down > 0 && across < width && down < height;
    if (!isInSight) this.viewport = centredOn(this.viewport, place, this.plane);
  }

  private readonly pointed = ({ target }: PointerEvent) => {
    const thing = thingAt(target as Element);
    this.pointedAt = thing?.startsWith('message ') ? thing.slice('message '.length) : '';
  };

  private readonly wheeled = (event: WheelEvent) => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.zoom(Math.exp(-event.deltaY / 300), this.placeIn(event));
  };

  private readonly grabbed = (event: PointerEvent) => {
    if (event.button !== 0 || this.viewport.zoom === 1) return;
    this.dragged = { x: event.clientX, y: event.clientY, pointer: event.pointerId };
  };

  private readonly movedTo = (event: PointerEvent) => {
    const { dragged } = this;
    if (dragged?.pointer !== event.pointerId) return;
    const by = { x: event.clientX - dragged.x, y: event.clientY - dragged.y };
    // A click may shake a little.
    if (Math.hypot(by.x, by.y) < 3) return;
    this.stage?.setPointerCapture(event.pointerId);
    const scale = scaleOf(this.size);
    this.viewport = panned(this.viewport, { x: by.x / scale, y: by.y / scale }, this.plane);
    this.dragged = { x: event.clientX, y: event.clientY, pointer: event.pointerId };
  };

  private readonly released = () => (this.dragged = undefined);

  private placeIn({ clientX, clientY }: MouseEvent): Point {
    const { left, top } = this.stage!.getBoundingClientRect();
    const scale = scaleOf(this.size);
    return { x: (clientX - left) / scale, y: (clientY - top) / scale };
  }

  private zoom(by: number, at?: Point): void {
    const { width, height } = this.plane;
    const middle = { x: width / 2, y: height / 2 };
    this.viewport = zoomed(this.viewport, by, at ?? middle, { width, height });
  }

  /** On the node that acted last; without one, on the middle. */
  private centre(): void {
    const actor = this.state.shown?.view.nodes.find(({ acted }) => acted);
    const place = actor && this.picture.placeOf(actor.id);
    if (!place) return;
    const least = this.picture.zoomFor(actor.id, Math.max(2, this.viewport.zoom));
    this.viewport = centredOn(this.viewport, place, this.plane, least);
  }
}

/** In which direction an arrow key moves the picture, in CSS pixels. */
const ways: Readonly<Record<string, Point>> = {
  ArrowLeft: { x: 40, y: 0 },
  ArrowRight: { x: -40, y: 0 },
  ArrowUp: { x: 0, y: 40 },
  ArrowDown: { x: 0, y: -40 },
};
