// Without options, `lockstep explore` goes on beyond what the scenario says, and tells how.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { untriedLines } from '../../src/cli/explore/beyond-words.ts';
import { autoTries, type Tried, type Try } from '../../src/explore/auto/driver.ts';
import { noFaults } from '../../src/explore/budgets.ts';
import { everything } from '../explore/everything.ts';
import { readScenario } from '../explore/read.ts';
import { Shell } from './shell.ts';

const folder = fileURLToPath(new URL('../../samples/', import.meta.url));
const text = (path: string) => readFileSync(`${folder}${path}`, 'utf8');

function shell(path: string, edit = (scenario: string) => scenario, code = (it: string) => it) {
  const name = path.replace(/^.*\//, '');
  return new Shell({
    [`${name}.scenario.yaml`]: edit(text(`${path}.scenario.yaml`)),
    [`${name}.ts`]: code(text(`${path}.ts`)),
  });
}

/** So that each trial ends after so many runs, which takes less than the time that it may take. */
const fewRuns = ['--seeds', '1..30'];

describe('a planted fault', () => {
  test('needs slower messages: violated, with what the scenario itself shows', async () => {
    const { code, out } = await shell('find-the-bug/quorum').run('explore', 'quorum.scenario.yaml');
    expect(code).toBe(1);
    expect(out).toContain('✗ violated: One Leader');
    expect(out).toContain('messages took up to 20 times its latency');
    expect(out).toMatch(/with the latency of the scenario and without faults: holds in all/);
    expect(out).toContain('nothing more was tried beyond the scenario: it is violated');
  });

  test('needs a crash of a protocol that says what is durable: violated', async () => {
    const { code, out } = await shell('find-the-bug/transaction')
      .run('explore', '--json', 'transaction.scenario.yaml');
    expect(code).toBe(1);
    const found = JSON.parse(out) as { outside: unknown };
    expect(found).toMatchObject({
      type: 'violated', faults: { crashes: 1, drops: 0 }, beyond: { within: { type: 'holds' } },
    });
    expect(found.outside).toEqual({
      tried: [{ time: 'timed', faults: noFaults, slower: 20, runs: expect.any(Number) }],
      hasCrashes: true, why: 'broken',
    });
  });

  test('needs a crash, and the protocol says nothing of crashes: a notice', async () => {
    const unsaid = (it: string) => it.replace('  durable: [],\n', '');
    const { code, out } = await shell('find-the-bug/vote', undefined, unsaid)
      .run('explore', 'vote.scenario.yaml');
    expect(code).toBe(0);
    expect(out).toContain('✓ holds in all');
    expect(out).toMatch(/beyond the scenario, violated: One Leader/);
    expect(out).toMatch(/see it with `lockstep explore vote.scenario.yaml .*--faults/);
    expect(out).toMatch(/beyond the scenario, no violation with messages up to 20 times as slow \([\d,]+ runs\)\n/);
    // What was tried comes first, so that its line does not deny the notice.
    expect(out.indexOf('no violation with messages')).toBeLessThan(out.indexOf('violated: One Leader'));
    expect(out).toContain('a violation that needs a crash is only a notice, because no role declares durable state');
    expect(out).toContain('nothing more was tried beyond the scenario: one violation is enough');
  });
});

test('a lease that relies on its timers holds, with a notice for no time', async () => {
  const { code, out } = await shell('new-protocol/lease')
    .run('explore', ...fewRuns, 'lease.scenario.yaml');
  expect(code).toBe(0);
  expect(out).toContain('see it with `lockstep explore lease.scenario.yaml --untimed`');
});

test('the command names the file as a shell needs it, and the folder of its protocol', async () => {
  const own = shell('new-protocol/lease');
  own.files['my files/it’s.scenario.yaml'] = own.files['lease.scenario.yaml']!;
  own.files['my files/lease.ts'] = own.files['lease.ts']!;
  const args = ['--root', 'my files', ...fewRuns, 'my files/it’s.scenario.yaml'];
  const { out } = await own.run('explore', ...args);
  const command = "lockstep explore 'my files/it’s.scenario.yaml' --root 'my files' --untimed";
  expect(out).toContain(`see it with \`${command}\``);
});

test('a protocol that reads clocks: no order without time is tried, and not for want of time', () => {
  const { scenario } = readScenario('protocol: everything\nnodes: { a: server }\nsteps:\n  - start a ask\n', everything);
  const tries = autoTries({
    scenario, time: 'timed', faults: noFaults, limits: { states: 9, depth: 9 }, strategies: [],
    seeds: [1, 9], stepsMost: 9, msMost: 9, goesBeyond: true, leavesOutStates: false,
  });
  const after = (one: Try) => {
    if (one.type === 'search') return { type: 'holds', cut: ['times'] };
    const code = one.time === 'untimed' ? 'reads-clock' : 'stopped';
    return { type: 'unknown', why: { code }, runs: one.time === 'untimed' ? 0 : 9 };
  };
  let next = tries.next();
  while (!next.done) next = tries.next({ verdict: after(next.value) } as unknown as Tried);
  const lines = untriedLines(next.value.outside, false).join('\n');
  expect(lines).toContain('in any order were not tried beyond the scenario: handlers read a clock');
  expect(lines).not.toContain('no time was left');
});

test('a violation within the scenario: nothing beyond it was tried, and the verdict says so', async () => {
  const broken = (it: string) => `${it}\nexpect:\n  - "never: true"\n`;
  const { code, out } = await shell('new-protocol/lease', (it) => broken(it.replace(/^expect:[^]*/m, '')))
    .run('explore', 'lease.scenario.yaml');
  expect(code).toBe(1);
  expect(out).toContain('nothing was tried beyond the scenario: it is violated');
});

test('a choice of the user is all that is searched', async () => {
  const { code, out } = await shell('find-the-bug/quorum')
    .run('explore', '--faults', 'drops=0', 'quorum.scenario.yaml');
  expect(code).toBe(0);
  expect(out).toContain('nothing was tried beyond these bounds: you chose them');
  expect(out).not.toContain('beyond the scenario');
});

describe('states that are left out', () => {
  test.each([['--inside', 'false'], ['--max-messages', '1']])('%s %s: only a search', async (...left) => {
    const { code, out } = await shell('find-the-bug/quorum').run('explore', ...left, 'quorum.scenario.yaml');
    expect(code).toBe(0);
    expect(out).toContain('✓ holds in all');
    expect(out).toContain('nothing was tried beyond these bounds: you left out states');
    expect(out).not.toContain('beyond the scenario');
    expect(out).not.toContain('beside it');
  });

  test('no walks, so what is for walks only is refused', async () => {
    const { code, error } = await shell('find-the-bug/quorum')
      .run('explore', '--inside', 'true', '--seeds', '1..9', 'quorum.scenario.yaml');
    expect(code).toBe(2);
    expect(error).toContain('choose one of --seeds and --inside: a walk cannot leave out states');
  });

  test('not by two conditions, of which one would be ignored', async () => {
    const { code, error } = await shell('find-the-bug/quorum')
      .run('explore', '--inside', 'true', '--within', 'false', 'quorum.scenario.yaml');
    expect(code).toBe(2);
    expect(error).toContain('give one of them');
  });
});
