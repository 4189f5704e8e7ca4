/** Where the lanes of a Space-Time picture are: their rows fit, or the picture says what does not. */

import { describe, expect, it } from 'vitest';
import type { Lane } from '../../../webview/spacetime/lane.ts';
import { layoutOf, nodeAt, rowsInView, rowY } from '../../../webview/spacetime/scene.ts';

function lanesWith(...counts: number[]): Lane[] {
  return counts.map((count) => {
    const nodes = Array.from({ length: count }, (_, index) => ({ id: `n${index + 1}` }));
    return { view: { nodes } } as unknown as Lane;
  });
}

function laidOut(height: number, counts: number[], scrolls: number[] = []) {
  return layoutOf({ width: 460, height, gutter: 50, fontSize: 11 }, lanesWith(...counts), scrolls);
}

const readable = 10;

describe('two branches', () => {
  it.each([
    { nodes: 8, height: 330 }, { nodes: 10, height: 330 }, { nodes: 20, height: 560 },
    { nodes: 16, height: 500 }, { nodes: 25, height: 700 },
  ])('of $nodes nodes are both wholly in view in $height px, with rows to read', ({ nodes, height }) => {
    const { lanes, overview } = laidOut(height, [nodes, nodes]);
    const [upper, lower] = [lanes[0]!, lanes[1]!];
    for (const lane of [upper, lower]) {
      expect(lane.rowHeight).toBeGreaterThanOrEqual(readable);
      expect(rowsInView(lane, nodes)).toBeUndefined();
      expect(rowY(lane, nodes - 1)).toBeLessThan(lane.rows.y + lane.rows.height);
    }
    expect(upper.rows.y + upper.rows.height).toBeLessThanOrEqual(lower.head.y);
    expect(lower.rows.y + lower.rows.height).toBeLessThanOrEqual(overview.y);
  });

  it('of too many nodes say which are in view, below their headers', () => {
    const { lanes, overview } = laidOut(340, [40, 40], [0, 1e6]);
    const [upper, lower] = [lanes[0]!, lanes[1]!];
    const [, last] = rowsInView(upper, 40)!;
    expect(rowsInView(upper, 40)![0]).toBe(1);
    expect(nodeAt(upper, upper.rows.y + upper.rows.height - 1, 40)).toBeGreaterThanOrEqual(last - 1);
    expect(last).toBeLessThan(40);
    expect(rowsInView(lower, 40)![1]).toBe(40);
    expect(lower.rowHeight).toBeGreaterThanOrEqual(15);
    for (const { head, rows } of lanes) expect(rows.y).toBe(head.y + head.height);
    expect(lower.rows.y + lower.rows.height).toBeLessThanOrEqual(overview.y);
  });

  it('are both in view with their headers in a panel of 200 px', () => {
    const { lanes, height } = laidOut(200, [20, 20]);
    for (const { rows } of lanes) {
      expect(rows.y + rows.height).toBeLessThanOrEqual(height);
      expect(rows.height).toBeGreaterThanOrEqual(15);
    }
  });
});
