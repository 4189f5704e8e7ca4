/** Locks and leases as a Mermaid Gantt chart: who decided, and what each node believed. */
import type { Micros } from '../../../protocol/types.ts';
import type { LocksView, SpanView } from '../../locks/locks-view.ts';
import { believesText, labels } from '../../panel-words/export.ts';
import { type GanttBar, ganttText } from './gantt.ts';

const milliseconds = (time: Micros) => Math.round(time / 1_000);

export function locksToMermaid({ locks, stores, known }: LocksView): string {
  const bar = ({ holder, token, from, to }: SpanView): GanttBar => ({
    text: token === null ? holder : `${holder}, ${labels.token} ${token}`,
    from: milliseconds(from),
    to: milliseconds(to ?? known),
    look: 'plain',
  });
  const ofLocks = locks.flatMap(({ name, authority, believers, conflicts }) => [
    ...(authority
      ? [{ title: `${name}: ${authority.nodes.join(', ')}`, bars: authority.spans.map(bar) }]
      : []),
    ...believers.map(({ node, spans }) => ({
      title: `${name}: ${believesText(node)}`,
      bars: spans.map(bar),
    })),
    {
      title: `${name}: ${labels.conflicts}`,
      bars: conflicts.map(({ nodes, from, to }): GanttBar => ({
        text: nodes.join(', '), from: milliseconds(from), to: milliseconds(to ?? known),
        look: 'crit',
      })),
    },
  ]);
  const ofStores = stores.map(({ node, writes }) => ({
    title: `${node}: ${labels.writes}`,
    bars: writes.map(({ what, from, at, accepted, reason }): GanttBar => ({
      text: [`${from}: ${what}`, ...(accepted ? [] : [reason ?? labels.refused])].join(', '),
      from: milliseconds(at), to: milliseconds(at) + 1, look: accepted ? 'done' : 'crit',
    })),
  }));
  return ganttText(labels.locksTitle, [...ofLocks, ...ofStores]);
}
