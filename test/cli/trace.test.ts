/** `lockstep record` and `lockstep replay`: a trace runs again by itself, and damage has a place. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectGolden } from '../golden.ts';
import { pinging, pingShell, protocolFile, Shell, transcript } from './shell.ts';

const golden = (name: string, text: string) => expectGolden(import.meta.url, name, text);
const tiny = `protocol: raft
nodes: { n1..n3: replica, client: client }
network: { latency: 1ms, loss: 7% }
seed: 3
steps:
  - fire n1 election
  - start client put x "a b"
  - pause n3 for 5ms
  - partition n1 | n2 for 3ms
until: 12ms
`;
const tinyShell = () => new Shell({ 'tiny.scenario.yaml': tiny });

/** The trace of a scenario in a shell. */
async function traceOf(shell: Shell, ...args: string[]): Promise<string> {
  const { code, out, error } = await shell.run('record', ...args);
  expect(error).toBe('');
  expect(code).toBe(0);
  return out;
}

/** Replays a text as the only file that exists. */
const replay = (trace: string) => new Shell({ 'x.trace': trace }).run('replay', 'x.trace');

const tinyTrace = await traceOf(tinyShell(), 'tiny.scenario.yaml');
const pingTrace = await traceOf(pingShell(), 'ping.scenario.yaml');

describe('a trace', () => {
  test('is a plain text', () => {
    golden('record', tinyTrace);
    golden('record-own-protocol', pingTrace);
  });

  test.each(['run', 'check', 'record', 'test'])('given to `%s` is sent to `replay`', async (name) => {
    const { code, out, error } = await new Shell({ 'x.trace': tinyTrace }).run(name, 'x.trace');
    expect(code).not.toBe(0);
    expect(out + error).toContain(
      'x.trace:1:1: this is a trace and not a scenario: run it with `lockstep replay x.trace`',
    );
  });

  test('is not a scenario: `replay` of one names `run`', async () => {
    const { error } = await tinyShell().run('replay', 'tiny.scenario.yaml');
    expect(error).toContain('run a scenario with `lockstep run tiny.scenario.yaml`');
  });

  test('runs again without any other file', async () => {
    expect(await replay(tinyTrace)).toEqual({
      code: 0,
      out: expect.stringMatching(/^x\.trace: \d+ steps, no difference\n$/),
      error: '',
    });
    expect(await replay(pingTrace)).toMatchObject({ code: 0, error: '' });
  });

  test('has the same bytes wherever and from whatever line ends it is recorded', async () => {
    const windows = new Shell({ 'C:/work/tiny.scenario.yaml': tiny.replaceAll('\n', '\r\n') });
    expect(await traceOf(windows, 'C:\\work\\tiny.scenario.yaml')).toBe(tinyTrace);
    const files: Record<string, string> = {};
    for (const [name, text] of Object.entries(pingShell().files)) {
      files[`some/where/${name}`] = text.replaceAll('\n', '\r\n');
      files[`/w/${name}`] = text;
    }
    const deep = new Shell(files);
    expect(await traceOf(deep, 'some/where/ping.scenario.yaml')).toBe(pingTrace);
    expect(await traceOf(deep, '/w/ping.scenario.yaml')).toBe(pingTrace);
  });

  test('names the files of a protocol from the folder that holds them', async () => {
    const files = {
      'a/b/ping.scenario.yaml': pinging.replace('./pinging.ts', '../own/pinging.ts'),
      'a/own/pinging.ts': protocolFile({ top: "import { one } from '../more/one.ts';", ping: 'one;' }),
      'a/more/one.ts': 'export const one = 1;\n',
    };
    const trace = await traceOf(new Shell(files), 'a/b/ping.scenario.yaml');
    expect(trace).toContain('\nprotocol file own/pinging.ts\n');
    expect(trace).toContain('\nfile more/one.ts\n  export const one = 1;\n');
    expect(await replay(trace)).toMatchObject({ code: 0 });
  });

  test('keeps a text as it is, without a line end and with lines that look like its own', async () => {
    const scenario = `${pinging}\n#\n\n# end 1 0123456789abcdef\n\n  # start\nuntil: 5ms`;
    const shell = pingShell({}, scenario);
    const trace = await traceOf(shell, 'ping.scenario.yaml');
    expect(await replay(trace)).toMatchObject({ code: 0 });
    const again = /^scenario .*\n([^]*?)\nfile /m.exec(trace)![1].split('\n');
    expect(again.map((line) => line.slice(2)).join('\n')).toBe(scenario);
  });

  test('may be copied with other line ends, and may have comments', async () => {
    expect(await replay(tinyTrace.replaceAll('\n', '\r\n'))).toMatchObject({ code: 0 });
    const commented = tinyTrace.replace('\nstart\n', '\n\n# What happened:\n\nstart\n');
    expect(await replay(commented)).toMatchObject({ code: 0 });
  });

  test('has the seed and the end that were given', async () => {
    const args = ['--seed', '9', '--until', 'LeaderElected', 'tiny.scenario.yaml'];
    const trace = await traceOf(tinyShell(), ...args);
    expect(trace).toMatch(/^lockstep trace 1\nversion 1\.2\.3\nseed 9\nuntil LeaderElected\n/);
    expect(trace).not.toContain(tinyTrace.slice(tinyTrace.indexOf('\nstart\n')));
    expect(await replay(trace)).toMatchObject({ code: 0 });
  });

  test('has a digest every 1000 steps', async () => {
    const scenario = 'protocol: raft\nnodes: { n1..n5: replica }\nuntil: 20s\n';
    const trace = await traceOf(new Shell({ 'long.yaml': scenario }), 'long.yaml');
    expect(trace).toMatch(/\ndigest 1000 [0-9a-f]{16}\n[^]*\ndigest 2000 /);
    expect(await replay(trace)).toMatchObject({ code: 0 });
  });
});

