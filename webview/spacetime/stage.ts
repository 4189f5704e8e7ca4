/** The stage: what is in view of which runs, and how pointer and keys move it. */

import type { ConeAnswer } from '../../src/view/spacetime/spacetime-view.ts';
import { stripPlace } from './draw/overview.ts';
import type { Lane } from './lane.ts';
import { pick } from './pick.ts';
import { Pictures } from './pictures.ts';
import type { Layout, Place, Scene } from './scene.ts';
import { layoutOf, samePlace, stepsInView } from './scene.ts';
import { recall, remember } from '../ui/host.ts';
import { isWithoutTime, RunAxis } from './run-axis.ts';
import { Viewport } from './viewport.ts';

export interface StageEvents {
  /** The pointer or a key has chosen an event, or none. */
  pointed(place: Place | undefined, at: { x: number; y: number } | undefined): void;
  focused(place: Place | undefined): void;
  goTo(place: Place): void;
  /** For a shape. */
  pick(place: Place): void;
  /** The user has moved the window by hand. */
  moved(): void;
}

/** So many steps are in view at first, if the run has more. */
const stepsAtFirst = 160;
const clickReach = 4;
/** Whether long gaps are cut, as the user chose it. */
const gapsKey = 'cut gaps';
/** Whether the axis has steps or time, if the user has chosen it. */
const axisKey = 'axis';
const gutterMost = 150;

export class Stage {
  readonly viewport = new Viewport();
  readonly pictures: Pictures;
  lanes: readonly Lane[] = [];
  axis = RunAxis.time;
  focus: Place | undefined;
  hovered: Place | undefined;
  cone: { readonly lane: number; readonly of: ConeAnswer } | undefined;
  matches: readonly (readonly number[])[] = [];
  match: Place | undefined;
  picked: Scene['picked'] = [];
  place: Scene['place'];
  difference = -1;
  /** Changes with what the overview shows, besides the runs. */
  searches = 0;
  private isCompressed = recall(gapsKey) !== false;
  private chosenAxis = recall(axisKey);
  private isFitted = false;
  private readonly scrolls = [0, 0];
  private canvas: HTMLCanvasElement | undefined;
  private size = { width: 600, height: 300 };
  private gutter = 60;
  private frame = 0;
  private drag: Drag | undefined;

  constructor(
    host: HTMLElement,
    private readonly events: StageEvents,
  ) {
    this.pictures = new Pictures(host);
  }

  attach(canvas: HTMLCanvasElement, size: { width: number; height: number }): void {
    this.canvas = canvas;
    this.size = { width: Math.max(60, size.width), height: Math.max(80, size.height) };
    const wasWhole = this.isWhole;
    this.measure();
    if (wasWhole && this.isFitted) this.viewport.fit();
    this.requestDraw();
  }

  get layout(): Layout {
    const { size, gutter, lanes, scrolls } = this;
    return layoutOf({ ...size, gutter, fontSize: this.pictures.font.size }, lanes, scrolls);
  }

  get scene(): Scene {
    const { lanes, axis, viewport, layout, cone, matches, match, picked, place } = this;
    const focus = this.hovered ?? this.focus;
    const { difference } = this;
    return {
      lanes, axis, viewport, layout, focus, cone, matches, match, picked, place, difference,
    };
  }

  /** Runs were added, or more of them was read. */
  runsChanged(lanes: readonly Lane[]): void {
    const wasWhole = this.isFitted && this.isWhole;
    if (lanes[0] !== this.lanes[0]) this.isFitted = false;
    this.lanes = lanes;
    this.remap();
    this.measure();
    if (wasWhole && lanes.length > 0) this.viewport.fit();
    this.fitAtFirst();
    this.requestDraw();
  }

  /** Another axis keeps what is in view, as far as it can show it. */
  private remap(): void {
    const { lanes, viewport } = this;
    const { axis, first, last } = { axis: this.axis, ...this.inView };
    const instant = axis.instantOf(viewport.start);
    this.axis = this.axisNow;
    const end = Math.max(1, ...lanes.map((lane) => this.axis.endOf(lane)));
    viewport.length = this.axis.placeOf(end);
    if (axis.byStep === this.axis.byStep) viewport.start = this.axis.placeOf(instant);
    else viewport.show(this.placeOf(first), this.placeOf(last));
  }

