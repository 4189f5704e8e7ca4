/** Where the columns of the diagram are: as far apart as their labels need and the panel allows. */

import { type Labels, messageText } from '../../src/view/sequence/mermaid.ts';
import type { SequenceRow } from '../../src/view/sequence/rows.ts';
import type { Participant } from '../../src/view/sequence/sequence-view.ts';

export interface Layout {
  /** The nodes, from left to right, and the middle of the column of each. */
  nodes: readonly string[];
  centres: readonly number[];
  /** The width of a node's box. */
  box: number;
  width: number;
  labels: Labels;
  space: Space;
}

/** In CSS pixels: around a row, between the bands of two actions, and of a gap. */
export interface Space {
  row: number;
  band: number;
  gap: number;
}

const roomy: Space = { row: 2, band: 3, gap: 15 };
const compact: Space = { row: 0, band: 4, gap: 13 };
const tight: Space = { row: 0, band: 1, gap: 11 };

export interface Room {
  /** The width of the panel, in CSS pixels. */
  width: number;
  /** The average width of a character. */
  letter: number;
  /** Each label is on one line. */
  isCompact: boolean;
  /** The panel is low. */
  isLow: boolean;
}

/** In characters: what an arrow between neighbours should have, and may have in a narrow panel. */
const wanted = [48, 40, 32, 26, 20, 15, 11, 8, 5];
/** So that boxes keep their width while followers become candidates. */
const boxLeast = 9;
const boxMost = 20;
/** Within a box, beside its words. In a narrow panel all nodes in view are worth more. */
const paddings = [12, 6];
/** Beside a label, and beside the outer boxes, in CSS pixels. */
const beside = 14;
const edge = 8;

/**
 * `before` stays if it is of the same columns and still wide enough: a picture whose columns moved
 * at each step would be hard to follow, and each row would have to be drawn again.
 */
export function layoutOf(
  nodes: readonly string[],
  participants: readonly Participant[],
  rows: readonly SequenceRow[],
  room: Room,
  before?: Layout,
): Layout {
  const { letter, width } = room;
  const share = Math.floor(((width - 2 * edge) / nodes.length - 20) / letter);
  const names = participants.map((one) => nameLength(one, share));
  const words = Math.ceil(Math.min(boxMost, Math.max(boxLeast, ...names)) * letter);
  const lengths = labelLengths(nodes, rows);
  const gapsFor = (padding: number, most: number) =>
    lengths.map((length) => {
      return Math.max(words + padding * 1.5, Math.min(length, most) * letter + beside);
    });
  const choices = paddings.flatMap((padding) =>
    wanted.map((most) => ({ padding, gaps: gapsFor(padding, most) })),
  );
  const { padding, gaps: needed } =
    choices.find((one) => sum(one.gaps) + words + one.padding + 2 * edge <= width) ??
    choices.at(-1)!;
  const box = words + padding;
  if (before && isSame(nodes, before.nodes) && box <= before.box) {
    const known = before.centres.slice(1).map((centre, index) => centre - before.centres[index]!);
    if (known.every((gap, index) => gap >= needed[index]! - 1)) return before;
  }
  const gaps = widened(needed, gapsFor(padding, Infinity), width - box - 2 * edge);
  const centres = [edge + box / 2];
  for (const gap of gaps) centres.push(centres.at(-1)! + Math.round(gap));
  const end = Math.max(width, centres.at(-1)! + box / 2 + edge);
  const space = room.isLow ? tight : room.isCompact ? compact : roomy;
  return { nodes, centres, box, width: end, labels: labelsIn(nodes, centres, end, room), space };
}

/** Spare room first goes to the gaps whose labels are cut, then to all. */
function widened(gaps: readonly number[], whole: readonly number[], room: number): number[] {
  const lacks = gaps.map((gap, index) => whole[index]! - gap);
  const spare = Math.max(0, room - sum(gaps));
  const share = Math.min(1, spare / Math.max(1, sum(lacks)));
  const rest = (spare - share * sum(lacks)) / Math.max(1, gaps.length);
  return gaps.map((gap, index) => gap + share * lacks[index]! + Math.min(spreadMost, rest));
}

/** By how much columns move apart beyond what their labels need. */
const spreadMost = 160;

/** What it is stands on one line if each column has room for that. */
function nameLength({ id, about }: Participant, share: number): number {
  const joined = about.join(' · ').length;
  const parts = joined <= share ? [joined] : about.map(({ length }) => length);
  return Math.max(id.length, ...parts);
}

/** By the gap between neighbours: the longest label of an arrow across it alone. */
function labelLengths(nodes: readonly string[], rows: readonly SequenceRow[]): number[] {
  const lengths = nodes.slice(1).map(() => 0);
  for (const row of rows) {
    const item = row.type === 'items' ? row.items[0]! : undefined;
    if (item?.type !== 'message') continue;
    const places = [nodes.indexOf(item.from), nodes.indexOf(item.to)].sort((a, b) => a - b);
    const [from, to] = [places[0]!, places[1]!];
    if (to !== from + 1) continue;
    lengths[from] = Math.max(lengths[from]!, messageText(item).length);
  }
  return lengths;
}

function labelsIn(
  nodes: readonly string[],
  centres: readonly number[],
  width: number,
  { letter, isCompact }: Room,
): Labels {
  const centre = (node: string) => centres[nodes.indexOf(node)] ?? 0;
  const note = Math.floor(Math.min(isCompact ? 300 : 240, width - 2 * edge) / letter);
  return {
    message: (from, to) => {
      const span = from === to ? width / 2 : Math.abs(centre(from) - centre(to));
      return Math.max(8, Math.floor((span - beside + 4) / letter));
    },
    note: () => note,
    linesMax: isCompact ? 1 : 9,
  };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

function isSame(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((node, index) => node === other[index]);
}
