/** Branches for a later session: a client keeps them, and gives them back. */
import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, expect, test, vi } from 'vitest';
import type { KeptBranches } from '../../src/dap/motion/restoration.ts';
import { LimitError } from '../../src/kernel/text/execution-limits.ts';
import { FirstEventSearch } from '../../src/session/branches/first-event.ts';
import type { StoredBranch } from '../../src/session/branches/stored.ts';
import type { BranchesView } from '../../src/view/branches.ts';
import { turn } from '../host/event-loop.ts';
import { scenarios } from './client.ts';
import { Host } from './inline-host.ts';
import { workspace } from './workspace.ts';

const args = { threadId: 1 };
const program = `${scenarios}/write.scenario.yaml`;

afterEach(() => void vi.restoreAllMocks());

async function begun(launch: object = {}, branches?: readonly StoredBranch[]) {
  const host = new Host();
  await host.launch({ program, stopOnEntry: true, ...launch });
  let stops = 1;
  const stopped = () => host.event('stopped', ++stops);
  const move = async (command: string, given: object = args) => {
    await host.ask(command, given);
    await stopped();
  };
  const type = (expression: string) => move('evaluate', { expression, context: 'repl' });
  const goto = (step: number, branch?: number) =>
    move('lockstep/panel', { type: 'goto', step, ...(branch === undefined ? {} : { branch }) });
  const name = (branch: number, text: string) =>
    host.ask('lockstep/branch', { type: 'name', branch, name: text });
  const list = async () => (await host.ask('lockstep/branches')) as BranchesView;
  const rows = async () => (await list()).branches.map((one) => {
    return [one.number, one.name, one.parted?.from, one.parted?.step, one.length, one.stale?.type];
  });
  /** What the client was given to keep last. */
  const kept = () => {
    const all = host.messages.filter((one) => 'event' in one && one.event === 'lockstep/keptBranches');
    return ((all.at(-1) as { body?: KeptBranches } | undefined)?.body?.branches ?? []);
  };
  /** Until nothing waits: other requests are answered between the parts. */
  const restored = async () => {
    while ((await list()).branches.some(({ stale }) => stale?.type === 'waiting')) await turn();
  };
  await host.ask('lockstep/keepBranches', branches === undefined ? {} : { branches });
  return { host, move, type, goto, name, list, rows, kept, restored };
}

/** Branch 1 parts from the first run after step 5, branch 2 from it after step 6; 3 from the first. */
async function grown() {
  const session = await begun();
  const { move, type, goto, name } = session;
  for (let step = 0; step < 9; step++) await move('next');
  await goto(5);
  await type('crash n1');
  await move('next');
  await goto(6, 1);
  await type('pause n2');
  await goto(3, 0);
  await type('pause n3');
  await name(2, 'n2 sleeps');
  return session;
}

test('named branches and those from which they parted come back in a later session', async () => {
  const before = await grown();
  expect(before.kept().map(({ number, name, parent, base }) => [number, name, parent, base])).toEqual([
    [1, '', 0, 5], [2, 'n2 sleeps', 1, 6],
  ]);
  const old = await before.rows();
  const kept = before.kept();
  await before.host.ask('disconnect');
  // A client may write them to a file.
  const after = await begun({}, JSON.parse(JSON.stringify(kept)) as StoredBranch[]);
  const { rows, restored, move, host, list } = after;
  // The first has no name, so it is stored only as far as the other one parts from it.
  expect((await rows()).slice(1)).toEqual([
    [1, '', 0, 5, 6, 'waiting'], [2, 'n2 sleeps', 1, 6, 7, 'waiting'],
  ]);
  await restored();
  const [one, two] = old.slice(1, 3);
  expect((await rows()).slice(1)).toEqual([[...one!.slice(0, 4), 6, undefined], two]);
  // It can be gone to, and the session stays where it was meanwhile.
  expect((await list()).step).toBe(0);
  await move('lockstep/branch', { type: 'go', branch: 2, step: 7 });
  expect(await list()).toMatchObject({ current: 2, step: 7 });
  expect(after.kept()).toEqual([]);
  await host.ask('lockstep/branch', { type: 'name', branch: 2, name: '' });
  const events = host.messages.filter((one) => 'event' in one && one.event === 'lockstep/keptBranches');
  expect(events).toMatchObject([{ body: { branches: [] } }]);
  await host.ask('disconnect');
});