  private get axisNow(): RunAxis {
    if (this.byStep) return RunAxis.steps;
    return this.isCompressed ? RunAxis.compressed(this.lanes) : RunAxis.time;
  }

  /** The first and the last step of the upper run that are in view. */
  private get inView(): { first: number; last: number } {
    const [lane] = this.lanes;
    if (lane === undefined || lane.count === 0) return { first: 0, last: 0 };
    const [first, end] = stepsInView(this.scene, lane);
    return { first: Math.min(first, lane.count - 1), last: Math.max(first, end - 1) };
  }

  /** Of a step of the upper run, as far as it is read. */
  private placeOf(step: number): number {
    const [lane] = this.lanes;
    if (lane === undefined || lane.count === 0) return 0;
    const known = Math.max(0, Math.min(lane.count - 1, step));
    return this.axis.placeOf(this.axis.ofStep(lane, known));
  }

  /** As the user chose it; by itself, runs without time have an axis of steps. */
  get byStep(): boolean {
    const { chosenAxis } = this;
    return typeof chosenAxis === 'boolean' ? chosenAxis : isWithoutTime(this.lanes);
  }

  /** Undefined: the runs decide. */
  chooseAxis(byStep: boolean | undefined): void {
    if (byStep === this.chosenAxis) return;
    this.chosenAxis = byStep;
    remember(axisKey, byStep);
    const wasWhole = this.isWhole;
    this.remap();
    if (wasWhole) this.viewport.fit();
    else this.viewport.clamp();
    this.requestDraw();
  }

  private get isWhole(): boolean {
    return this.viewport.scale >= this.viewport.widest * 0.999;
  }

  private measure(): void {
    const nodes = this.lanes.flatMap(({ view }) => view.nodes.slice(0, 200));
    const names = new Set(nodes.flatMap(({ id, role }) => [id, role]));
    const widest = Math.max(28, ...[...names].map((name) => this.pictures.widthOf(name)));
    this.gutter = Math.min(gutterMost, Math.ceil(widest) + 16, this.size.width / 3);
    this.viewport.width = Math.max(20, this.size.width - this.gutter);
  }

  /** The whole run if it is short; else the surroundings of the current step, once it is read. */
  private fitAtFirst(): void {
    const [lane] = this.lanes;
    if (this.isFitted || lane === undefined || lane.count === 0) return;
    const { cursor, length } = lane.view;
    const middle = Math.max(0, cursor);
    if (lane.count <= Math.min(length, middle + stepsAtFirst / 2)) return;
    this.isFitted = true;
    this.viewport.fit();
    if (length <= stepsAtFirst * 2) return;
    const [from, until] = [middle - stepsAtFirst / 2, middle + stepsAtFirst / 2];
    const span = Math.max(1, this.placeOf(until) - this.placeOf(from));
    this.viewport.scale = span / this.viewport.width;
    this.viewport.zoom(1);
    this.viewport.reveal(this.placeOf(middle));
  }

  set compressed(compressed: boolean) {
    const { viewport } = this;
    const middle = this.axis.instantOf(viewport.placeAt(viewport.width / 2));
    const wasWhole = this.isWhole;
    this.isCompressed = compressed;
    remember(gapsKey, compressed);
    this.remap();
    if (wasWhole) viewport.fit();
    else viewport.start = this.axis.placeOf(middle) - (viewport.width / 2) * viewport.scale;
    viewport.clamp();
    this.requestDraw();
  }

  get compressed(): boolean {
    return this.isCompressed;
  }

  reveal(lane: number, step: number): void {
    const run = this.lanes[lane];
    if (run === undefined || step < 0 || step >= run.count) return;
    this.viewport.reveal(this.axis.placeOf(this.axis.ofStep(run, step)));
    this.revealRow({ lane, step, node: run.nodes.at(step) });
    this.requestDraw();
  }

  zoom(factor: number, x?: number): void {
    this.viewport.zoom(factor, x);
    this.events.moved();
    this.requestDraw();
  }

  fit(): void {
    this.viewport.fit();
    this.requestDraw();
  }

  // Drawing

