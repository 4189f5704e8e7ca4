/** Explains every mark that is in the picture now, with the same drawings. */

import { html, nothing, svg } from 'lit';
import type { SVGTemplateResult, TemplateResult } from 'lit';
import type { ClusterView, NodeView, RoleView } from '../../src/view/cluster/cluster-view.ts';
import { onlyBelieves } from '../../src/view/cluster/belief.ts';
import { isDrawnOff } from '../../src/view/node-status.ts';
import { labels as words } from '../../src/view/panel-words/cluster.ts';
import { meanings, meaningText } from '../../src/view/panel-words/legend.ts';
import type { Meaning } from '../../src/view/panel-words/legend.ts';
import { epochColour } from '../ui/theme.ts';
import { arcPath } from './layout/geometry.ts';
import type { Sight } from './picture.ts';
import { actorBrackets } from './drawing/actor.ts';
import { drawSign } from './drawing/signs.ts';
import { drawDart, drawRefusal } from './drawing/traffic.ts';

export function legend(view: ClusterView, isDetailed: Sight['isDetailed']): TemplateResult {
  const epochs = view.epochs.map(({ name }) => name);
  return html`<ul class="legend drawing" role="list">
    ${meaningsIn(view, isDetailed).map(
      (meaning) => html`<li>
        <svg width="46" height="24" viewBox="-23 -12 46 24" aria-hidden="true">
          ${samples[meaning]()}
        </svg>
        ${
          meaning === 'epoch'
            ? html`<span>${meaningText(meaning, epochs)}${view.epochs.map(
                ({ doc }) => (doc === '' ? nothing : html`<br /><q>${doc}</q>`),
              )}</span>`
            : meaningText(meaning, epochs)
        }
      </li>`,
    )}
  </ul>
  ${view.roles.map(explainedRole)}`;
}

/** A role, what its nodes can be, and what their values mean, as the protocol says. */
function explainedRole({ name, doc, standings, values }: RoleView): TemplateResult {
  const all = [
    ...standings.map((one) => ({ ...one, name: one.name === '' ? name : one.name })),
    ...Object.entries(values).map(([value, about]) => {
      return { name: value === '…' ? words.others : value, doc: about };
    }),
  ];
  return html`<section class="role" aria-label=${name}>
    <p><strong>${name}</strong>${doc === '' ? nothing : html`: ${doc}`}</p>
    ${
      all.length === 0
        ? nothing
        : html`<dl>${all.map((one) => html`<dt>${one.name}</dt><dd>${one.doc}</dd>`)}</dl>`
    }
  </section>`;
}

/** What is in the picture, in the order of the legend. */
export function meaningsIn(view: ClusterView, isDetailed: Sight['isDetailed']): Meaning[] {
  const { nodes, messages, arrived, lost, connections, cuts, islands } = view;
  const any = (test: (node: NodeView) => boolean) => nodes.some(test);
  const detailed = nodes.filter(({ id }) => isDetailed(id));
  const anyDetailed = (test: (node: NodeView) => boolean) => detailed.some(test);
  const shows = (type: NodeView['shown'][number]['type']) =>
    anyDetailed((node) => !isDrawnOff(node) && node.shown.some((view) => view.type === type));
  const believes = (belief: string) =>
    anyDetailed(({ holds }) => holds.some((hold) => hold.belief === belief));
  const present: Record<Meaning, boolean> = {
    leads: any((node) => node.tone === 'lead' && node.stands === 'out' && !onlyBelieves(node)),
    bids: any(({ tone }) => tone === 'bid'),
    acted: any(({ acted }) => acted),
    paused: any(({ status }) => status === 'paused'),
    crashed: any(isDrawnOff),
    epoch: any(({ epoch }) => epoch !== undefined),
    timer: anyDetailed(({ timers }) => timers.length > 0),
    votes: shows('votes'),
    lease: shows('lease'),
    log: anyDetailed(({ log }) => log !== undefined && log.entries.length > 0),
    holds: believes('holds'),
    believes: believes('believes') || any(onlyBelieves),
    granted: believes('granted'),
    changed:
      anyDetailed(
        ({ changes, shown, facts }) =>
          changes.length > 0 || [...shown, ...facts].some(({ changed }) => changed),
      ),
    message: messages.some(({ refusal }) => !refusal),
    next: messages.some(({ next }) => next),
    fresh: messages.some(({ fresh }) => fresh),
    refusal: [...messages, ...(arrived ? [arrived] : [])].some(({ refusal }) => refusal),
    arrived: arrived !== undefined,
    lost: lost.length > 0,
    wall: islands.length > 0,
    cut: cuts.length > 0 && islands.length === 0,
    connection: connections.some(({ state }) => state === 'open'),
    broken: connections.some(({ state }) => state !== 'open'),
    again: connections.some(({ waiting }) => waiting.length > 0),
  };
  return (Object.keys(meanings) as Meaning[]).filter((meaning) => present[meaning]);
}