test('the session moves while branches wait, and who goes to one waits for it alone', async () => {
  const before = await grown();
  await before.name(3, 'n3 sleeps');
  const kept = before.kept();
  await before.host.ask('disconnect');
  const session = await begun({}, kept);
  const { host, move, restored, rows, list } = session;
  await host.ask('lockstep/branch', { type: 'name', branch: 1, name: 'first' });
  const going = move('lockstep/branch', { type: 'go', branch: 2 });
  await going;
  expect(await list()).toMatchObject({ current: 2, step: 0 });
  for (let step = 0; step < 4; step++) await move('next');
  await restored();
  expect((await rows()).slice(1).map(([number, name, , , , stale]) => [number, name, stale])).toEqual([
    [1, 'first', undefined], [2, 'n2 sleeps', undefined], [3, 'n3 sleeps', undefined],
  ]);
  await host.ask('disconnect');
});

test('numbers that are taken are not given again, and a branch that is there is not doubled', async () => {
  const before = await grown();
  const kept = before.kept();
  const { host, rows } = before;
  await host.ask('lockstep/keepBranches', { branches: kept });
  expect(await rows()).toHaveLength(4);
  await host.ask('disconnect');
  const other = await begun();
  await other.move('next');
  await other.type('crash n3');
  await other.goto(0, 0);
  await other.type('pause n1');
  await other.host.ask('lockstep/keepBranches', { branches: kept });
  await other.restored();
  const numbers = (await other.rows()).map(([number, name, from]) => [number, name, from]);
  expect(numbers).toContainEqual([expect.any(Number), 'n2 sleeps', expect.any(Number)]);
  expect(new Set(numbers.map(([number]) => number)).size).toBe(numbers.length);
  await other.host.ask('disconnect');
});

test('what a user chose at the end of the first run comes back as a branch, if it has a name', async () => {
  const { host, move, type, name, kept } = await begun();
  for (let step = 0; step < 4; step++) await move('next');
  await type('crash n1');
  await move('next');
  await name(0, 'early crash');
  expect(kept()).toMatchObject([{ name: 'early crash', parent: 0, base: 4 }]);
  await host.ask('disconnect');
  const later = await begun({}, kept());
  await later.restored();
  expect((await later.rows())[1]).toEqual([1, 'early crash', 0, 4, 6, undefined]);
  await later.host.ask('disconnect');
});

test('what was named before the client keeps branches is kept too, as a finding at the start', async () => {
  const host = new Host();
  await host.launch({ program, stopOnEntry: true });
  const crash = { expression: 'crash n1', context: 'repl' };
  await host.ask('evaluate', crash);
  await host.event('stopped', 2);
  await host.ask('lockstep/branch', { type: 'name', branch: 0, name: 'found' });
  const actions = [{ type: 'crash', at: 0, node: 'n2' }];
  const earlier = [{ number: 1, name: 'earlier', parent: 0, base: 0, actions }];
  await host.ask('lockstep/keepBranches', { branches: earlier });
  const { branches } = (await host.event('lockstep/keptBranches')).body as KeptBranches;
  expect(branches.map(({ name }) => name).sort()).toEqual(['earlier', 'found']);
  await host.ask('disconnect');
});

test('branches that no longer fit are stale with a reason, and are kept', async () => {
  const own = workspace();
  const { host, move, goto, type, name, kept } = await begun({ program: own.program });
  for (let step = 0; step < 3; step++) await move('next');
  await goto(1);
  await type('crash a');
  await name(1, 'without a');
  const stored = kept();
  await host.ask('disconnect');
  expect(stored).toHaveLength(1);
  const text = readFileSync(own.program, 'utf8');
  writeFileSync(own.program, text.replaceAll(/\ba\b/g, 'z'));
  const later = await begun({ program: own.program }, stored);
  await later.restored();
  expect((await later.rows())[1]!.at(-1)).toBe('not possible');
  await later.move('next');
  await later.name(0, 'another');
  await later.host.ask('disconnect');
});