describe('a trace of a run that fails', () => {
  test.each([
    ['a handler that throws', "if (node.state.count === 2) throw new Error('two\\nlines');"],
    ['what JSON cannot express', 'node.state.odd = [undefined, NaN, -0, Infinity];'],
    ['a timer key with spaces', "node.setTimer('later', 5, ' (step 1) ]\" \\n');"],
  ])('%s: runs again', async (_, ping) => {
    const trace = await traceOf(pingShell({ ping }), 'ping.scenario.yaml');
    expect(await replay(trace)).toMatchObject({ code: 0 });
  });

  test('an invariant that is violated: runs again', async () => {
    const invariants = "Few: { doc: 'd', check: ({ nodes }: any) => (nodes[1].state.count > 1 ? 'two' : undefined) }";
    const trace = await traceOf(pingShell({ invariants }), 'ping.scenario.yaml');
    expect(trace).toContain('\n  violated "Few" {"code":"invariant","sentence":"two"}\n');
    expect(await replay(trace)).toMatchObject({ code: 0 });
  });
});

describe('--output', () => {
  test('writes a file, and - is standard output', async () => {
    const shell = tinyShell();
    const written = await shell.run('record', 'tiny.scenario.yaml', '--output', 'tiny.trace');
    expect(written.out).toMatch(/^tiny\.trace: \d+ steps, digest [0-9a-f]{16}\n$/);
    expect(shell.files['tiny.trace']).toBe(tinyTrace);
    expect(await traceOf(shell, 'tiny.scenario.yaml', '-o', '-')).toBe(tinyTrace);
  });

  test('never overwrites the scenario, and reports a file that cannot be written', async () => {
    const shell = tinyShell();
    const over = await shell.run('record', 'tiny.scenario.yaml', '-o', './tiny.scenario.yaml');
    expect(over).toMatchObject({ code: 2, error: expect.stringContaining('names the file that is read') });
    expect(shell.files['tiny.scenario.yaml']).toBe(tiny);
    const away = await shell.run('record', 'tiny.scenario.yaml', '-o', 'closed/x.trace');
    const why = 'this place may not be written to: change its permissions, or choose another';
    const error = `lockstep: --output: closed/x.trace cannot be written: ${why}\n`;
    expect(away).toMatchObject({ code: 2, error });
  });
});

test.each<[string[], string]>([
  [['record'], 'lockstep: record needs one file: `lockstep record FILE`\n'],
  [['record', 'a', 'b'], 'lockstep: record needs one file: `lockstep record FILE`\n'],
  [['record', 'nowhere.yaml'], 'nowhere.yaml:1:1: there is no such file\n'],
  [['record', 'tiny.scenario.yaml', '--seed', 'x'], 'lockstep: --seed must be a non-negative integer'],
  [['record', 'tiny.scenario.yaml', '--until', 'Nothing'], '--until:1:1: raft has no event `Nothing`'],
  [['replay'], 'lockstep: replay needs a trace: `lockstep replay TRACE…`\n'],
  [['replay', 'nowhere.trace'], 'nowhere.trace:1:1: there is no such file\n'],
])('%j is bad input', async (args, error) => {
  const printed = await tinyShell().run(...args);
  expect(printed).toMatchObject({ code: 2, out: '', error: expect.stringContaining(error) });
});

test('a file that is too large for a string is bad input', async () => {
  const shell = new Shell();
  Object.defineProperty(shell.files, 'huge.trace', {
    get() {
      throw Object.assign(new Error('0x1fffffe8'), { code: 'ERR_STRING_TOO_LONG' });
    },
  });
  const error = 'huge.trace:1:1: this file is too large to read\n';
  expect(await shell.run('replay', 'huge.trace')).toEqual({ code: 2, out: '', error });
});