const disc = (classes: string, inner: SVGTemplateResult = svg``) =>
  svg`<g class="node ${classes}"><circle class="body" r="9" />${inner}</g>`;
const line = svg`<path class="line" d="M -20 0 H 20" />`;

const samples: Record<Meaning, () => SVGTemplateResult> = {
  leads: () => disc('lead out', svg`<circle class="second" r="12" />`),
  bids: () => disc('bid'),
  acted: () => svg`<g class="node"><circle class="body" r="6" />${actorBrackets(9.5)}</g>`,
  paused: () => disc('paused', svg`<circle class="cover" r="9" fill="url(#paused)" />`),
  crashed: () =>
    disc(
      'crashed',
      svg`<circle class="cover" r="9" fill="url(#off)" />
    <path class="crossed" d="M -6.4 -6.4 L 6.4 6.4 M 6.4 -6.4 L -6.4 6.4" />`,
    ),
  epoch:
    () => svg`<g transform="translate(-8 0)" style="--epoch: ${epochColour(2)}">${disc('')}</g>
    <g transform="translate(12 0)" style="--epoch: ${epochColour(3)}">${disc('')}</g>`,
  timer: () => svg`<g class="arc ring-0"><circle class="track" r="9" />
    <path class="left" d=${arcPath(9, 0.65)} /></g>`,
  votes: () =>
    svg`<g transform="translate(-12 0)">${drawSign({ type: 'votes', granted: 2, needed: 3 })}</g>`,
  lease: () =>
    svg`<g transform="translate(-15 0)">${drawSign({ type: 'lease', share: 0.6 })}</g>`,
  log: () =>
    svg`<g transform="translate(-13 0)">${drawSign({ type: 'log', entries: sampleEntries })}</g>`,
  holds: () => svg`<g transform="translate(-8 0)">${drawSign({ type: 'holds' })}</g>`,
  believes: () => svg`<g transform="translate(-12 0)"><g class="node lead out doubtful">
      <circle class="body" r="7" /><circle class="second" r="10" /></g></g>
    <g transform="translate(6 0)">${drawSign({ type: 'believes' })}</g>`,
  granted: () => svg`<g transform="translate(-8 0)">${drawSign({ type: 'granted' })}</g>`,
  changed: () => svg`<text class="line changed" x="0" y="4">${words.changed}</text>`,
  message: () => svg`<g class="message mark">${drawDart('0')}</g>`,
  next: () => svg`<g class="message mark next">${drawDart('0')}</g>`,
  fresh: () =>
    svg`<g class="message mark fresh"><circle class="halo" r="10" />${drawDart('0')}</g>`,
  refusal: () => svg`<g class="message mark refusal">${drawRefusal()}</g>`,
  arrived: () =>
    svg`<g class="arrived"><path class="trail" d="M -20 0 H 18" marker-end="url(#arrow)" /></g>`,
  lost: () => svg`<g class="lost"><g class="fallen">${drawDart('50')}</g>
    <path class="cross" d="M -8 -8 L 8 8 M 8 -8 L -8 8" /></g>`,
  wall: () => svg`<g class="wall"><path class="stones" d="M -20 0 H 20" />
    <path class="joints" d="M -20 0 H 20" /></g>`,
  cut: () =>
    svg`<g class="link cut">${line}<path class="board" d="M -2.5 -9 V 9 M 2.5 -9 V 9" /></g>`,
  connection: () => svg`<g class="link"><path class="wire" d="M -20 0 H 20" /></g>`,
  broken: () => svg`<g class="link half-open"><path class="line" d="M -20 0 H 20" />
    <path class="wire" d="M -20 0 H -4" /></g>`,
  again: () => svg`<g class="link"><text class="wire-mark" x="0" y="4">↻ 1</text></g>`,
};

const entry = { index: 1, label: '', applied: false, changed: false };
const sampleEntries = [
  { ...entry, epoch: 1, committed: true },
  { ...entry, epoch: 2, committed: true },
  { ...entry, epoch: 2, committed: false },
];