test('a choice in the first run leaves no place for what parted after it', async () => {
  const before = await grown();
  const kept = before.kept();
  await before.host.ask('disconnect');
  const session = await begun();
  const { host, move, type, name, list, restored } = session;
  for (let step = 0; step < 2; step++) await move('next');
  await type('crash n3');
  await host.ask('lockstep/keepBranches', { branches: kept });
  await restored();
  expect((await list()).branches.slice(1).map(({ stale }) => stale)).toEqual([
    { type: 'parent differs', parent: 0, step: 3 }, { type: 'no parent', parent: 1 },
  ]);
  // They did not part from what was chosen, so a session without that choice has them again.
  await name(0, 'n3 sleeps');
  const later = await begun({}, session.kept());
  await later.restored();
  expect((await later.rows()).slice(1).map(([, text, , , , stale]) => [text, stale]).sort()).toEqual(
    [['', undefined], ['n2 sleeps', undefined], ['n3 sleeps', undefined]],
  );
  await later.host.ask('disconnect');
  await host.ask('disconnect');
});

test('code that does not end leaves them stale, and the session goes on', async () => {
  const before = await grown();
  const kept = before.kept();
  await before.host.ask('disconnect');
  const { Growth } = await import('../../src/session/branches/growth.ts');
  vi.spyOn(Growth.prototype, 'advance').mockImplementation(() => {
    throw new LimitError('action-time-limit');
  });
  const { host, move, list, restored } = await begun({}, kept);
  await restored();
  expect((await list()).branches.at(-1)!.stale).toEqual({ type: 'interrupted' });
  vi.restoreAllMocks();
  await move('next');
  await host.ask('disconnect');
});

test('the user is told once which named branch is too much to keep', async () => {
  const { host, goto, type, name, kept, move } = await begun();
  await move('next');
  for (let number = 1; number <= 51; number++) {
    await goto(0, 0);
    await type('crash n1');
    await name(number, `crash ${number}`);
  }
  await move('next');
  const told = host.messages.flatMap((one) => {
    const { event, body } = one as { event?: string; body?: { output: string } };
    return event === 'output' && body!.output.includes('not kept') ? [body!.output] : [];
  });
  expect(told).toEqual([expect.stringMatching(/^Branch 1 \(crash 1\) is not kept.*at most 50/)]);
  expect(kept()).toHaveLength(50);
  await host.ask('disconnect');
});

test('what a client gives back is checked', async () => {
  const { host } = await begun();
  const branch = { number: 1, name: 'a', parent: 0, base: 0 };
  for (const actions of [[{}], [{ type: 'crash', at: -1 }], 'crash']) {
    const { success } = await host.send('lockstep/keepBranches', { branches: [{ ...branch, actions }] });
    expect(success).toBe(false);
  }
  const strange = [{ ...branch, parent: 9, actions: [{ type: 'crash', at: 0, node: 'n1' }] }];
  await host.ask('lockstep/keepBranches', { branches: strange });
  expect(((await host.ask('lockstep/branches')) as BranchesView).branches).toHaveLength(1);
  await host.ask('disconnect');
});

test('what waits is repeated beside the first run, which is still the user’s to choose', async () => {
  const before = await grown();
  const kept = before.kept();
  await before.host.ask('disconnect');
  const { host, type, move, rows, restored, list, kept: keptNow } = await begun({}, kept);
  await restored();
  const [first, ...branches] = await rows();
  expect(first).toEqual([0, '', undefined, undefined, 0, undefined]);
  expect(branches).toEqual([[1, '', 0, 5, 6, undefined], [2, 'n2 sleeps', 1, 6, 7, undefined]]);
  await move('next');
  await type('crash n2');
  expect(await list()).toMatchObject({ current: 0, step: 2 });
  expect((await rows()).slice(1)).toEqual(branches);
  // They did not part from what was chosen now, here and in a later session.
  await host.ask('lockstep/branch', { type: 'name', branch: 0, name: 'n2 first' });
  const stored = keptNow();
  await move('lockstep/branch', { type: 'go', branch: 2, step: 7 });
  expect(await list()).toMatchObject({ current: 2, step: 7 });
  const { branches: views } = await list();
  await move('restart', {});
  await restored();
  const again = (await list()).branches.find(({ name }) => name === 'n2 sleeps');
  expect([again?.parted, again?.length]).toEqual([views[2]!.parted, views[2]!.length]);
  expect((await rows()).map(([, name, , base, , stale]) => [name, base, stale])).toContainEqual(['n2 first', 1, undefined]);
  await host.ask('disconnect');
  const later = await begun({}, stored);
  await later.restored();
  expect((await later.rows()).map(([, name, , base, , stale]) => [name, base, stale]).sort()).toEqual([
    ['', undefined, undefined], ['', 5, undefined], ['n2 first', 1, undefined], ['n2 sleeps', 6, undefined],
  ]);
  await later.host.ask('disconnect');
});