describe('a difference', () => {
  /** Replaces one line or the text in it. */
  const edited = (from: string | RegExp, to: string, trace = tinyTrace) => {
    expect(trace).toMatch(from);
    return trace.replace(from, to);
  };

  test.each<[string, string]>([
    ['effect-differs', edited('send n1->n2#1 at 0.0010', 'send n1->n2#1 at 0.0011')],
    ['effect-missing', edited(/\n {2}event n1 VoteGranted.*/, '')],
    ['effect-new', edited(/\n {2}timer n2 election .*/, '$&\n  event n2 LeaderElected {"term":1}')],
    ['start-differs', edited('timer n1 election at 0', 'timer n1 election at 1')],
    ['not-possible', edited('s fire n1 election', 's fire n1 heartbeat')],
    ['node-missing', edited('s partition n1 | n2 for', 's partition n1 | n9 for')],
    ['end-differs', edited(/(end \d+) .{16}/, '$1 0123456789abcdef')],
    ['changed-protocol', edited(/built-in raft .{16}/, 'built-in raft 0123456789abcdef').replace('at 0.007000s', 'at 0.007001s')],
  ])('%s', async (name, trace) => {
    golden(`replay-${name}`, transcript(await replay(trace)));
  });

  test('in a protocol of the workspace is found as well', async () => {
    const trace = edited('node.state.count++', 'node.state.count += 2', pingTrace);
    const { code, out } = await replay(trace);
    expect(code).toBe(1);
    expect(out).toContain('step 3 has another effect: deliver a->b#1 Ping');
    expect(out).toContain('expected: event b Pinged {"count":1}\n  found:    event b Pinged {"count":2}');
  });

  test('in the state alone is found by the digest', async () => {
    const trace = edited('node.state.count++;', 'node.state.count++; node.state.more = 1;', pingTrace);
    const { code, out } = await replay(trace);
    expect(code).toBe(1);
    expect(out).toContain('the state after step 4 differs');
  });

  test('of code alone is not a difference of the run, and is a note', async () => {
    const trace = edited(/built-in raft .{16}/, 'built-in raft 0123456789abcdef');
    const note =
      'note: the built-in protocol raft has changed since lockstep 1.2.3 recorded this trace\n';
    expect(await replay(trace)).toMatchObject({ code: 0, error: note });
  });

  test('in one of several traces gives the exit code', async () => {
    const shell = new Shell({ a: tinyTrace, b: edited('s fire n1', 's fire n2'), c: 'x' });
    expect((await shell.run('replay', 'a', 'b')).code).toBe(1);
    expect((await shell.run('replay', 'a', 'c', 'b')).code).toBe(2);
  });
});

