/** The pictures of histories: intervals with their marks, witnesses with arrows, and SVG files. */
import { describe, expect, test } from 'vitest';
import { drawIntervals, marksOf } from '../../../src/view/history/draw-intervals.ts';
import { drawWitness } from '../../../src/view/history/draw-witness.ts';
import type { Drawing, Group, Shape } from '../../../src/view/history/drawing.ts';
import type {
  OperationView, ViolatedView, WitnessView,
} from '../../../src/view/history/history-view.ts';
import { svgText } from '../../../src/view/history/svg.ts';
import { operationInWords } from '../../../src/view/panel-words/history.ts';

function operation(
  index: number,
  process: string,
  invoked: number,
  returned?: number,
  more: Partial<OperationView> = {},
): OperationView {
  const outcome = returned === undefined ? 'unknown' : 'ok';
  const end = returned === undefined ? {} : { returned };
  return { index, process, text: `write ${index} → ok`, outcome, invoked, ...end, ...more };
}

const operations = [
  operation(0, 'a', 0, 3),
  operation(1, 'b', 1),
  operation(2, 'a', 4, 5, { outcome: 'failed' }),
  operation(3, 'b', 6, 7),
];

const witness: WitnessView = {
  operations: [operations[0], operations[3]],
  edges: [
    { from: 0, to: 1, because: 'real time' },
    { from: 1, to: 0, because: 'rw', key: 'x' },
  ],
  longest: [0],
  blocked: [3],
};
const verdict: ViolatedView = {
  model: 'linearizable', doc: '', lines: [], type: 'violated', witness, validUntil: 7,
};

function groupOf({ groups }: Drawing, place: number): Group {
  return groups.find((group) => group.operation === place)!;
}

type Rect = Extract<Shape, { type: 'rect' }>;

function rects(group: Group): Rect[] {
  return group.shapes.filter((shape): shape is Rect => shape.type === 'rect');
}

describe('intervals', () => {
  const { drawing, rows } = drawIntervals(operations, verdict, undefined);

  test('have a row for each process, and begin and end in order', () => {
    expect(rows).toEqual(['a', 'b']);
    const [first] = rects(groupOf(drawing, 0));
    const [third] = rects(groupOf(drawing, 2));
    expect(first.y).toBe(third.y);
    expect(first.x + first.width).toBeLessThan(third.x);
    expect(rects(groupOf(drawing, 3))[0].y).toBeGreaterThan(first.y);
  });

  test('of unknown outcome have no end, and go on below later ones of their process', () => {
    const open = groupOf(drawing, 1);
    expect(rects(open)).toEqual([]);
    const styles = open.shapes.map(({ style }) => style);
    expect(styles).toEqual(['bar', 'bar rest', 'tail', 'label']);
    const tail = open.shapes.find(({ style }) => style === 'tail') as { d: string };
    expect(tail.d).toContain(`H ${drawing.width}`);
  });

  test('mark the conflict, the failed ones, the current step and the valid prefix', () => {
    expect(drawing.groups.map(({ style }) => style)).toEqual([
      'prefix', 'operation ok conflict', 'operation unknown', 'operation failed',
      'operation ok conflict',
    ]);
    const [valid] = rects(drawing.groups[0]);
    const last = rects(groupOf(drawing, 3))[0];
    expect(valid.width).toBeLessThan(last.x + last.width);
    expect(valid.width).toBeGreaterThan(last.x);
    const inRun = operations.map((one) => ({ ...one, invokedStep: one.invoked, endedStep: 9 }));
    const now = drawIntervals(inRun, undefined, 4).drawing;
    expect(groupOf(now, 2).style).toBe('operation failed current');
    expect(now.groups.filter(({ style }) => style.includes('current'))).toHaveLength(1);
  });

  test('never overlap in a row', () => {
    const bars = [0, 2].map((place) => rects(groupOf(drawing, place))[0]);
    expect(bars[0].x + bars[0].width).toBeLessThanOrEqual(bars[1].x);
  });

  test('are named in words with all that is marked', () => {
    const marks = marksOf(verdict);
    expect(operations.map((one) => operationInWords(one, marks))).toEqual([
      '1: process a: write 0 → ok, in the conflict, number 1 of the longest order',
      '2: process b: write 1 → ok, outcome unknown',
      '3: process a: write 2 → ok',
      '4: process b: write 3 → ok, in the conflict, cannot come next, after the longest valid prefix',
    ]);
  });

  test('of nothing are an empty picture', () => {
    expect(drawIntervals([], undefined, 3)).toMatchObject({ rows: [], starts: [] });
  });
});

describe('a witness', () => {
  const drawing = drawWitness(witness);

  test('has its operations alone, with arrows between their rows', () => {
    expect(drawing.groups.map(({ style }) => style)).toEqual([
      'arrow real-time', 'arrow rw', 'operation ok conflict', 'operation ok conflict blocked',
    ]);
    const names = drawing.groups.flatMap(({ shapes }) =>
      shapes.flatMap((shape) => (shape.type === 'text' ? [shape.text] : [])),
    );
    expect(names).toEqual([
      'real time', 'rw x', 'process a: write 0 → ok', 'process b: write 3 → ok',
    ]);
  });

  test('has arrows whose names do not cross each other', () => {
    const edges = Array.from({ length: 6 }, (_, place) => {
      return { from: place % 3, to: (place + 1) % 3, because: 'rw', key: `k${place}` } as const;
    });
    const three = [0, 1, 2].map((index) => operation(index, 'a', index * 2, index * 2 + 1));
    const { groups } = drawWitness({ ...witness, operations: three, edges });
    const places = groups.flatMap(({ shapes }) =>
      shapes.flatMap((shape) => (shape.style === 'edge' && shape.type === 'text' ? [shape] : [])),
    );
    const keys = places.map(({ x, y }) => `${x} ${y}`);
    expect(new Set(keys).size).toBe(edges.length);
  });

  test('of many operations draws the last ones', () => {
    const many = Array.from({ length: 40 }, (_, index) => {
      return operation(index, 'a', index * 2, index * 2 + 1);
    });
    const { groups } = drawWitness({ ...witness, operations: many, edges: [] });
    expect(groups).toHaveLength(16);
  });
});

describe('an SVG file', () => {
  const hostile = '</text><script>alert(1)</script>&"\u0000\uD800 ]]>';
  const evil = { ...operations[0], text: hostile };
  const text = svgText(
    drawWitness({ ...witness, operations: [evil, operations[3]], edges: [
      { from: 0, to: 1, because: 'wr', key: hostile },
    ] }),
    hostile,
    [hostile],
  );

  test('is complete by itself, with a text alternative', () => {
    expect(text).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" width="\d+"/);
    expect(text).toContain('role="img" aria-labelledby="title description"');
    expect(text).toMatch(/<title id="title">[^<]+<\/title>\n<desc id="description">/);
    expect(text).not.toMatch(/href|url\(|@import/);
  });

  test('has hostile names as text, never as markup', () => {
    expect(text).not.toContain('<script');
    expect(text.match(/&lt;script&gt;/g)).toHaveLength(4);
    // Nor what no XML file may contain.
    expect(text).not.toContain('\u0000');
    expect(text).not.toContain('\uD800');
    const tags = new Set(text.match(/<[a-z]+/g));
    expect([...tags].sort()).toEqual([
      '<desc', '<g', '<path', '<rect', '<style', '<svg', '<text', '<title',
    ]);
  });
});
