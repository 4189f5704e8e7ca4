/** A `look` that throws or returns something invalid: the run continues with a message for the author. */
import { describe, expect, test } from 'vitest';
import { pinging, pingShell } from './shell.ts';

const usesStanding = `${pinging}expect:\n  - end: nodes.exists(n, n.standing == "done")\n`;

describe.each([
  ['throws', "look() { throw new Error('boom'); }", 'look of role peer threw for a: boom'],
  ['returns null', 'look: () => null', 'look of role peer returned null for a: it must return an'],
  ['returns a string', "look: () => 'x'", 'look of role peer returned "x" for a: it must return an'],
  [
    'returns a fact that is a function',
    'look: () => ({ facts: { act: () => 1 } })',
    'look of role peer returned the facts.act a function for a: it must be plain data',
  ],
  [
    'returns a fact that refers to itself',
    'look() { const facts: any = {}; facts.facts = facts; return { facts }; }',
    'look of role peer returned the facts.facts ',
  ],
  [
    'has a field that nothing shows',
    "look: () => ({ stnading: 'done' })",
    'look of role peer returned an unknown field "stnading" for a: its fields are standing, tone,',
  ],
  [
    'has a log as earlier versions did',
    'look: () => ({ log: { entries: [], first: 1, committed: 0, applied: 0 } })',
    'look of role peer returned log.entries for a: it is now `last`, the index of the last entry,',
  ],
  [
    'has an entry that throws',
    "look: () => ({ log: { first: 1, last: 2, committed: 0, entry() { throw new Error('no'); } } })",
    'look of role peer threw for a: no',
  ],
  [
    'has an entry that does not end',
    'look: () => ({ log: { first: 1, last: 2, committed: 0, entry() { for (;;); } } })',
    'look of role peer threw for a: the code does not end',
  ],
  [
    'does not end',
    'look() { for (;;); }',
    'look of role peer threw for a: the code does not end',
  ],
])('a look that %s', (_, role, message) => {
  test.each<[string, string[]]>([
    ['run', []],
    ['run --quiet', ['--quiet']],
    ['run --json', ['--json']],
    ['run --mermaid', ['--mermaid']],
    ['run --check-determinism', ['--check-determinism']],
  ])('%s', async (_name, flags) => {
    const { code, out, error } = await pingShell({ role }).run('run', ...flags, 'ping.scenario.yaml');
    expect(`${out}${error}`).toContain(`! ${message}`);
    expect(code).toBe(0);
    const isText = !flags.includes('--json') && !flags.includes('--mermaid');
    expect(isText ? error : out).not.toContain(message);
  });
});

test('a condition on the standing has no value, and says why', async () => {
  const role = "look() { throw new Error('boom'); }";
  const shell = pingShell({ role }, usesStanding);
  const { code, out } = await shell.run('run', '--quiet', 'ping.scenario.yaml');
  expect(code).toBe(1);
  expect(out).toContain('look of role peer threw for a: boom');
});

test('a step for a node of some standing says that there is none', async () => {
  const role = "look() { throw new Error('boom'); }";
  const shell = pingShell({ role }, pinging.replace('- wait 10ms', '- crash the leader'));
  const { code, out } = await shell.run('run', '--quiet', 'ping.scenario.yaml');
  expect(code).toBe(1);
  expect(out).toContain('no node is the leader');
  expect(out).toContain('! look of role peer threw for a: boom');
});
