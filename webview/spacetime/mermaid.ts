/** The part of the run that is in view as a Mermaid sequence diagram. */

import { sequenceToMermaid } from '../../src/view/sequence/mermaid.ts';
import type { Participant, SequenceItem } from '../../src/view/sequence/sequence-view.ts';
import { laneName } from '../../src/view/panel-words/spacetime.ts';
import { messageFields } from '../../src/view/spacetime/spacetime-view.ts';
import { spanAt } from './lane.ts';
import type { Lane } from './lane.ts';
import type { RunAxis } from './run-axis.ts';
import type { Scene } from './scene.ts';

/** More rows make a picture that is too long to read, and slow to draw. */
const rowsMost = 300;

export function spacetimeToMermaid({ lanes, axis, viewport }: Scene): string {
  const from = axis.instantOf(Math.max(0, viewport.start));
  const until = axis.instantOf(viewport.end);
  const parts = lanes.map((lane) => partOf(lane, axis, { from, until }, lanes.length > 1));
  const items = parts.flatMap((part) => part.items).sort((one, other) => one.at - other.at);
  const participants = parts.flatMap((part) => part.participants);
  return sequenceToMermaid(participants, items.slice(0, rowsMost));
}

interface InView {
  readonly from: number;
  readonly until: number;
}

function partOf(lane: Lane, axis: RunAxis, inView: InView, isOneOfSeveral: boolean) {
  const { view } = lane;
  const name = isOneOfSeveral ? laneName(view) : '';
  // Nodes of both runs have the same names.
  const ids = view.nodes.map(({ id }) => (name === '' ? id : `${id} (${name})`));
  const participants = ids.map((id, node): Participant => {
    const standings = lane.standings[node] ?? [];
    const standing = standings[spanAt(axis, standings, inView.until)]?.text ?? '';
    return { id, about: standing === '' ? [] : [standing] };
  });
  return { participants, items: itemsOf(lane, axis, ids, inView) };
}

function itemsOf(
  lane: Lane,
  axis: RunAxis,
  ids: readonly string[],
  { from, until }: InView,
): SequenceItem[] {
  const items: SequenceItem[] = [];
  const last = Math.min(lane.count, lane.stepAt(axis, until + 1));
  for (let step = lane.stepAt(axis, from); step < last && items.length < rowsMost; step++) {
    const at = lane.times.at(step);
    const occurrence = { step, at, current: step === lane.view.cursor };
    const acted = lane.nodes.at(step);
    const label = lane.labelOf(step);
    const kind = lane.kindOf(step);
    if (kind === 'fault') {
      const nodes = acted < 0 ? [] : [ids[acted]!];
      items.push({ type: 'fault', nodes, text: label, ...occurrence });
    } else if (kind === 'operation') {
      items.push({ type: 'operation', nodes: [ids[acted]!], text: label, ...occurrence });
    }
    for (let row = lane.messageAt(step); row < lane.messageCount; row++) {
      if (lane.messages.at(row * messageFields) !== step) break;
      const message = lane.message(row);
      items.push({
        type: 'message', id: `${step} ${row}`, from: ids[message.from]!, to: ids[message.to]!,
        messageType: message.label, label: message.label, fields: '', outcome: message.outcome,
        ...occurrence,
      });
    }
    for (let row = lane.eventAt(step); row < lane.eventSteps.length; row++) {
      if (lane.eventSteps.at(row) !== step) break;
      const text = lane.texts[lane.eventLabels.at(row)] ?? '';
      const node = ids[lane.eventNodes.at(row)]!;
      items.push({ type: 'event', node, name: text, fields: '', ...occurrence });
    }
  }
  return items;
}
