/** Leases that a timer ends, and writes that caches, partitions and databases accept or refuse. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectLook } from '../../src/kernel/look/look.ts';
import { lookProblemText } from '../../src/kernel/text/look-text.ts';
import type { LeaseLook } from '../../src/protocol/look.ts';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import type { Session } from '../../src/session/session.ts';
import { locksSource } from '../../src/view/locks/of-run.ts';
import type { LocksView } from '../../src/view/locks/locks-view.ts';
import { root } from '../architecture/source.ts';
import { sessionOf } from '../session/sessions.ts';

const textOf = (name: string) => readFileSync(join(root, 'samples', `${name}.scenario.yaml`), 'utf8');

function finished(text: string): Session {
  const session = sessionOf(text);
  for (let before = -1; session.length > before;) {
    before = session.length;
    session.run(untilBreakpoint);
  }
  return session;
}

const viewOf = (text: string) => locksSource().view(finished(text), null);

const extended = `title: A holder extends its lock
protocol: fenced-lock
nodes: { lock: lockServer, A: worker, db: storage }
seed: 1
steps:
  - A lock x ttl=3s
  - wait 1s
  - A extend x ttl=3s
  - wait 5s
`;

test('the lock server of the fenced lock shows when it will end the lock, and each extension', () => {
  const [held] = viewOf(extended).locks[0]!.authority!.spans;
  expect(held!.renewals.length).toBe(1);
  const { from, to, end } = held!;
  expect(to).toBe(end!.at);
  expect(to! - held!.renewals[0]!.at).toBe(3_000_000);
  expect(from).toBeLessThan(held!.renewals[0]!.at);
});

test('by a clock that drifts and jumps, it is at the same true time', () => {
  const session = finished(extended.replace('  - A lock', '  - clock lock drift +900ppm\n  - clock lock jump +7s\n  - A lock'));
  const [held] = locksSource().view(session, null).locks[0]!.authority!.spans;
  expect(Math.abs(held!.end!.at - held!.to!)).toBeLessThan(3_000);
  expect(held!.end!.own).toBeGreaterThan(held!.end!.at + 6_900_000);
});

test('a lease whose timer is not set is not shown', () => {
  const session = finished(extended);
  const look = { lease: { name: 'x', timer: 'none', key: 'x' } };
  const { role } = session.world.node('lock')!.cast;
  const shown = inspectLook({ role: { ...role, look: () => look }, identity: {} } as never, {});
  expect([shown.look, shown.problem]).toEqual([{ lease: [look.lease] }, undefined]);
  expect(session.moment.node('lock')!.look.lease).toEqual([]);
});

test.each<Partial<Record<string, unknown>>>([
  { name: 'x', timer: 'expiry', until: 5 }, { name: 'x', timer: 'expiry', key: 5 }, { name: 'x', timer: 7 },
])('a lease that is neither is reported: %o', (lease) => {
  const node = { role: { look: () => ({ lease: lease as unknown as LeaseLook }) }, identity: {} };
  const { look, problem } = inspectLook(node as never, {});
  expect(look.lease).toBeUndefined();
  expect(lookProblemText(problem!, 'r', 'n')).toContain("timer: 'expiry'");
});

test.each(['job-scheduler/takeover', 'database-failover/failover'])(
  '%s has the end of each lease at its store', (name) => {
    const spans = viewOf(textOf(name)).locks.flatMap(({ authority }) => authority?.spans ?? []);
    expect(spans.length).toBeGreaterThan(1);
    expect(spans.every(({ end }) => end !== null)).toBe(true);
    expect(spans.some(({ renewals }) => renewals.length > 0)).toBe(true);
  },
);

const writes = ({ stores }: LocksView) => stores.flatMap(({ writes: all }) => all);

test.each([
  ['caches/stale-set', 'its lease is not the last one of the key'],
  ['kafka/min-insync', 'NOT_ENOUGH_REPLICAS'],
  ['database-failover/stalled', 'its watchdog reset the machine'],
])('%s shows what was accepted and what was refused', (name, reason) => {
  const all = writes(viewOf(textOf(name)));
  expect(all.filter(({ accepted }) => accepted).length).toBeGreaterThan(0);
  const refused = all.filter(({ accepted }) => !accepted);
  expect(refused.map((one) => one.reason)).toContain(reason);
});
