// `lockstep history`: formats, verdicts, exit codes and what it refuses.
import { expect, test } from 'vitest';
import { historyText } from '../../src/check/history/export.ts';
import { Shell } from './shell.ts';

const stale = `INFO  jepsen.util - 0 :invoke :write 1
INFO  jepsen.util - 0 :ok :write 1
INFO  jepsen.util - 1	:invoke	:read	nil
INFO  jepsen.util - 1	:ok	:read	nil
`;
/** A failed cas: in a log it saw another value, in EDN it did not happen. */
const failedCas = `0 :invoke :write 1
0 :ok :write 1
1 :invoke :cas [1 2]
1 :fail :cas [1 2]
`;
const asEdn = (log: string) =>
  log.replaceAll(/^(\d) :(\w+) :(\w+) (.*)$/gm, '{:process $1 :type :$2 :f :$3 :value $4}');

async function verdict(text: string, ...more: string[]) {
  const shell = new Shell({ 'a.log': text });
  return shell.run('history', 'a.log', ...(more.length === 0 ? ['--model', 'linearizable'] : more));
}

test('a violated model prints its witness before the last line', async () => {
  const { code, out } = await verdict(stale);
  expect(code).toBe(1);
  expect(out).toMatchInlineSnapshot(`
    "There is no order of these operations:
      ├─┤        process 0: write 1 → ok
          ├─┤    process 1: read → null
    The longest order that is possible has one operation:
      process 0: write 1 → ok
    After them the state is 1, and none of these is possible next:
      process 1: read → null
    linearizable: violated
    "
  `);
});

test('a model that holds prints one line', async () => {
  expect(await verdict(stale, '--model', 'sequential')).toEqual({
    code: 0,
    out: 'sequential: holds\n',
    error: '',
  });
});

test('all models have one line each', async () => {
  const { code, out } = await verdict(stale, '--model', 'all');
  expect(code).toBe(1);
  expect(out).toMatchInlineSnapshot(`
    "linearizable: violated
    sequential: holds
    causal-memory: holds
    causal-convergent: holds
    PRAM: holds
    coherent: holds
    read-your-writes: holds
    monotonic-reads: holds
    monotonic-writes: holds
    writes-follow-reads: holds
    eventual: holds
    "
  `);
});

test('what is not decided within the limits is unknown', async () => {
  const { code, out } = await verdict(stale, '--model', 'linearizable', '--steps', '1');
  expect(code).toBe(3);
  expect(out).toBe(
    'The check was ended after 1 steps: give it a larger --steps to go on.\nlinearizable: unknown\n',
  );
});

test('a model that is not defined for the operations is unknown', async () => {
  const { code, out } = await verdict(failedCas, '--model', 'causal-memory');
  expect(code).toBe(3);
  expect(out).toContain('defined for reads and writes only');
});

test('a failed compare-and-set is an observation in a log only', async () => {
  expect((await verdict(failedCas)).code).toBe(1);
  expect((await verdict(asEdn(failedCas))).code).toBe(0);
});

test('a crashed compare-and-set may never take effect', async () => {
  const crashed = `0 :invoke :write 1\n0 :ok :write 1\n1 :invoke :cas [1 2]\n1 :info :cas :timed-out\n`;
  expect((await verdict(`${crashed}0 :invoke :read nil\n0 :ok :read 1\n`)).code).toBe(0);
  expect((await verdict(`${crashed}0 :invoke :read nil\n0 :ok :read 2\n`)).code).toBe(0);
  expect((await verdict(`${crashed}0 :invoke :read nil\n0 :ok :read 3\n`)).code).toBe(1);
});

test('Porcupine and JSON lines are recognized, with missing keys of their own', async () => {
  const kv = '{:process 0, :type :invoke, :f :get, :key "a", :value nil}\n{:process 0, :type :ok, :f :get, :key "a", :value ""}\n';
  expect((await verdict(kv)).code).toBe(0);
  const lines = [
    { process: 'a', type: 'invoke', f: 'put', key: 'x', value: 1 },
    { process: 'a', type: 'ok', f: 'put', key: 'x', value: 1 },
    { process: 'b', type: 'invoke', f: 'get', key: 'x', value: null },
    { process: 'b', type: 'ok', f: 'get', key: 'x', value: null },
  ];
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  expect((await verdict(text)).code).toBe(1);
  expect((await verdict(text, '--format', 'jsonl', '--model', 'eventual')).code).toBe(0);
});

test('--json prints one object for each model', async () => {
  const { out } = await verdict(stale, '--model', 'linearizable', '--json');
  expect(JSON.parse(out)).toMatchObject({
    model: 'linearizable',
    verdict: 'violated',
    specification: 'register',
    witness: { code: 'no-order', blocked: [1] },
  });
});

