/** The Space-Time panel: the whole run on a canvas, and the event in focus in words. */

import { html, nothing } from 'lit';
import type { PropertyValues, TemplateResult } from 'lit';
import { query, state } from 'lit/decorators.js';
import { labels, pictureText } from '../../src/view/panel-words/spacetime.ts';
import type { SpacetimeView } from '../../src/view/spacetime/spacetime-view.ts';
import { emptyStyles } from '../ui/empty.ts';
import { ask, post } from '../ui/host.ts';
import { lowFoldStyles } from '../ui/legend-fold.ts';
import { PanelElement } from '../ui/panel.ts';
import type { Shown } from '../ui/panel.ts';
import { isPresented, pageRoom } from '../ui/room.ts';
import { tokens } from '../ui/theme.ts';
import { bar } from './bar.ts';
import { eventText } from './told/event-list.ts';
import { type Acts, here, pressed } from './keys.ts';
import { Lane } from './lane.ts';
import { Loader } from './loader.ts';
import { Options } from './options.ts';
import { Questions } from './questions.ts';
import type { Place } from './scene.ts';
import { Search } from './search.ts';
import { pickedBar } from './shapes/picked-bar.ts';
import { ShapeSearch, type Wanted } from './shapes/shape-search.ts';
import { spacetimeToMermaid } from './mermaid.ts';
import { Stage } from './stage.ts';
import { told } from './told/told.ts';
import { Redrawing } from './draw/redrawing.ts';
import { spacetimeStyles } from './styles.ts';

export class SpacetimePanel extends PanelElement<'spacetime'> {
  static override styles = [tokens, emptyStyles, spacetimeStyles, lowFoldStyles];

  readonly name = 'spacetime';
  /** Counts what the page has read and found since it was drawn. */
  @state() private changes = 0;
  @state() private tip: { text: string; x: number; y: number } | undefined;
  @state() private follows = true;
  @state() private isDragged = false;
  @query('.stage') private stageElement!: HTMLElement | null;
  @query('canvas') private canvas!: HTMLCanvasElement | null;

  private readonly lanes = new Map<string, Lane>();
  private readonly ask = (question: Parameters<typeof ask<'spacetime'>>[1]) =>
    ask('spacetime', question);
  private readonly changed = () => void this.changes++;
  private readonly loader = new Loader(this.ask, () => this.readMore());
  private readonly search = new Search(this.ask, () => this.foundMore());
  private readonly shapes = new ShapeSearch(() => this.foundMore());
  private readonly questions = new Questions(this.ask, () => this.answered());
  private readonly options = new Options(this);
  readonly stage = new Stage(this, {
    pointed: (place, at) => this.pointed(place, at),
    focused: (place) => this.focused(place),
    goTo: (place) => this.goToPlace(place),
    pick: (place) => this.pick(place),
    moved: () => (this.follows = false),
  });
  private readonly sizes = new ResizeObserver(([entry]) => {
    if (entry && this.canvas) this.stage.attach(this.canvas, entry.contentRect);
    // What is below the picture folds now: at a click, it would move the picture from under it.
    if (isTall() !== this.isUnfolded) this.changed();
  });
  private isUnfolded = false;
  private readonly themes = new MutationObserver(() => {
    this.stage.pictures.forget();
    this.stage.requestDraw();
  });
  private observed: HTMLElement | undefined;
  private isOver = false;
  private readonly redrawing = new Redrawing();

  override connectedCallback(): void {
    super.connectedCallback();
    const filter = { attributes: true, attributeFilter: ['style', 'class'] };
    this.themes.observe(document.documentElement, filter);
    this.themes.observe(document.body, filter);
  }

  override disconnectedCallback(): void {
    this.themes.disconnect();
    this.sizes.disconnect();
    super.disconnectedCallback();
  }

  /** What is in view, as a sequence diagram. */
  toMermaid(): string {
    return spacetimeToMermaid(this.stage.scene);
  }

  /** What is in view, as text of an SVG file. */
  toSvg(): string {
    return this.stage.pictures.svg(this.stage.scene, this.pictureWords());
  }

