/** Draws a part of a history: a row for each process, and an interval for each operation. */
import { bar, type Drawing, fitting, type Group, type Shape } from './drawing.ts';
import type { OperationView, ViolatedView } from './history-view.ts';

export const rowHeight = 26;
const barHeight = 18;
const columnWidth = 50;
const margin = 8;
/** Below the bars of a row: where an operation of unknown outcome goes on beside later ones. */
const tailOffset = 3;

export interface Intervals {
  readonly drawing: Drawing;
  /** The processes, from the top. */
  readonly rows: readonly string[];
  /** Where each operation begins, in pixels from the left. */
  readonly starts: readonly number[];
}

/** Columns are the positions at which something happens, so that nothing overlaps. */
class Columns {
  private readonly places: ReadonlyMap<number, number>;
  readonly width: number;

  constructor(
    operations: readonly OperationView[],
    private readonly last: number,
  ) {
    const positions = operations.flatMap(({ invoked, returned }) =>
      returned === undefined || returned > last ? [invoked] : [invoked, returned],
    );
    const sorted = [...new Set(positions)].sort((a, b) => a - b);
    this.places = new Map(sorted.map((position, place) => [position, place]));
    this.width = 2 * margin + (sorted.length + 1) * columnWidth;
  }

  at(position: number): number {
    return margin + this.places.get(position)! * columnWidth;
  }

  /** The end of an operation; the right edge if it has none, or none that is drawn. */
  end({ returned }: OperationView): number {
    const isDrawn = returned !== undefined && returned <= this.last;
    return isDrawn ? this.at(returned) + columnWidth / 2 : this.width;
  }

  /** The end of the interval that ends at a position, or at the next one that is drawn. */
  before(position: number): number {
    const drawn = [...this.places.keys()].find((one) => one >= position);
    return drawn === undefined ? this.width : this.at(drawn) + columnWidth / 2 - 3;
  }
}

/** `current` is the step at which the debugger is; undefined outside of a session. */
export function drawIntervals(
  operations: readonly OperationView[],
  verdict: ViolatedView | undefined,
  current: number | undefined,
): Intervals {
  const lastInvoked = operations.at(-1)?.invoked ?? 0;
  // Responses that follow long after the last invocation would make columns with nothing in them.
  const columns = new Columns(operations, lastInvoked + operations.length * 2);
  const rows = [...new Set(operations.map((one) => one.process))];
  const height = rows.length * rowHeight;
  const marks = marksOf(verdict);
  const groups = operations.map((operation, place): Group => {
    const row = rows.indexOf(operation.process);
    const next = operations.slice(place + 1).find((one) => one.process === operation.process);
    return drawOperation(operation, place, {
      columns, top: row * rowHeight, next, style: styleOf(operation, marks, current),
    });
  });
  const all = [...prefix(verdict, columns, height), ...groups];
  return {
    drawing: { width: columns.width, height, groups: all },
    rows,
    starts: operations.map(({ invoked }) => columns.at(invoked)),
  };
}

/** What the witness of a verdict says of operations, by their numbers. */
export interface Marks {
  readonly conflict: ReadonlySet<number>;
  readonly blocked: ReadonlySet<number>;
  /** The place of each operation in the longest order that is possible, from 1. */
  readonly order: ReadonlyMap<number, number>;
  readonly validUntil: number | undefined;
}

export function marksOf(verdict: ViolatedView | undefined): Marks {
  const { witness } = verdict ?? {};
  return {
    conflict: new Set(witness?.operations.map(({ index }) => index)),
    blocked: new Set(witness?.blocked),
    order: new Map(witness?.longest.map((index, place) => [index, place + 1])),
    validUntil: verdict?.validUntil,
  };
}

function styleOf(
  { index, outcome, invokedStep, endedStep }: OperationView,
  { conflict }: Marks,
  current: number | undefined,
): string {
  const isCurrent = current !== undefined && (invokedStep === current || endedStep === current);
  const names = ['operation', outcome, conflict.has(index) && 'conflict', isCurrent && 'current'];
  return names.filter((name) => name !== false).join(' ');
}

interface Place {
  readonly columns: Columns;
  readonly top: number;
  /** The next operation of the same process. */
  readonly next: OperationView | undefined;
  readonly style: string;
}

function drawOperation(
  operation: OperationView,
  place: number,
  { columns, top, next, style }: Place,
): Group {
  const y = top + (rowHeight - barHeight) / 2;
  const open = operation.returned === undefined;
  const from = columns.at(operation.invoked);
  const until = next === undefined ? columns.width : columns.at(next.invoked) - 4;
  const to = open ? until : Math.min(columns.end(operation), until);
  const shapes: Shape[] = [
    ...bar({ from, to, open }, { y, height: barHeight, style: 'bar' }),
  ];
  if (open && next !== undefined) {
    // It may take effect during later operations of its process.
    const below = y + barHeight + tailOffset;
    shapes.push({ type: 'path', d: `M ${from + 4} ${below} H ${columns.width}`, style: 'tail' });
  }
  const text = fitting(shortened(operation.text), to - from - 8);
  if (text !== '') {
    const middle = y + barHeight / 2 + 4;
    shapes.push({ type: 'text', x: from + 4, y: middle, text, anchor: 'start', style: 'label' });
  }
  return { operation: place, style, shapes };
}

/** What fits into an interval; its title has all of it. */
function shortened(text: string): string {
  const plain = text.replaceAll('"', '').replace(', value ', ' ');
  return plain.replace(/ → (ok|OK)$/, '');
}

/** Up to here, the history satisfies the model. */
function prefix(
  verdict: ViolatedView | undefined,
  columns: Columns,
  height: number,
): Group[] {
  const { validUntil } = verdict ?? {};
  if (validUntil === undefined) return [];
  const x = columns.before(validUntil);
  return [
    {
      style: 'prefix',
      shapes: [
        { type: 'rect', x: 0, y: 0, width: Math.max(0, x), height, style: 'valid' },
        { type: 'path', d: `M ${x} 0 V ${height}`, style: 'valid-end' },
      ],
    },
  ];
}
