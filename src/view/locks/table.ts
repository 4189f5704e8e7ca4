/** The text alternative of the picture: everything that is drawn, as rows in the order of time. */
import type { Micros } from '../contract.ts';
import {
  conflictText, labels, outageText, spanText, writeText,
} from '../panel-words/locks.ts';
import type { LocksView, SpanView } from './locks-view.ts';

export interface TableRow {
  readonly lock: string;
  readonly from: Micros;
  readonly to: Micros | null;
  readonly step: number;
  readonly text: string;
}

export function tableRows({ locks, stores, now }: LocksView): TableRow[] {
  const rows = locks.flatMap((lock): TableRow[] => {
    const { name, authority, believers, conflicts } = lock;
    const row = (span: SpanView, isHeld: boolean): TableRow => {
      const { from, to, fromStep: step } = span;
      return { lock: name, from, to, step, text: spanText(span, lock, isHeld, now) };
    };
    return [
      ...(authority?.spans ?? []).map((span) => row(span, true)),
      ...believers.flatMap(({ spans }) => spans.map((span) => row(span, false))),
      ...believers.flatMap(({ node, outages }) => outages.map((one) => ({
        lock: name, from: one.from, to: one.to, step: one.step, text: outageText(one, node),
      }))),
      ...conflicts.map((one) => ({
        lock: name, from: one.from, to: one.to, step: one.step, text: conflictText(one, lock, now),
      })),
    ];
  });
  const writes = stores.flatMap(({ node, writes: all }) => all.map((write) => ({
    lock: labels.storage, from: write.at, to: write.at, step: write.step,
    text: writeText(write, node),
  })));
  return [...rows, ...writes].sort((a, b) => a.from - b.from || a.step - b.step);
}