  /** At most once for each frame. */
  requestDraw(): void {
    if (this.frame !== 0) return;
    this.frame = requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  draw(): void {
    const { canvas, lanes } = this;
    if (!canvas) return;
    performance.mark('lockstep-draw');
    const runs = lanes.map(({ view, count }) => `${view.key}:${count}:${view.cursor}`).join();
    const key = `${runs} ${this.searches} ${this.isCompressed} ${this.axis.byStep}`;
    this.pictures.draw(canvas, this.scene, key);
    performance.measure('lockstep-spacetime', 'lockstep-draw');
  }

  // Pointer

  wheel(event: WheelEvent): void {
    event.preventDefault();
    const unit = event.deltaMode === 1 ? 16 : 1;
    const [dx, dy] = [event.deltaX * unit, event.deltaY * unit];
    const x = event.offsetX - this.gutter;
    if (event.ctrlKey || event.metaKey) this.viewport.zoom(Math.exp(dy * 0.004), Math.max(0, x));
    else if (event.altKey) this.scrollRows(event.offsetY, dy);
    else this.viewport.scroll(Math.abs(dx) > Math.abs(dy) ? dx : dy);
    this.events.moved();
    this.requestDraw();
  }

  /** Scrolls the rows of the lane at a height, if they do not all fit. */
  private scrollRows(y: number, by: number): void {
    const { lanes } = this.layout;
    const index = Math.max(0, lanes.findLastIndex(({ head }) => y >= head.y));
    const scroll = lanes[index]?.scroll ?? 0;
    this.scrolls[index] = Math.max(0, scroll + by);
  }

  down({ offsetX: x, offsetY: y, pointerId }: PointerEvent, target: Element): void {
    const { overview } = this.layout;
    const isStrip = overview.height > 0 && y >= overview.y - 3;
    this.drag = { x, y, lastX: x, lastY: y, isStrip, hasMoved: false };
    target.setPointerCapture(pointerId);
    if (isStrip) this.centre(x);
  }

  /** Returns whether the picture is being dragged. */
  move({ offsetX: x, offsetY: y }: PointerEvent): boolean {
    const { drag } = this;
    if (drag === undefined) {
      const place = pick(this.scene, x, y);
      if (samePlace(place, this.hovered)) return false;
      this.hovered = place;
      this.events.pointed(place, { x, y });
      this.requestDraw();
      return false;
    }
    drag.hasMoved ||= Math.hypot(x - drag.x, y - drag.y) > clickReach;
    if (!drag.hasMoved) return false;
    if (drag.isStrip) this.centre(x);
    else {
      this.viewport.scroll(drag.lastX - x);
      this.scrollRows(y, drag.lastY - y);
    }
    drag.lastX = x;
    drag.lastY = y;
    this.events.moved();
    this.requestDraw();
    return true;
  }

  up({ offsetX: x, offsetY: y, shiftKey }: PointerEvent): void {
    const { drag } = this;
    this.drag = undefined;
    if (drag === undefined || drag.hasMoved || drag.isStrip) return;
    const place = pick(this.scene, x, y);
    if (shiftKey) return place && this.events.pick(place);
    this.setFocus(place);
    if (place !== undefined) this.events.goTo(place);
  }

  leave(): void {
    if (this.drag !== undefined || this.hovered === undefined) return;
    this.hovered = undefined;
    this.events.pointed(undefined, undefined);
    this.requestDraw();
  }

  private centre(x: number): void {
    const { viewport } = this;
    viewport.start = stripPlace(this.scene, x) - (viewport.width / 2) * viewport.scale;
    viewport.clamp();
    this.events.moved();
    this.requestDraw();
  }

  // Focus

  setFocus(place: Place | undefined): void {
    if (samePlace(place, this.focus)) return;
    this.focus = place;
    if (place !== undefined) {
      this.reveal(place.lane, place.step);
      this.revealRow(place);
    }
    this.events.focused(place);
    this.requestDraw();
  }

  private revealRow({ lane, node }: Place): void {
    const layout = this.layout.lanes[lane];
    if (layout === undefined || node < 0) return;
    const { rowHeight, rows, scroll } = layout;
    const top = node * rowHeight;
    if (top < scroll) this.scrolls[lane] = top;
    else if (top + rowHeight > scroll + rows.height) {
      this.scrolls[lane] = top + rowHeight - rows.height;
    }
  }
}

interface Drag {
  readonly x: number;
  readonly y: number;
  lastX: number;
  lastY: number;
  readonly isStrip: boolean;
  hasMoved: boolean;
}
