/** The keys of the stage: from event to event along nodes and messages, zoom, and the ends. */

import type { Lane } from './lane.ts';
import type { Place } from './scene.ts';
import type { Stage } from './stage.ts';

const zoomFactor = 1.5;

/** What keys do with the event in focus. */
export interface Acts {
  goTo(place: Place): void;
  pick(place: Place): void;
  clearPicked(): void;
}

/** Returns whether the key did something. */
export function pressed(stage: Stage, event: KeyboardEvent, act: Acts): boolean {
  const { key, shiftKey, ctrlKey, metaKey, altKey } = event;
  if (ctrlKey || metaKey || altKey) return false;
  const { focus } = stage;
  switch (key) {
    case '+':
    case '=':
      return done(stage.zoom(1 / zoomFactor, focusX(stage)));
    case '-':
      return done(stage.zoom(zoomFactor, focusX(stage)));
    case '0':
      return done(stage.fit());
    case 'PageUp':
    case 'PageDown':
      stage.viewport.scroll((key === 'PageUp' ? -0.9 : 0.9) * stage.viewport.width);
      return done(stage.requestDraw());
    case 'Escape':
      if (focus === undefined && stage.picked.length === 0) return false;
      act.clearPicked();
      return done(stage.setFocus(undefined));
    case 'Enter':
    case ' ':
      if (focus === undefined) return false;
      return done(shiftKey ? act.pick(focus) : act.goTo(focus));
  }
  const next = nextPlace(stage, key, shiftKey);
  if (next === undefined) return false;
  stage.setFocus(next === 'none' ? focus : next);
  return true;
}

function done(_result: void): true {
  return true;
}

function focusX(stage: Stage): number | undefined {
  const { focus, lanes, axis, viewport } = stage;
  const lane = focus && lanes[focus.lane];
  if (!lane || focus.step >= lane.count) return undefined;
  const x = viewport.xOf(axis.placeOf(axis.ofStep(lane, focus.step)));
  return x >= 0 && x <= viewport.width ? x : undefined;
}

/** Undefined for a key that does not move the focus; `none` if there is no event that way. */
function nextPlace(stage: Stage, key: string, alongMessage: boolean): Place | 'none' | undefined {
  if (!['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'Home', 'End'].includes(key)) {
    return undefined;
  }
  const focus = stage.focus ?? here(stage);
  const lane = focus && stage.lanes[focus.lane];
  if (!lane || lane.count === 0) return 'none';
  if (stage.focus === undefined && key.startsWith('Arrow')) return focus;
  const at = (step: number | undefined, node = focus.node): Place | 'none' =>
    step === undefined ? 'none' : { lane: focus.lane, step, node };
  switch (key) {
    case 'Home':
      return at(0, lane.stepsOf.findIndex((steps) => steps[0] === 0));
    case 'End':
      return at(lane.count - 1, lane.nodes.at(lane.count - 1));
    case 'ArrowLeft': {
      if (!alongMessage) return at(lane.neighbour(focus.node, focus.step, -1));
      const message = lane.received(focus.step);
      return message ? at(message.sentStep, message.from) : 'none';
    }
    case 'ArrowRight': {
      if (!alongMessage) return at(lane.neighbour(focus.node, focus.step, 1));
      const message = lane.arrivalOf(focus.step);
      return message ? at(message.step, message.to) : 'none';
    }
    default:
      return vertical(stage, lane, focus, key === 'ArrowUp' ? -1 : 1);
  }
}

/** The nearest event of the next node that has any, in this lane or in the next. */
function vertical(stage: Stage, lane: Lane, focus: Place, by: 1 | -1): Place | 'none' {
  const { axis } = stage;
  const instant = axis.ofStep(lane, focus.step);
  for (let node = focus.node + by; node >= 0 && node < lane.view.nodes.length; node += by) {
    const step = lane.nearest(axis, node, instant);
    if (step !== undefined) return { lane: focus.lane, step, node };
  }
  const index = focus.lane + by;
  const other = stage.lanes[index];
  if (other === undefined) return 'none';
  const nodes = other.view.nodes.map((_, node) => node);
  for (const node of by > 0 ? nodes : nodes.toReversed()) {
    const step = other.nearest(axis, node, instant);
    if (step !== undefined) return { lane: index, step, node };
  }
  return 'none';
}

/** The event of the current step; the last of a node before it, if no node acted in it. */
export function here({ lanes }: Pick<Stage, 'lanes'>): Place | undefined {
  const index = Math.max(0, lanes.findIndex(({ view }) => view.cursor >= 0));
  const lane = lanes[index];
  if (lane === undefined || lane.count === 0) return undefined;
  for (let step = Math.min(Math.max(0, lane.view.cursor), lane.count - 1); step > 0; step--) {
    const node = lane.nodes.at(step);
    if (node >= 0) return { lane: index, step, node };
  }
  const node = lane.view.boots.indexOf(true);
  return { lane: index, step: 0, node };
}