test.each<[string, string]>([
  ['0 :invoke :read nil\nnonsense\n', 'a.log:2:1: expected `PROCESS :invoke|:ok|:fail|:info'],
  ['0 :invoke :read nil\n1 :ok :read nil\n', 'a.log:2:1: process 1 has a response to read'],
  ['0 :invoke :read nil\n0 :invoke :read nil\n', 'a.log:2:1: process 0 invokes read while its read'],
  ['0 :invoke :cas 3\n', 'a.log:1:1: a cas needs two values'],
  ['[{:process 0, :type :invoke,\n :f :read', 'a.log:1:2: this `{` has no `}`'],
  ['{:process 0, :type :begin, :f :read}', 'a.log:1:20: :type must be invoke, ok, fail or info'],
  ['{"process": 0, "type": "invoke"}\n', 'a.log:1:1: "f" is missing'],
  ['{"process": 0,\n', 'a.log:1:'],
  ['0 :invoke :jump nil\n', 'no specification has all of these operations: jump'],
  ['0 :invoke :read nil\n\0\x1b]0;title\x07', 'a.log:2:1: this file is not text in UTF-8'],
])('%j is refused with its place', async (text, message) => {
  const { code, error } = await verdict(text);
  expect(error).toContain(message);
  expect(code).toBe(2);
});

test.each<[string[], string]>([
  [[], '--model is missing'],
  [['--model', 'linear'], 'there is no consistency model `linear`'],
  [['--model', 'all', '--format', 'xml'], 'there is no format of histories `xml`'],
  [['--model', 'all', '--specification', 'queue'], 'has no operation `write`'],
  [['--model', 'all', '--steps', '0'], '--steps must be a positive integer'],
  [['--model', 'all', '--initial', 'x'], '--initial must be JSON'],
  [['--model', 'all', '--svg', 'a.svg'], '--svg draws the witness of one model'],
  [['--model', 'sequential', '--svg', 'a.png'], 'must end in .svg, not `a.png`'],
])('%j is refused', async (options, message) => {
  const { code, error } = await verdict(stale, ...(options.length === 0 ? ['--json'] : options));
  expect(error).toContain(message);
  expect(code).toBe(2);
});

test('--svg draws the witness into a file that is complete by itself', async () => {
  const shell = new Shell({ 'a.log': stale });
  const { code, out } = await shell.run(
    'history', 'a.log', '--model', 'linearizable', '--svg', 'why.svg',
  );
  expect(code).toBe(1);
  expect(out).toMatch(/\nlinearizable: violated\n$/);
  const picture = shell.files['why.svg'];
  expect(picture).toContain('<title id="title">Why the history is not linearizable</title>');
  expect(picture).toContain('>process 1: read → null</text>');
  expect(picture).toContain('>real time</text>');
  expect(picture).toContain('process 1: read → null (cannot come next)');
});

test('--svg writes nothing for a model that holds, and says so', async () => {
  const shell = new Shell({ 'a.log': stale });
  const { code, out, error } = await shell.run(
    'history', 'a.log', '--model', 'sequential', '--svg', 'why.svg',
  );
  expect([code, out]).toEqual([0, 'sequential: holds\n']);
  expect(error).toContain('sequential holds, so there is no witness: why.svg was not written');
  expect(shell.files).not.toHaveProperty('why.svg');
});

test('--svg that cannot be written is a problem of the input', async () => {
  const write = () => {
    throw new Error('EACCES: permission denied');
  };
  const shell = new Shell({ 'a.log': stale }, { write });
  const { code, error } = await shell.run(
    'history', 'a.log', '--model', 'linearizable', '--svg', 'why.svg',
  );
  expect([code, error]).toEqual([2, 'lockstep: --svg: why.svg cannot be written: EACCES: permission denied\n']);
});

test('--view prints what the editor shows, also of a wrong file', async () => {
  const shell = new Shell({ 'a.log': stale, 'b.log': 'nonsense\n' });
  const lines = (text: string) => text.trim().split('\n').map((line) => JSON.parse(line));
  const { code, out } = await shell.run('history', 'a.log', '--view');
  expect(code).toBe(0);
  expect(lines(out)).toMatchObject([
    { type: 'read', format: 'jepsen-log' },
    { type: 'verdict', verdict: { model: 'linearizable', type: 'violated' } },
    ...Array.from({ length: 10 }, () => ({ type: 'verdict', verdict: { type: 'holds' } })),
  ]);
  expect(lines((await shell.run('history', 'b.log', '--view')).out)).toMatchObject([
    { type: 'problem', problem: { line: 1, column: 1 } },
  ]);
});

