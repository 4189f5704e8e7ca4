/** What the role of a node shows in general terms, for the Cluster panel: a line for each part. */
import { equal } from '../../kernel/data/plain.ts';
import { intervalAt } from '../../kernel/data/interval.ts';
import { leasesOf as leasesIn } from '../../kernel/data/leases.ts';
import { isOff, type Moment, type NodeMoment } from '../../kernel/seam/moment.ts';
import { dataText } from '../../kernel/text/data-text.ts';
import type { Look } from '../../protocol/types.ts';
import type { ShownView } from './cluster-view.ts';
import type { LeaseSpans } from './lease-spans.ts';

/** `old` is what the role showed one step earlier; null if nothing changed or nothing is known. */
export function shownViews(
  moment: Moment,
  node: NodeMoment,
  old: Look | null,
  spans: LeaseSpans,
): ShownView[] {
  const { look, status } = node;
  const { units } = moment.wording;
  const parts: ShownView[] = [];
  if (!isOff(status)) {
    parts.push(
      ...intervalOf(moment, node, old),
      ...votesOf(look, old),
      ...leasesOf(moment, node, old, spans),
    );
  }
  for (const holder of listed(look.holder)) {
    const { needed: _, version: __, ...held } = holder;
    const before = listed(old?.holder).find(({ of }) => of === holder.of);
    const changed = old !== null && (before?.is !== held.is || before.token !== held.token);
    const decides = look.authority !== undefined && held.own !== true;
    parts.push({ type: 'holder', ...held, decides, changed });
  }
  const { value, token } = look;
  if (value !== undefined) {
    const changed = old !== null && !equal(old.value, value);
    parts.push({ type: 'value', value: dataText(value, units, 120, units.value), changed });
  }
  if (token !== undefined) {
    parts.push({ type: 'token', token, changed: old !== null && old.token !== token });
  }
  return parts;
}

/** A node without a process neither bids nor acts under a lease. */
function votesOf({ votes }: Look, old: Look | null): ShownView[] {
  if (votes === undefined) return [];
  return [{ type: 'votes', ...votes, changed: old !== null && !equal(old.votes, votes) }];
}

/** It moves with the clock; it is marked as changed when the node has learned more about that. */
function intervalOf({ time }: Moment, node: NodeMoment, old: Look | null): ShownView[] {
  const { interval } = node.look;
  if (interval === undefined) return [];
  const now = intervalAt(interval, Math.round(node.clockAt(time)));
  const changed = old !== null && !equal(old.interval, interval);
  return [{ type: 'interval', name: interval.name, ...now, changed }];
}

function leasesOf(
  { time }: Moment,
  node: NodeMoment,
  old: Look | null,
  spans: LeaseSpans,
): ShownView[] {
  return leasesIn(node.look).map(({ name, until }) => {
    const before = leasesIn(old ?? {}).find((lease) => lease.name === name);
    const changed = old !== null && before?.until !== until;
    const left = Math.round(until - node.clockAt(time));
    return { type: 'lease', name, left, span: spans.span(node.id, name, left), changed };
  });
}

function listed<One extends object>(parts: One | readonly One[] | undefined): readonly One[] {
  if (parts === undefined) return [];
  return Array.isArray(parts) ? (parts as readonly One[]) : [parts as One];
}
