/** `lockstep test`: what passes, what fails, and what else a report says. */
import { expect, test } from 'vitest';
import { pinging, pingShell, protocolFile, Shell } from './shell.ts';

const invariants = `Few: { doc: 'Few pings.', check: ({ nodes }: any) =>
  nodes.some((node: any) => node.state.count > 1) ? 'too many' : undefined }`;

function shell(files: Record<string, string>): Shell {
  return new Shell({ 'pinging.ts': protocolFile({ invariants }), ...files });
}

const holding = pinging.replace('  - a ask\n', '');

test('scenarios must hold, and broken twins must fail for the reason that they name', async () => {
  const { code, out } = await shell({
    'a.scenario.yaml': holding,
    'b.scenario.yaml': pinging,
    'c.broken.scenario.yaml': holding,
    'd.broken.scenario.yaml': pinging,
    'e.broken.scenario.yaml': `${pinging}breaks: Few\n`,
    'f.broken.scenario.yaml': `${pinging}breaks: Many\n`,
  }).run('test');
  expect(out).toMatch(/^✓ a\.scenario\.yaml\n✗ b\.scenario\.yaml: Few: too many \(step \d+, .*\)\n/);
  expect(out.split('\n').slice(2)).toEqual([
    '✗ c.broken.scenario.yaml: this is a broken twin: it must violate something, but nothing is violated (step 2, 0.010000s)',
    '✓ d.broken.scenario.yaml',
    '✓ e.broken.scenario.yaml',
    '✗ f.broken.scenario.yaml: this is a broken twin: it must violate `Many`, but it violates `Few` (step 4, 0.010000s)',
    '3 passed, 3 failed',
    '',
  ]);
  expect(code).toBe(1);
});

test('a broken twin whose check fails by itself is not broken for the reason that it names', async () => {
  const end = 'end: nodes.all(n, n.state.cuont == 1)';
  const { out } = await shell({
    'a.broken.scenario.yaml': `${holding}expect:\n  - '${end}'\n`,
    'b.broken.scenario.yaml': `${holding}breaks: '${end}'\nexpect:\n  - '${end}'\n`,
  }).run('test');
  const why = 'failed only because its own code or condition did';
  expect(out).toContain(`✗ a.broken.scenario.yaml: this is a broken twin: it must violate \`${end}\`, but \`${end}\` ${why}`);
  expect(out).toContain(`✗ b.broken.scenario.yaml: this is a broken twin: it must violate \`${end}\`, but \`${end}\` ${why}`);
});

test('given files are tested alone, and one that is not valid fails', async () => {
  const files = { 'a.scenario.yaml': holding, 'x.scenario.yaml': 'protocol: none' };
  expect(await shell(files).run('test', 'a.scenario.yaml')).toMatchObject({
    code: 0,
    out: '✓ a.scenario.yaml\n1 passed, 0 failed\n',
  });
  const { code, out } = await shell(files).run('test', 'x.scenario.yaml');
  expect(code).toBe(2);
  expect(out).toBe('✗ x.scenario.yaml: it is not a valid scenario\n0 passed, 1 failed\n');
});

test('an option that is given twice is refused', async () => {
  const { code, error } = await shell({}).run('run', '--seed', '1', '--seed', '2', 'a');
  expect(code).toBe(2);
  expect(error).toContain('--seed is given twice');
});

test('a violated expectation shows the values that it compared', async () => {
  const { out } = await pingShell({}, `${pinging}expect:\n  - end: a.state.count == b.state.count\n`)
    .run('run', '--quiet', 'ping.scenario.yaml');
  expect(out).toContain('did not hold at the end: `0 == 2` (step 4, 0.010000s)');
  expect(out).toContain('4 actions, 0.010000s of virtual time');
});

test('an operation that fails although no step expects it is reported, and no verdict', async () => {
  const role = `background: [],`;
  const failing = protocolFile({ role }).replace("node.reply(operation, 'sent')", "node.fail(operation, 'no disk')");
  const run = (scenario: string) =>
    new Shell({ 'pinging.ts': failing, 'ping.scenario.yaml': scenario })
      .run('run', '--quiet', 'ping.scenario.yaml');
  const { code, out } = await run(pinging);
  expect(code).toBe(0);
  expect(out).toContain('! a#1 failed with "no disk", and no step expects this (step 1, ');
  const answered = failing.replace('node.fail', 'node.reply').replace("'no disk'", "'ERR no disk'");
  const shell = new Shell({ 'pinging.ts': answered, 'ping.scenario.yaml': pinging });
  expect((await shell.run('run', '--quiet', 'ping.scenario.yaml')).out).toContain(
    '! a#1 was answered with "ERR no disk", which looks like an error, and no step expects this (step 1, ',
  );
  const { out: expected } = await run(pinging.replaceAll('a ask', 'a ask fails'));
  expect(expected).not.toContain('no disk');
});

