/** The arrows of a witness: which of its operations come before which others, and why. */
import type { History, HistoryOperation } from '../../protocol/history.ts';
import type { ModelName } from '../../scenario/history/models.ts';
import type { OrderEdge } from '../../scenario/history/order-edges.ts';
import { observers } from '../formats/events.ts';
import type { NoOrder, Witness } from './verdict.ts';

/** More operations than this make a picture that shows nothing. */
const operationsMax = 16;

/** Operations are indices in the history, as in the witness. */
export function edgesOf(history: History, witness: Witness, model: ModelName): OrderEdge[] {
  switch (witness.code) {
    case 'no-order':
      return noOrderEdges(history, witness, model);
    case 'pattern':
      return witness.edges.map(({ from, to, because }) => ({ from, to, because }));
    case 'other':
      return [...(witness.edges ?? [])];
  }
}

/** Which operations a witness is about, each once, in the order of their invocations. */
export function operationsOf(witness: Witness): number[] {
  if (witness.code !== 'pattern') return [...witness.operations];
  const { edges, read, missed, returned } = witness;
  const named = [read, missed, returned].filter((one) => one !== undefined);
  const all = [...named, ...edges.flatMap(({ from, to, shownBy = [] }) => [from, to, ...shownBy])];
  return [...new Set(all)].sort((a, b) => a - b);
}

function noOrderEdges(history: History, witness: NoOrder, model: ModelName): OrderEdge[] {
  const shown = witness.operations.slice(-operationsMax);
  const isBefore = model === 'linearizable' ? inRealTime : inProgram;
  const because = model === 'linearizable' ? 'real time' : 'program order';
  const order = firstFollowers(history, shown, isBefore);
  return [
    ...order.map(([from, to]): OrderEdge => ({ from, to, because })),
    ...readsFrom(history, shown),
    ...unseenWrites(history, witness, shown, isBefore),
  ];
}

function inRealTime(one: HistoryOperation, other: HistoryOperation): boolean {
  return one.returned !== undefined && one.returned < other.invoked;
}

function inProgram(one: HistoryOperation, other: HistoryOperation): boolean {
  return one.process === other.process && one.invoked < other.invoked;
}

/** Pairs in this order with none between them: the others follow. */
function firstFollowers(
  history: History,
  shown: readonly number[],
  isBefore: typeof inRealTime,
): [number, number][] {
  const before = (one: number, other: number) => isBefore(history[one], history[other]);
  return shown.flatMap((from) =>
    shown.flatMap((to): [number, number][] => {
      if (!before(from, to)) return [];
      const between = shown.some((one) => before(from, one) && before(one, to));
      return between ? [] : [[from, to]];
    }),
  );
}

/** A read and the only write of what it returned. */
function readsFrom(history: History, shown: readonly number[]): OrderEdge[] {
  return shown.flatMap((to): OrderEdge[] => {
    const { name, outcome, result, args } = history[to];
    if (!observers.has(name) || outcome !== 'ok' || result === null) return [];
    const writers = shown.filter((one) => {
      const { name: other, args: given } = history[one];
      const isSameKey = JSON.stringify(given.key) === JSON.stringify(args.key);
      return !observers.has(other) && isSameKey && isSame(given.value, result);
    });
    return writers.length === 1 ? [{ from: writers[0], to, because: 'reads from' }] : [];
  });
}

/** A read that is not possible returned an older value than what was written last before it. */
function unseenWrites(
  history: History,
  { blocked, longest }: NoOrder,
  shown: readonly number[],
  isBefore: typeof inRealTime,
): OrderEdge[] {
  return blocked.flatMap((from): OrderEdge[] => {
    const { name, outcome, result, args } = history[from];
    if (!shown.includes(from) || !observers.has(name) || outcome !== 'ok') return [];
    const to = longest.findLast((one) => {
      const { name: other, args: given } = history[one];
      const isSameKey = JSON.stringify(given.key) === JSON.stringify(args.key);
      const isWrite = !observers.has(other) && isSameKey && given.value !== undefined;
      return isWrite && shown.includes(one) && isBefore(history[one], history[from]);
    });
    if (to === undefined || isSame(history[to].args.value, result)) return [];
    return [{ from, to, because: 'read before write' }];
  });
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