  protected override content({ moment, view, phase }: Shown<'spacetime'>): TemplateResult {
    const { stage } = this;
    const read = { steps: this.readSteps, of: this.allSteps };
    this.isUnfolded = isTall();
    return html`
      ${bar({
        moment, view, phase: phase.type, read,
        search: this.search,
        shapes: this.shapes,
        options: this.options,
        shapeChosen: (shape) => this.searchForShape(shape),
        compressed: stage.compressed,
        byStep: stage.byStep,
        axisChanged: (byStep) => this.setAxis(byStep),
        follows: this.follows,
        isStopped: this.isStopped,
        compressedChanged: (on) => this.setCompressed(on),
        followsChanged: (on) => this.setFollows(on),
        searched: (condition) => this.searchFor(condition),
        moved: (by) => this.toMatch(by),
        compared: (compare) => this.compare(compare),
        zoomed: (factor) => (factor === 0 ? stage.fit() : stage.zoom(factor)),
        showHere: () => this.showHere(),
        difference: this.questions.difference,
      })}
      <div
        class="stage ${this.isDragged ? 'dragged' : ''}"
        tabindex="0"
        role="application"
        aria-roledescription=${labels.picture}
        aria-label=${this.pictureWords()}
        aria-describedby="keys"
        @wheel=${(event: WheelEvent) => stage.wheel(event)}
        @pointerdown=${this.pointerDown}
        @pointermove=${(event: PointerEvent) => (this.isDragged = stage.move(event))}
        @pointerup=${this.pointerUp}
        @pointerleave=${() => stage.leave()}
        @keydown=${this.keyPressed}
      >
        <canvas data-picture="Space-Time" aria-hidden="true"></canvas>
        ${this.tipBox()}
      </div>
      ${pickedBar({ shapes: this.shapes, changed: () => this.foundMore() })}
      <p class="unseen" id="keys">${labels.keys}</p>
      ${told({ stage, questions: this.questions, isOpen: this.isUnfolded, goTo: this.acts.goTo })}
    `;
  }

  override willUpdate(changed: PropertyValues): void {
    if (!changed.has('state')) return;
    const { phase, shown } = this.state;
    if (['ended', 'empty', 'loading'].includes(phase.type)) this.isOver = true;
    if (phase.type !== 'stopped' || !shown) return;
    this.takeView(shown.view, shown.moment.time);
  }

  override updated(changed: PropertyValues): void {
    super.updated(changed);
    if (this.stageElement && this.observed !== this.stageElement) {
      this.sizes.disconnect();
      this.observed = this.stageElement;
      this.sizes.observe(this.stageElement);
    }
  }

  // What the adapter sends

  private takeView(view: SpacetimeView, time: number): void {
    const isOther = view.lanes.some((lane) => {
      const known = this.lanes.get(lane.key);
      // Another adapter may use the same keys for another run.
      const isRead = known !== undefined && lane.cursor >= 0 && lane.cursor < known.count;
      return isRead && known.times.at(lane.cursor) > time;
    });
    if (this.isOver || isOther) this.forget();
    this.isOver = false;
    const lanes = view.lanes.map((lane) => {
      const known = this.lanes.get(lane.key) ?? new Lane(lane);
      known.update(lane);
      this.lanes.set(lane.key, known);
      return known;
    });
    const { stage } = this;
    if (lanes.some((lane, index) => lane !== stage.lanes[index])) {
      stage.cone = undefined;
      stage.focus = stage.hovered = stage.match = undefined;
    }
    this.questions.lanesChanged(lanes, view.shared);
    stage.difference = this.questions.differenceStep;
    stage.runsChanged(lanes);
    this.loader.want(lanes);
    this.search.begin(this.search.condition, lanes);
    this.shapes.begin(lanes);
    if (this.follows) stage.reveal(0, lanes[0]?.view.cursor ?? -1);
    this.tellOf(stage.focus);
  }

  /** What was read is of another run, and so is what the user chose for it. */
  private forget(): void {
    this.lanes.clear();
    this.stage.chooseAxis(undefined);
  }

  private readMore(): void {
    const { stage } = this;
    const before = stage.lanes[0]?.view.cursor ?? -1;
    if (!this.redrawing.isDue(stage.lanes, performance.now())) return;
    stage.runsChanged(stage.lanes);
    this.shapes.begin(stage.lanes);
    if (this.follows) stage.reveal(0, before);
    const [lane] = stage.lanes;
    if (lane && lane.count > lane.view.cursor) this.tellOf(stage.hovered ?? stage.focus);
    this.changed();
  }

  private foundMore(): void {
    const { stage, shapes } = this;
    stage.matches = (shapes.wanted === undefined ? this.search : shapes).matches;
    stage.picked = shapes.picked;
    stage.place = shapes.place;
    stage.searches++;
    this.stage.requestDraw();
    this.changed();
  }

  private answered(): void {
    const { stage, questions } = this;
    stage.cone = this.shadedCone;
    stage.difference = questions.differenceStep;
    stage.requestDraw();
    this.changed();
  }

  // What the user does

  private setCompressed(on: boolean): void {
    this.stage.compressed = on;
    this.changed();
  }

  private setAxis(byStep: boolean): void {
    this.stage.chooseAxis(byStep);
    if (this.follows) this.showHere();
    this.changed();
  }

  private setFollows(on: boolean): void {
    this.follows = on;
    if (on) this.showHere();
  }

  private showHere(): void {
    this.stage.reveal(0, this.stage.lanes[0]?.view.cursor ?? -1);
  }

