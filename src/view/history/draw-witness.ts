/** Draws the witness of a verdict: its operations alone, and the arrows of their order. */
import type { OrderEdge } from '../../scenario/history/order-edges.ts';
import { edgeLabel, operationTitle } from '../panel-words/history.ts';
import { bar, type Drawing, type Group, type Shape, widthOf } from './drawing.ts';
import type { WitnessView } from './history-view.ts';

const rowHeight = 40;
const barHeight = 20;
const margin = 12;
const columnsMin = 240;
const columnWidthMax = 56;
const columnWidthMin = 14;
/** Between the bars and the words beside them. */
const gap = 14;
/** How far the arrows between the same rows are apart. */
const laneWidth = 14;
/** More operations than this cannot be told apart. */
const operationsMax = 16;

/** How many operations of a large witness are not drawn. */
export function leftOut({ operations }: WitnessView): number {
  return Math.max(0, operations.length - operationsMax);
}

export function drawWitness(witness: WitnessView): Drawing {
  const first = leftOut(witness);
  const operations = witness.operations.slice(first);
  const edges = witness.edges
    .map((edge) => ({ ...edge, from: edge.from - first, to: edge.to - first }))
    .filter(({ from, to }) => from >= 0 && to >= 0);
  const positions = operations.flatMap(({ invoked, returned }) => [invoked, returned ?? invoked]);
  const columns = [...new Set(positions)].sort((a, b) => a - b);
  const wide = Math.min(columnWidthMax, 600 / columns.length);
  const columnWidth = Math.max(columnWidthMin, wide, columnsMin / Math.max(1, columns.length + 1));
  // Arrows run in lanes left of the bars, so that they cross no words.
  const lanes = lanesOf(edges);
  const laneEdges = lanePlaces(edges, lanes);
  const left = margin + (laneEdges.at(-1) ?? 0);
  const at = (position: number) => left + columns.indexOf(position) * columnWidth;
  const isOpen = operations.some(({ returned }) => returned === undefined);
  const right = left + (columns.length - (isOpen ? 0 : 1)) * columnWidth;
  const middle = (row: number) => margin + row * rowHeight + rowHeight / 2;
  const words = operations.map((one) => operationTitle(one));
  const rows = operations.map((operation, row): Group => {
    const open = operation.returned === undefined;
    const from = at(operation.invoked);
    const to = open ? right : Math.max(from + columnWidth / 2, at(operation.returned!));
    const isBlocked = witness.blocked.includes(operation.index);
    const place = { y: middle(row) - barHeight / 2, height: barHeight, style: 'bar' };
    return {
      operation: row,
      style: `operation ${operation.outcome} conflict${isBlocked ? ' blocked' : ''}`,
      shapes: [
        { type: 'path', d: `M ${left - 4} ${middle(row)} H ${from}`, style: 'guide' },
        ...bar({ from, to, open }, place),
        word(right + gap, middle(row) + 4, words[row], 'label'),
      ],
    };
  });
  const arrows = edges.map((edge, index): Group => {
    const shapes = arrow(edge, laneEdges[lanes[index]], left - 6, middle);
    return { style: `arrow ${styleOf(edge)}`, shapes };
  });
  const width = right + gap + Math.max(0, ...words.map(widthOf)) + margin;
  return {
    width: Math.ceil(width),
    height: 2 * margin + operations.length * rowHeight,
    groups: [...arrows, ...rows],
  };
}

function word(x: number, y: number, text: string, style: string): Shape {
  return { type: 'text', x, y, text, anchor: 'start', style };
}

function styleOf({ because }: OrderEdge): string {
  return because.replaceAll(' ', '-');
}

/** Arrows whose rows overlap run in different lanes; short arrows are nearest to the bars. */
function lanesOf(edges: readonly OrderEdge[]): number[] {
  const lanes: number[] = edges.map(() => 0);
  const bySpan = edges.map((_, index) => index).sort((a, b) => span(edges[a]) - span(edges[b]));
  const used: OrderEdge[][] = [];
  for (const index of bySpan) {
    const edge = edges[index];
    let lane = used.findIndex((others) => others.every((other) => !overlap(edge, other)));
    if (lane < 0) lane = used.push([]) - 1;
    used[lane].push(edge);
    lanes[index] = lane;
  }
  return lanes;
}

function span({ from, to }: OrderEdge): number {
  return Math.abs(from - to);
}

function overlap(one: OrderEdge, other: OrderEdge): boolean {
  const [low, high] = [Math.min(one.from, one.to), Math.max(one.from, one.to)];
  const [first, last] = [Math.min(other.from, other.to), Math.max(other.from, other.to)];
  return low < last && first < high;
}

/** How far left of the bars each lane ends, and the last one: each has room for its names. */
function lanePlaces(edges: readonly OrderEdge[], lanes: readonly number[]): number[] {
  const places = [8];
  for (let lane = 0; lanes.includes(lane); lane++) {
    const names = edges.filter((_, index) => lanes[index] === lane).map(edgeLabel);
    places.push(places[lane] + Math.max(...names.map(widthOf)) + laneWidth);
  }
  return edges.length === 0 ? [] : places;
}

/** From one row to another through its lane, with its name in the middle. */
function arrow(
  edge: OrderEdge,
  place: number,
  right: number,
  middle: (row: number) => number,
): Shape[] {
  const x = right - place;
  // Two arrows between the same rows must not end in one point.
  const shift = edge.from < edge.to ? 5 : -5;
  const [start, end] = [middle(edge.from) + shift, middle(edge.to) - shift];
  const style = styleOf(edge);
  return [
    {
      type: 'path', d: `M ${right} ${start} H ${x} V ${end} H ${right - 5}`,
      style: `line ${style}`,
    },
    { type: 'path', d: `M ${right} ${end} l -7 -4 v 8 z`, style: 'head' },
    {
      type: 'text', x: x - 5, y: (start + end) / 2 + 4, text: edgeLabel(edge),
      anchor: 'end', style: 'edge',
    },
  ];
}
