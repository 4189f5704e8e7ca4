/** The legend of the sequence diagram: each sign, drawn as the diagram draws it. */

import { html, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import { labels, legendWords, outcomeWord } from '../../src/view/panel-words/sequence.ts';
import type { Outcome } from '../../src/view/sequence/sequence-view.ts';

const heads = {
  arrow: svg`<path class="head" d="M 23 1 L 30 5 L 23 9 z" />`,
  open: svg`<path class="open" d="M 24 1 L 30 5 L 24 9" />`,
  cross: svg`<path class="open" d="M 25 1.5 l 7 7 m 0 -7 l -7 7" />`,
};

const arrows: { outcome: Outcome; line: string; head: SVGTemplateResult }[] = [
  { outcome: 'delivered', line: 'messageLine0', head: heads.arrow },
  { outcome: 'in-flight', line: 'messageLine1 in-flight', head: heads.open },
  { outcome: 'lost', line: 'messageLine0 lost', head: heads.cross },
  { outcome: 'refused', line: 'messageLine1 refused', head: heads.cross },
];

const note = (kind: string) =>
  svg`<g class=${kind}><rect class="note" x="3" y="1" width="26" height="8" /></g>`;

const signs: { word: string; sign: SVGTemplateResult }[] = [
  { word: legendWords.event, sign: note('event') },
  { word: legendWords.fault, sign: note('fault') },
  {
    word: legendWords.operation,
    sign: svg`<rect class="activation" x="13" y="0" width="8" height="10" />`,
  },
  { word: legendWords.band, sign: svg`<rect class="band" x="1" y="0" width="32" height="10" />` },
  { word: legendWords.current, sign: svg`<text class="sign" x="22" y="9">▶</text>` },
  { word: legendWords.stop, sign: svg`<text class="sign stop" x="22" y="9">●</text>` },
  {
    word: legendWords.future,
    sign: svg`<g class="row future"><path class="messageLine0" d="M 1 5 H 24" />${heads.arrow}</g>`,
  },
];

export function legend(): TemplateResult {
  const line = (sign: SVGTemplateResult, word: string) =>
    html`<li>
      <svg width="34" height="10" aria-hidden="true">${sign}</svg>
      ${word}
    </li>`;
  return html`<ul class="legend quiet" id="legend" aria-label=${labels.legend}>
    ${arrows.map(({ outcome, line: name, head }) =>
      line(
        svg`<g class=${name}><path class=${name} d="M 1 5 H 28" />${head}</g>`,
        outcomeWord(outcome),
      ),
    )}
    ${signs.map(({ word, sign }) => line(sign, word))}
    <li class="keys">${labels.keys}</li>
  </ul>`;
}