  private compare(compare: SpacetimeView['compare']): void {
    this.select({ compare });
    if (compare.type === 'twin' && this.isStopped) post({ type: 'compare' });
  }

  private searchFor(condition: string): void {
    this.stage.match = undefined;
    this.search.begin(condition.trim(), this.stage.lanes);
    this.changed();
  }

  private searchForShape(shape: Wanted | undefined): void {
    this.stage.match = undefined;
    this.shapes.search(shape);
    this.foundMore();
  }

  private pick(place: Place): void {
    if (place.node < 0) return;
    this.shapes.pick(place);
    this.foundMore();
  }

  private clearPicked(): void {
    this.shapes.clear();
    this.foundMore();
  }

  private toMatch(by: 1 | -1): void {
    const { stage } = this;
    const search = this.shapes.wanted === undefined ? this.search : this.shapes;
    const from = stage.match ?? stage.focus ?? here(stage);
    const found = search.move(by, from?.lane ?? 0, from?.step ?? -1);
    const lane = found && stage.lanes[found.lane];
    if (!lane || found.step >= lane.count) return;
    const place = { lane: found.lane, step: found.step, node: lane.nodes.at(found.step) };
    stage.match = place;
    stage.place = this.shapes.place;
    stage.setFocus(place);
    stage.reveal(place.lane, place.step);
    stage.requestDraw();
    this.changed();
  }

  private goToPlace({ lane: index, step }: Place): void {
    const lane = this.stage.lanes[index];
    if (!this.isStopped || lane === undefined || lane.view.branch < 0) return;
    post({ type: 'goto', step, branch: lane.view.branch });
  }

  private pointerDown(event: PointerEvent): void {
    if (event.button !== 0) return;
    this.options.set(false);
    this.stage.down(event, this.stageElement!);
  }

  private pointerUp(event: PointerEvent): void {
    this.isDragged = false;
    this.stage.up(event);
  }

  private keyPressed(event: KeyboardEvent): void {
    const isMatch = event.key === 'F3' || event.key.toLowerCase() === 'n';
    if (isMatch && !event.ctrlKey && !event.metaKey && !event.altKey) {
      this.toMatch(event.shiftKey ? -1 : 1);
      event.preventDefault();
    } else if (pressed(this.stage, event, this.acts)) {
      event.preventDefault();
    }
  }

  private readonly acts: Acts = {
    goTo: (place) => this.goToPlace(place),
    pick: (place) => this.pick(place),
    clearPicked: () => this.clearPicked(),
  };

  private pointed(place: Place | undefined, at: { x: number; y: number } | undefined): void {
    const lane = place && this.stage.lanes[place.lane];
    this.tip =
      lane && at ? { text: eventText({ lane, place }), ...this.beside(at) } : undefined;
    this.tellOf(place ?? this.stage.focus);
  }

  private beside({ x, y }: { x: number; y: number }): { x: number; y: number } {
    const width = this.stageElement?.clientWidth ?? 0;
    return { x: Math.max(0, Math.min(x + 14, width - 344)), y: y < 60 ? y + 18 : y - 40 };
  }

  private focused(place: Place | undefined): void {
    this.tellOf(place);
    this.changed();
  }

  /** The picture shades the cone of an event, and the words below say what it is. */
  private tellOf(place: Place | undefined): void {
    const { stage, questions } = this;
    questions.about(place ?? here(stage), stage.lanes, this.isStopped);
    stage.cone = this.shadedCone;
  }

  /** Only of an event that the user has chosen: the current step alone shades nothing. */
  private get shadedCone(): Questions['cone'] {
    const { hovered, focus } = this.stage;
    const place = hovered ?? focus;
    const { cone } = this.questions;
    return place && cone?.lane === place.lane && cone.of.step === place.step ? cone : undefined;
  }

  // Words

  private get readSteps(): number {
    return this.stage.lanes.reduce((sum, { count }) => sum + count, 0);
  }

  private get allSteps(): number {
    return this.stage.lanes.reduce((sum, { view }) => sum + view.length + 1, 0);
  }

  private pictureWords(): string {
    const [lane] = this.stage.lanes;
    if (lane === undefined) return labels.picture;
    const { nodes, length, cursor } = lane.view;
    const until = this.stage.byStep ? undefined : lane.endTime;
    return pictureText(nodes.length, length, until, cursor);
  }

  private tipBox(): TemplateResult | typeof nothing {
    if (this.tip === undefined) return nothing;
    const { text, x, y } = this.tip;
    const place = `left:${x}px;top:${y}px`;
    return html`<div class="tip" aria-hidden="true" .style=${place}>${text}</div>`;
  }
}

/** In a low panel, words and legend are folded: the picture needs the room. */
function isTall(): boolean {
  return pageRoom().height >= 480 && !isPresented();
}
