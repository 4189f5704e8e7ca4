/** Checks what a client sent as a selection or a question of the Space-Time panel. */
import type { Comparand, SpacetimeQuestion, SpacetimeSelection } from './spacetime-view.ts';

/** The most steps that one answer covers: a few milliseconds of walking. */
export const stepsMost = 512;
/** The longest condition that is read. */
const conditionMost = 10_000;

type Fields = Readonly<Record<string, unknown>>;

export function selectionOf(value: unknown): SpacetimeSelection | undefined {
  const compare = comparandOf(fieldsOf(value)?.compare);
  return compare && { compare };
}

function comparandOf(value: unknown): Comparand | undefined {
  const { type, number } = fieldsOf(value) ?? {};
  if (type === 'nothing' || type === 'twin') return { type };
  return type === 'branch' && isWhole(number) ? { type, number } : undefined;
}

export function questionOf(value: unknown): SpacetimeQuestion | undefined {
  const fields = fieldsOf(value);
  if (fields === undefined) return undefined;
  const { type, lane, from, step, node, labels, condition, lanes } = fields;
  const most = isWhole(fields.most) ? Math.min(Math.max(1, fields.most), stepsMost) : stepsMost;
  if (type === 'difference') {
    if (!isWhole(from) || !Array.isArray(lanes) || lanes.length !== 2) return undefined;
    const [first, second] = lanes as unknown[];
    if (typeof first !== 'string' || typeof second !== 'string') return undefined;
    return { type, lanes: [first, second], from, most };
  }
  if (typeof lane !== 'string') return undefined;
  switch (type) {
    case 'steps':
      return isWhole(from) && isWhole(labels) ? { type, lane, from, most, labels } : undefined;
    case 'cone':
      return isWhole(step) && isWhole(node) ? { type, lane, step, node } : undefined;
    case 'event':
      return isWhole(step) ? { type, lane, step } : undefined;
    case 'search': {
      const isText = typeof condition === 'string' && condition.length <= conditionMost;
      return isText && isWhole(from) ? { type, lane, condition, from, most } : undefined;
    }
    default:
      return undefined;
  }
}

function fieldsOf(value: unknown): Fields | undefined {
  return typeof value === 'object' && value !== null ? (value as Fields) : undefined;
}

function isWhole(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
