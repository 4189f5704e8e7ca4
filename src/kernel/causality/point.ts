/** How a user names an event of a run: `12`, `n1:TermChanged`, `n1:TermChanged#2`, `n1:start`. */
import type { NodeId } from '../../protocol/types.ts';

export type Point =
  | { readonly type: 'step'; readonly step: number }
  /** The boot of a node in step 0. */
  | { readonly type: 'start'; readonly node: NodeId }
  /** The last event of this name, or the nth, counted from 1. */
  | {
      readonly type: 'event';
      readonly node: NodeId;
      readonly name: string;
      readonly nth?: number;
    };

/** Why a text does not name an event of the run. */
export type PointProblem =
  | { readonly type: 'form'; readonly text: string }
  | { readonly type: 'unknown node'; readonly node: NodeId; readonly known: readonly NodeId[] }
  | { readonly type: 'unknown event'; readonly name: string; readonly similar?: string }
  | { readonly type: 'no such step'; readonly step: number; readonly length: number }
  /** In step 0, every node boots. */
  | { readonly type: 'start'; readonly known: readonly NodeId[] }
  /** Nothing happened at a node in that step. */
  | { readonly type: 'no node'; readonly step: number; readonly action: string }
  | { readonly type: 'not booted'; readonly node: NodeId }
  /** The node reported such an event `found` times up to `step`. */
  | {
      readonly type: 'not reported';
      readonly point: Point;
      readonly found: number;
      readonly step: number;
    };

export function parsePoint(text: string): Point | undefined {
  if (/^\d{1,15}$/.test(text)) return { type: 'step', step: Number(text) };
  const [, node, name, nth] = /^([^:\s]+):([A-Za-z_]\w*)(?:#([1-9]\d{0,8}))?$/.exec(text) ?? [];
  if (node === undefined) return undefined;
  if (name === 'start' && nth === undefined) return { type: 'start', node };
  return { type: 'event', node, name, ...(nth !== undefined && { nth: Number(nth) }) };
}

export function pointText(point: Point): string {
  if (point.type === 'step') return String(point.step);
  if (point.type === 'start') return `${point.node}:start`;
  const { node, name, nth } = point;
  return `${node}:${name}${nth === undefined ? '' : `#${nth}`}`;
}
