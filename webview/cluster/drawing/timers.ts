/** The timers of a node as arcs around its disc: a whole circle when set, nothing when due. */

import { svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { NodeView, TimerView } from '../../../src/view/cluster/cluster-view.ts';
import { isDrawnOff } from '../../../src/view/node-status.ts';
import { timerInWords } from '../../../src/view/panel-words/cluster.ts';
import { arcPath, placedAt } from '../layout/geometry.ts';
import type { Slot } from '../layout/slot.ts';
import { mostArcs, shareLeft } from './node-words.ts';

/** How far out the last ring around a disc is: a timer, or the second border of a leader. */
export function outermost(node: NodeView): number {
  const { length } = drawnTimers(node);
  return length === 0 ? 3.5 : ringAt(length - 1);
}

function drawnTimers(node: NodeView): TimerView[] {
  return isDrawnOff(node) ? [] : node.timers.slice(0, mostArcs);
}

function ringAt(ring: number): number {
  return 6 + ring * 4;
}

export function drawTimers(node: NodeView, slot: Slot, reached: string): SVGTemplateResult {
  const timers = drawnTimers(node);
  return svg`<g transform=${placedAt(slot)}>
    ${repeat(
      timers,
      ({ name }) => name,
      (timer, ring) => drawArc(node.id, timer, { ring, slot, reached }),
    )}
  </g>`;
}

export function timerName(node: string, { name }: TimerView): string {
  return `${node} ${name}`;
}

interface ArcOptions {
  ring: number;
  slot: Slot;
  reached: string;
}

function drawArc(
  node: string,
  timer: TimerView,
  { ring, slot, reached }: ArcOptions,
): SVGTemplateResult {
  const radius = slot.radius + ringAt(ring);
  const name = timerName(node, timer);
  return svg`<g class="arc ring-${ring}" data-timer=${name} role="button"
    tabindex=${reached === `timer ${name}` ? 0 : -1} aria-label=${timerInWords(node, timer)}>
    <title>${timerInWords(node, timer)}</title>
    <circle class="reach" r=${radius} />
    <circle class="track" r=${radius} />
    <path class="left" d=${arcPath(radius, shareLeft(timer))} />
  </g>`;
}