describe('a damaged trace', () => {
  const lineOf = (text: string, trace = tinyTrace) =>
    trace.slice(0, trace.indexOf(text)).split('\n').length;
  const cases: [string, string, string][] = [
    ['', '1:1', 'not a trace: its first line must be `lockstep trace 1`'],
    ['PK\u0003\u0004', '1:1', 'not a trace'],
    [tinyTrace.replace('trace 1', 'trace 2'), '1:16', 'this is a trace of version 2, and this version of lockstep reads version 1'],
    ['lockstep trace 1\n', '1:1', 'the trace ends, but `version 0.5.0` is expected here'],
    [tinyTrace.replace('seed 3', 'sed 3'), '3:1', 'this is `sed 3`, but `seed 7` is expected here'],
    [tinyTrace.replace('seed 3', 'seed 9999999999999999'), '3:6', 'the seed 9999999999999999 is too large'],
    [tinyTrace.replace('built-in raft', 'built-in rafft'), '4:10', 'there is no built-in protocol `rafft` (did you mean `raft`?)'],
    [tinyTrace.replace(/raft [0-9a-f]{16}/, 'raft'), '4:10', 'a built-in protocol has a name and a hash of 16 hexadecimal digits, unlike `built-in raft`'],
    [tinyTrace.replace(/built-in raft .*/, 'file raft.ts'), '4:10', 'the scenario of this trace runs a built-in protocol'],
    [tinyTrace.replace('protocol: raft', 'protocol: rafft'), '6:13', 'there is no protocol `rafft`'],
    [tinyTrace.replace('n1 election', 'n1 elektion'), '11:15', 'tiny.scenario.yaml:6:13: `n1` has no timer `elektion`'],
    [tinyTrace.replace('seed 3', 'seed 3\nuntil Nothing'), '4:7', 'raft has no event `Nothing`'],
    [tinyTrace.replace('\nstart\n', '\n'), '', 'a run begins with one line `start`'],
    [tinyTrace.replace('s fire n1 election', 's fire n1'), `${lineOf('0.000000s fire n1 election')}:1`, 'this is `0.000000s fire n1 (step 0)`, but an action is expected here'],
    [tinyTrace.replace('  send n1', '  sends n1'), `${lineOf('  send n1')}:3`, 'an effect begins with one of lost, refused:, event'],
    [tinyTrace.slice(0, -30), '', 'but an action is expected here'],
    [tinyTrace.slice(0, tinyTrace.indexOf('\nend ') + 1), `${tinyTrace.split('\n').length - 2}:1`, 'the trace is cut off: its last line must be `end`'],
    [tinyTrace.replace(/\n0\.001000s deliver n1->n2#1\n( {2}.*\n)*/, '\n'), '', 'lines are missing, so record it again'],
    [`${tinyTrace}start\n`, `${tinyTrace.split('\n').length}:1`, 'the trace continues after its `end` line'],
    [tinyTrace.replace('0.001000s deliver', '9.001000s deliver'), '', 'this action is earlier than the one above it'],
    [tinyTrace.replace('(step 3)', '(step 4)'), `${lineOf('(step 3)')}:1`, 'step 4 of the scenario does not exist: it has 4 steps, counted from 0'],
    [pingTrace.replace('file pinging.ts\n', 'file pining.ts\n'), '', 'the trace has no section `file '],
    [pingTrace.replace('node.state.count++;', 'node.state.count++ ++;'), '', 'pinging.ts:'],
    [pingTrace.replace("name: 'pinging'", 'nam: 1'), '', 'pinging.ts:'],
  ];
  const named = cases.map(([trace, place, message]) => [message, place, trace] as const);
  test.each(named)('%s', async (message, place, trace) => {
    const { code, out, error } = await replay(trace);
    expect(error).toContain(`x.trace:${place}`);
    expect(error).toMatch(/^x\.trace:\d+:\d+: /);
    expect(error).toContain(message);
    expect([code, out]).toEqual([2, '']);
  });

  test('never ends with an internal error, whatever the damage', async () => {
    const traces = fc.constantFrom(tinyTrace, pingTrace);
    const garbage = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\n', '  ', '\0', '#', ' ', '9'.repeat(400), '->', '{', '"'),
      fc.constantFrom(' (step 0)', ' (step 1)', ' (step 3)', ' (step 4)', '\n0.0s crash n1 (step 1)'),
      fc.constantFrom('\n0.000000s crash n1 (step 1)', '\n0.000000s resume n3 (step 3)'),
      fc.constantFrom('\nend 3 0123456789abcdef', '\n0.000000s network loss=NaN%', '\nstart'),
      fc.constantFrom('\n0.000000s n1 put {"__proto__":{"x":1}}', '\n0.000000s a ask [1]'),
    );
    const damage = fc.tuple(traces, fc.nat(), fc.oneof(fc.nat(40), fc.nat(2_000)), garbage);
    await fc.assert(
      fc.asyncProperty(damage, async ([trace, place, length, put]) => {
        const at = place % trace.length;
        const { code } = await replay(trace.slice(0, at) + put + trace.slice(at + length));
        expect([0, 1, 2]).toContain(code);
      }),
      { numRuns: Number(process.env.LOCKSTEP_SEEDS ?? 200), seed: 1 },
    );
  });
});

test('an action that no scenario would take is a difference at most', async () => {
  const head = tinyTrace.slice(0, tinyTrace.indexOf('\n0.000000s ') + 1);
  const actions = [
    ...['crash n1', 'restart n1', 'pause n1', 'resume n1', 'clock n1 jump -1h', 'heal', 'crash n7'],
    ...['cut n1 -> n1', 'network loss=100%', 'partition n1 | n1', 'fire n1 election', 'n1 put {}'],
    ...['client put {"key":{"a":[]}}', 'client nothing {}', 'client put {} on waking', 'drop n1->n2#1'],
    ...['network latency=1h..1000000h', 'pause n1 for 2000000h', 'clock n1 drift -999999ppm'],
  ];
  for (const action of actions) {
    for (const step of ['', ' (step 0)', ' (step 1)', ' (step 2)', ' (step 3)']) {
      const trace = `${head}0.000000s ${action}${step}\nend 1 0123456789abcdef\n`;
      expect((await replay(trace)).code, `${action}${step}`).toBe(1);
    }
  }
});

const samples = fileURLToPath(new URL('../../samples/', import.meta.url));
const scenarios = readdirSync(samples, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.scenario.yaml'))
  .map((name) => name.replaceAll('\\', '/'))
  .sort();

test.each(scenarios)('%s: its trace runs again without a difference', async (name) => {
  const shell = new Shell(
    new Proxy({} as Record<string, string>, {
      get: (_, file: string) => readFileSync(join(samples, file), 'utf8'),
    }),
  );
  expect(await replay(await traceOf(shell, name))).toMatchObject({ code: 0, error: '' });
});