test.each([
  ['heartbeatInterval: 0s', 'must be at least 1ms, and not 0s (How often'],
  ['electionTimeout: 0s..0s', 'must be at least 1ms, and not 0s (How long'],
  ['maxEntriesPerAppend: -5', 'must be at least 1, and not -5 (The maximum'],
  ['heartbeatInterval: 150ms', 'must be below `electionTimeout`, and not 150ms (150ms is the short'],
])('check refuses %s with its place and the reason', async (option, words) => {
  const text = `protocol: raft\nnodes: [n1]\noptions: { ${option} }\n`;
  const { code, error } = await new Shell({ 'a.scenario.yaml': text }).run('check', 'a.scenario.yaml');
  expect(code).toBe(2);
  expect(error).toMatch(/^a\.scenario\.yaml:3:\d+: /);
  expect(error).toContain(words);
});

test('--json gives one report a line: failures with their places, and the last steps', async () => {
  const line = 'expect:\n  - end: a.state.count == b.state.count\n';
  const { code, out } = await shell({
    'a.scenario.yaml': holding,
    'b.scenario.yaml': `${holding}${line}`,
    'x.scenario.yaml': 'protocol: none',
  }).run('test', '--json');
  const [a, b, x] = out.trim().split('\n').map((each) => JSON.parse(each));
  expect(a).toMatchObject({ file: 'a.scenario.yaml', passed: true, failures: [], problems: [] });
  expect(b.failures).toEqual([
    {
      message: expect.stringContaining('did not hold at the end: `0 == 1`'),
      place: { file: 'b.scenario.yaml', line: 8, column: 5 },
    },
  ]);
  expect(b.output).toMatch(/a#1.*\n.*\n✗ b\.scenario\.yaml:8: end: a\.state\.count/s);
  expect(x).toMatchObject({ passed: false, failures: [{ message: 'it is not a valid scenario' }] });
  expect(x.problems[0]).toMatch(/^x\.scenario\.yaml:1:\d+: /);
  expect(code).toBe(2);
});

test('an error of a handler is a failure at its line of the protocol', async () => {
  const ping = "if (node.id === 'b') throw new Error('no disk');";
  const files = { 'ping.scenario.yaml': holding, 'pinging.ts': protocolFile({ ping }) };
  const { out } = await new Shell(files).run('test', '--json');
  const line = files['pinging.ts'].split('\n').findIndex((each) => each.includes('no disk')) + 1;
  const [failure] = JSON.parse(out).failures;
  expect(failure.message).toContain('no disk');
  expect(failure.place).toMatchObject({ file: 'pinging.ts', line });
});

test('a run lets other work happen between slices, which can end it', async () => {
  const forever = `${pinging.split('steps:')[0]}steps:\n  - wait 1s\n`;
  const ticking = protocolFile({ role: `start: (node) => node.setTimer('later', 1),`, ping: '' })
    .replace('later: () => undefined', "later: (node: any) => node.setTimer('later', 1)");
  const files = { 'ping.scenario.yaml': forever, 'pinging.ts': ticking };
  const cancel = { rest: () => Promise.reject(new Error('cancelled')) };
  await expect(new Shell(files, cancel).run('test')).rejects.toThrow('cancelled');
});

test('check and test take a folder for all scenarios in it, and say so if there are none', async () => {
  const text = 'protocol: raft\nnodes: [n1]\nsteps: []\n';
  const files = {
    'own/a.scenario.yaml': text, 'own/in/b.scenario.yaml': text, 'c.scenario.yaml': text, 'none/x': '',
  };
  const { code, out } = await new Shell(files).run('check', 'own/');
  expect(code).toBe(0);
  expect(out).toContain('own/a.scenario.yaml: 0 steps');
  expect(out).toContain('own/in/b.scenario.yaml: 0 steps');
  expect(out).not.toContain('c.scenario.yaml');
  const tested = await new Shell(files).run('test', 'own/', 'c.scenario.yaml');
  expect(tested.out.match(/scenario\.yaml/g)).toHaveLength(3);
  for (const command of ['check', 'test']) {
    const empty = await new Shell(files).run(command, 'none/');
    expect(empty.code).toBe(2);
    expect(empty.error).toContain('there is no *.scenario.yaml in none/');
  }
});