test('a branch is compared with what it parted from, and not with another first run', async () => {
  const before = await grown();
  await before.move('lockstep/branch', { type: 'go', branch: 1, step: 6 });
  await before.name(1, 'n1 down');
  for (let step = 0; step < 40; step++) await before.move('next');
  const kept = before.kept();
  await before.host.ask('disconnect');
  const { host, move, restored, list } = await begun({}, kept);
  await restored();
  const eventOf = async () => {
    for (let i = 0; i < 50; i++) await turn();
    const searched = vi.spyOn(FirstEventSearch.prototype, 'isDone', 'get');
    await list();
    await turn();
    // Nothing is left to search, so what is not known is not going to be.
    expect(searched.mock.results.map(({ value }) => value as boolean)).toContain(true);
    expect(searched.mock.results.map(({ value }) => value as boolean)).not.toContain(false);
    searched.mockRestore();
    return (await list()).branches.find(({ number }) => number === 1)?.event;
  };
  expect(await eventOf()).toBeUndefined();
  for (let step = 0; step < 60; step++) await move('next');
  const asParted = await eventOf();
  expect(asParted).toMatchObject({ label: expect.any(String), instead: { label: expect.any(String) } });
  await host.ask('disconnect');
  const other = await begun({}, kept);
  await other.restored();
  await other.move('next');
  await other.type('crash n2');
  for (let step = 0; step < 60; step++) await other.move('next');
  await other.list();
  for (let i = 0; i < 50; i++) await turn();
  const { branches } = await other.list();
  expect(branches[0]!.length).toBeGreaterThan(60);
  expect(branches.find(({ number }) => number === 1)).toMatchObject({ parted: { from: 0, step: 5 } });
  expect(branches.find(({ number }) => number === 1)?.event).toBeUndefined();
  await other.host.ask('disconnect');
});

test('a branch that parted beyond what the user ran can be left, deleted and reloaded', async () => {
  const before = await grown();
  const kept = before.kept();
  await before.host.ask('disconnect');
  const { host, move, rows, restored, list, goto } = await begun({}, kept);
  await restored();
  const all = await rows();
  await move('lockstep/reload', {});
  await restored();
  expect(await rows()).toEqual(all);
  await goto(6, 2);
  await move('lockstep/branch', { type: 'delete', branch: 1 });
  expect(await list()).toMatchObject({ current: 0, step: 0, branches: [{ number: 0 }] });
  await host.ask('disconnect');
});

test('the nearest run that holds opens from a branch that parted beyond what the user ran', async () => {
  const own = workspace();
  own.write('relay.scenario.yaml', [
    'protocol: naive-cluster', 'nodes: { n1..n3: replica, app: client }', 'steps:',
    '  - wait 1s', '  - partition n1 | n2 n3', '  - wait 10s', '',
  ].join('\n'));
  const launch = { program: `${own.folder}/relay.scenario.yaml` };
  const before = await begun(launch);
  await before.host.ask('setExceptionBreakpoints', { filters: [] });
  await before.move('continue');
  const broken = (await before.list()).branches[0]!.broken!;
  await before.goto(broken.step - 1);
  await before.type('pause app');
  await before.move('continue');
  await before.name(1, 'paused');
  const kept = before.kept();
  await before.host.ask('disconnect');
  const { host, restored, list } = await begun(launch, kept);
  await restored();
  const [first, paused] = (await list()).branches;
  expect([first!.length, paused!.broken?.kind]).toEqual([0, 'invariant']);
  const { found } = (await host.ask('lockstep/nearest', { branch: 1 })) as { found: { branch: number } };
  const nearest = (await list()).branches.find(({ number }) => number === found.branch)!;
  expect(nearest.broken).toBeUndefined();
  await host.ask('disconnect');
});