test('an exported history names its run, from its own folder', async () => {
  const scenario = 'protocol: raft\nnodes: { n1..n3: replica, c1: client }\nsteps:\n  - c1 put x 1\n';
  for (const [file, from] of [['a.edn', 'x/y.scenario.yaml'], ['x/a.jsonl', 'y.scenario.yaml'], ['z/a.jsonl', '../x/y.scenario.yaml']]) {
    const shell = new Shell({ 'x/y.scenario.yaml': scenario });
    await shell.run('run', 'x/y.scenario.yaml', '--seed', '7', '--history', file, '--quiet');
    const { out } = await shell.run('history', file, '--view');
    const [read] = out.split('\n').map((line) => JSON.parse(line || 'null'));
    expect(read.origin).toEqual({ scenario: from, seed: 7 });
    const [operation] = read.view.operations;
    expect(operation.invokedStep).toBeGreaterThan(0);
    expect(operation.endedStep).toBeGreaterThan(operation.invokedStep);
  }
});

/** A terminal obeys these: they must not reach it. */
const obeyed = /(?!\n)\p{Cc}/u;

test('the bytes of a file never reach the terminal as they are', async () => {
  const wrong = await verdict('0 :invoke :read nil\n\x1b[2J\x9b31m nonsense\n');
  expect(wrong.error).not.toMatch(obeyed);
  expect(wrong.error).toContain('\\u001b[2J\\u009b31m nonsense');
  const process = '\x1b[31mred\x9b';
  const lines = [['invoke', null], ['ok', 7]].map(([type, value]) => {
    return JSON.stringify({ process, type, f: 'read', value });
  });
  const violated = await verdict(lines.join('\n'));
  expect(violated.out).toMatch(/\nlinearizable: violated\n$/);
  expect(violated.out).toContain('process \\u001b[31mred\\u009b: read → 7');
  expect(violated.out).not.toMatch(obeyed);
});

test.each<[string, string]>([
  ['ENOENT', 'there is no such file'],
  ['EISDIR', 'this is a folder, and a file is expected'],
  ['ENOTDIR', 'there is no such file'],
  ['EACCES', 'this file may not be read: change its permissions'],
])('a file that cannot be read is refused in words: %s', async (code, message) => {
  const read = () => {
    throw Object.assign(new Error(`${code}: raw, open 'a.edn'`), { code });
  };
  for (const options of [['--model', 'all'], ['--view']]) {
    const printed = await new Shell({}, { read }).run('history', 'a.edn', ...options);
    expect(printed).toEqual({ code: 2, out: '', error: `lockstep: a.edn:1:1: ${message}\n` });
  }
});

test.each([
  ['an exported history without operations', historyText([], 'edn')],
  ['JSON lines without operations', historyText([], 'jsonl')],
  ['an empty list', '[]\n'],
  ['comments', '; The client of this run did nothing.\n; a b c\n'],
  ['a comment without the end of its line', '; nothing'],
])('%s holds, and it is said why', async (_, text) => {
  expect(await verdict(text, '--model', 'linearizable')).toEqual({
    code: 0,
    out: 'linearizable: holds\n',
    error: 'lockstep: a.log has no operations, so it violates no model\n',
  });
  const { code, out } = await verdict(text, '--model', 'all');
  expect(code).toBe(0);
  expect(out).toMatch(/^(\S+: holds\n)+$/);
  const [read] = (await verdict(text, '--view')).out.split('\n');
  expect(JSON.parse(read)).toMatchObject({ type: 'read', format: 'edn', view: { operations: [] } });
});

test('all models: the anomalies are named beside the one line of each', async () => {
  const sale = (process: number, left: number, type: string, stock: string) =>
    `{:process ${process}, :type :${type}, :f :txn, :value [[:r :stock ${stock}] [:w :stock ${left}]]}`;
  const text = [
    '{:process 0, :type :invoke, :f :txn, :value [[:w :stock 5]]}',
    '{:process 0, :type :ok, :f :txn, :value [[:w :stock 5]]}',
    sale(1, 4, 'invoke', 'nil'), sale(2, 3, 'invoke', 'nil'), sale(1, 4, 'ok', '5'), sale(2, 3, 'ok', '5'),
    '',
  ].join('\n');
  const { out, error } = await verdict(text, '--model', 'all');
  expect(out).toMatch(/^(\S+: (holds|violated|unknown)\n)+$/);
  expect(out).toContain('snapshot-isolation: violated\n');
  expect(error).toMatch(/^lockstep: snapshot-isolation: .*lost update.*T2 → T3/m);
  expect(error.match(/\n/g)?.length).toBe(out.match(/: violated\n/g)?.length);
});

test('help says what --initial means for transactions', async () => {
  const { out } = await new Shell().run('help', 'history');
  const told = out.replaceAll(/\s+/g, ' ');
  expect(told).toContain('of transactions: one value for all registers, while lists start empty, or an object');
  const text = '{:process 0, :type :invoke, :f :txn, :value [[:r :x nil] [:r :y nil]]}\n'
    + '{:process 0, :type :ok, :f :txn, :value [[:r :x 0] [:r :y 5]]}\n';
  const initial = (value: string) => verdict(text, '--model', 'serializable', '--initial', value);
  expect((await initial('{"x": 0, "y": 5}')).code).toBe(0);
  expect((await initial('0')).code).toBe(1);
});
