/** A link of the picture: its line, whether it is cut, and how the connection on it stands. */

import { nothing, svg } from 'lit';
import type { SVGTemplateResult } from 'lit';
import type { ConnectionView } from '../../../src/view/cluster/cluster-view.ts';
import { connectionMark, linkInWords } from '../../../src/view/panel-words/traffic.ts';
import type { LinkState } from '../../../src/view/panel-words/traffic.ts';
import { curvePath, cut, headingAt, placedAt, pointAt } from '../layout/geometry.ts';
import type { Curve } from '../layout/geometry.ts';
import { linkName } from '../layout/links.ts';

export interface LinkOptions {
  curve: Curve;
  isReached: boolean;
}

/** The wide path below the line can be hit with a pointer. */
export function drawLink(link: LinkState, { curve, isReached }: LinkOptions): SVGTemplateResult {
  const { nodes, cuts, connection } = link;
  const path = curvePath(curve);
  const words = linkInWords(link);
  return svg`<g class="link ${cuts.length > 0 ? 'cut' : ''} ${connection ? connection.state : ''}"
    data-link=${linkName(...nodes)} role="button" tabindex=${isReached ? 0 : -1}
    aria-label=${words}>
    <title>${words}</title>
    <path class="reach" d=${path} />
    <path class="line" d=${path} />
    ${connection ? drawConnection(connection, curve) : nothing}
    ${cuts.length > 0 ? drawCut(link, curve) : nothing}
  </g>`;
}

/** A wall across the link: solid for both directions; for one, with an arrow that ends at it. */
function drawCut({ nodes, cuts }: LinkState, curve: Curve): SVGTemplateResult {
  const turn = (headingAt(curve, 0.5) * 180) / Math.PI;
  const isForth = cuts.length === 1 && cuts[0]!.from === nodes[0];
  const turned = cuts.length === 1 && !isForth ? turn + 180 : turn;
  return svg`<g class="barrier" transform=${placedAt(pointAt(curve, 0.5), turned)}>
    <path class="board" d="M 0 -11 V 11" />
    ${
      cuts.length === 1
        ? svg`<path class="stopped" d="M -17 0 H -5 M -10 -4 L -5 0 L -10 4" />`
        : svg`<path class="board" d="M -5 -11 V 11" />`
    }
  </g>`;
}

/** Solid from the end that has the connection; a gap and a mark in words tell what is wrong. */
function drawConnection(connection: ConnectionView, curve: Curve): SVGTemplateResult {
  const { state, nodes, knownBy } = connection;
  const mark = connectionMark(connection);
  const { x, y } = pointAt(curve, 0.5);
  const halves = [
    [nodes[0], cut(curve, 0, 0.4)],
    [nodes[1], cut(curve, 0.6, 1)],
  ] as const;
  return svg`${
    state === 'half-open'
      ? halves.map(([node, half]) =>
          knownBy.includes(node) ? svg`<path class="wire" d=${curvePath(half)} />` : nothing,
        )
      : svg`<path class="wire" d=${curvePath(curve)} />`
  }
    ${mark === '' ? nothing : svg`<text class="wire-mark" x=${x} y=${y - 7}>${mark}</text>`}`;
}
