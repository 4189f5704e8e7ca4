/** The corners of the formats of histories: each is read rightly, or refused with its place. */
import { describe, expect, test } from 'vitest';
import { historyFormats, readHistory, type RecordedHistory } from '../../../src/check/formats/read-history.ts';
import { Shell } from '../../cli/shell.ts';

function read(text: string, name?: string): RecordedHistory {
  const history = readHistory(text, historyFormats.find((one) => one.name === name));
  if ('problem' in history) throw new Error(JSON.stringify(history.problem));
  return history;
}

function problem(text: string, name?: string): string {
  const history = readHistory(text, historyFormats.find((one) => one.name === name));
  if (!('problem' in history)) return 'no problem';
  const { line, column, message } = history.problem;
  return `${line}:${column}: ${message}`;
}

const values = (text: string, name?: string) =>
  read(text, name).history.map(({ name: f, args, result }) => [f, args.value ?? null, result ?? null]);

/** One write of a value, in EDN. */
const write = (value: string) =>
  `{:process 0, :type :invoke, :f :write, :value ${value}}\n{:process 0, :type :ok, :f :write, :value ${value}}\n`;

describe('EDN', () => {
  test.each<[string, unknown]>([
    ['nil', null], ['true', true], ['-7', -7], ['1.50', 1.5], ['2M', 2], ['12N', 12],
    ['9007199254740993', '9007199254740993'], ['9007199254740993N', '9007199254740993'],
    ['1/2', '1/2'], ['"a\\n\\u0041"', 'a\nA'], ['"two\r\nlines"', 'two\r\nlines'],
    [':a', 'a'], [':a.b/c', 'a.b/c'], ['::a/b', 'a/b'], ['foo-bar', 'foo-bar'], ['\\a', '\\a'],
    ['\\newline', '\\newline'], ['[\\( 1]', ['\\(', 1]], ['[]', []], ['#{1}', [1]], ['(1 2)', [1, 2]],
    ['#inst "2020"', '2020'], ['#object[java.lang.Object 0x1f "x"]', ['java.lang.Object', '0x1f', 'x']],
    ['#_ 1 2', 2], ['#_ #_ 1 2 3', 3], ['; comment\n 4', 4], ['{:a 1, "b" 2}', { a: 1, b: 2 }],
    ['{:__proto__ 1}', JSON.parse('{"__proto__":1}')],
  ])('%s is a value', (text, value) => {
    expect(values(write(text), 'edn')[0]![1]).toEqual(value);
  });

  test.each<[string, string]>([
    ['##NaN', '1:47: `##NaN` is not supported'],
    ['#:a{:b 1}', '1:47: `#:a` is not supported'],
    ['^{:a 1} [1]', '1:47: `^` is not a value: write nil, true, a number'],
    ['12ab', '1:47: `12ab` is not a value'],
    ['1e999', '1:47: `1e999` is not a value'],
    ['[1 2', '1:51: unexpected `}`'],
    ['[1 2)', '1:51: unexpected `)`'],
    ['{:a}', '1:48: this map has a key without a value'],
    ['{:a 1 :a 2}', '1:53: this map has the key a twice'],
    ['"\\q"', '1:47: this string has an escape that is not supported'],
    ['#a '.repeat(300), 'this value is nested too deeply'],
    ['#_ '.repeat(100_000), 'this value is nested too deeply'],
    ['['.repeat(100_000), 'this value is nested too deeply'],
  ])('a value that is not supported is refused where it is: %#', (text, message) => {
    expect(problem(write(text), 'edn')).toContain(message);
  });

  test('what has no end is refused where it begins', () => {
    expect(problem('{:value "open', 'edn')).toBe('1:9: this string has no closing `"`');
    expect(problem('{:value [1 2', 'edn')).toBe('1:9: this `[` has no `]`');
  });

  test('large integers that differ in the last digit are different', async () => {
    const text = `${write('9007199254740993')}{:process 1 :type :invoke :f :read :value nil}
{:process 1 :type :ok :f :read :value 9007199254740992}`;
    const shell = new Shell({ 'a.edn': text });
    expect((await shell.run('history', 'a.edn', '-m', 'linearizable')).out).toContain('violated');
  });

  test('a history may be one list, tagged, with any white space', () => {
    const own = '\uFEFF[#jepsen.history.Op{:process 0\t:type :invoke :f :read :value nil}\r\n'
      + '{:process :nemesis :type :info :f :kill :value nil},,{:process 0 :type :ok :f :read :value 3}]\r\n';
    expect(values(own)).toEqual([['read', null, 3]]);
  });

  test('independent keys are the first of two values', () => {
    const text = `{:process 0 :type :invoke :f :read :value [x nil]}
{:process 0 :type :info :f :read :value nil}
{:process 1 :type :invoke :f :cas :value [y [1 2]]}
{:process 1 :type :ok :f :cas :value [y [1 2]]}`;
    const { history } = read(text);
    expect(history.map(({ args }) => args)).toEqual([{ key: 'x' }, { key: 'y', expected: 1, value: 2 }]);
    expect(history.map(({ outcome }) => outcome)).toEqual(['unknown', 'ok']);
  });

  test.each<[string, string]>([
    ['{:type :invoke :f :read}', '1:1: :process is missing: each event needs'],
    ['{:process nil :type :invoke :f :read}', '1:11: :process must be the number or the name of a client'],
    ['{:process 0 :type nil :f :read}', '1:19: :type must be invoke, ok, fail or info, not null'],
    ['{:process 0 :type :done :f :read}', '1:19: :type must be invoke, ok, fail or info, not "done"'],
    ['{:process 0 :type :ok :f nil}', '1:26: :f must be the name of an operation, not null'],
    ['{:process 0 :type :ok}', '1:1: :f is missing'],
    ['[1 2]', '1:2: expected a map'],
    ['{:process 0 :type :invoke :f :cas :value 1}', '1:1: a cas needs two values'],
    ['{:process 0 :type :invoke :f :txn :value [1]}', '1:1: a txn needs a list of reads and writes'],
    [`${write('1')}{:type :ok :f :read :value 1}`, '3:1: the process is missing'],
  ])('an event that lacks something is refused: %#', (text, message) => expect(problem(text, 'edn')).toContain(message));
});

describe('a history with responses only', () => {
  const verdicts = async (text: string) => {
    const { out, error } = await new Shell({ 'a.edn': text }).run('history', 'a.edn', '-m', 'all');
    return Object.fromEntries(`${out}${error}`.trim().split('\n').map((line) => line.split(': ')));
  };

  test('has transactions, as in the examples of Elle', async () => {
    const text = `{:process 0, :type :ok, :value [[:append :x 1] [:r :y [1]]]}
{:process 1, :type :ok, :value [[:append :x 2] [:append :y 1]]}
{:process 2, :type :ok, :value [[:r :x [1 2]]]}`;
    // T0 saw the append of T1 to y, but its own append to x is before that of T1.
    expect(await verdicts(text)).toMatchObject({ serializable: 'violated', 'strict-serializable': 'violated' });
  });

  test('is unknown to a model of real time that it does not violate', async () => {
    const text = '{:process 0 :type :ok :f :txn :value [[:append :x 1]]}\n{:process 1 :type :ok :f :txn :value [[:r :x [1]]]}';
    expect(await verdicts(text)).toMatchObject({
      serializable: 'holds', 'strong-session-serializable': 'holds', 'strict-serializable': 'unknown',
    });
    expect(await verdicts(text.replaceAll(/:process \d /g, ''))).toMatchObject({
      serializable: 'holds', 'strong-session-serializable': 'unknown', 'strict-serializable': 'unknown',
    });
  });

  test('keeps the order of each process, and that of real time as far as it is sure', async () => {
    const of = (process: number, f: string, value: number) => `{:process ${process} :type :ok :f :${f} :value ${value}}`;
    // The read of process 1 may have been invoked before the second write.
    const overlapping = [of(0, 'write', 1), of(0, 'write', 2), of(1, 'read', 1)].join('\n');
    expect(await verdicts(overlapping)).toMatchObject({ linearizable: 'unknown', sequential: 'holds' });
    // The second read of process 1 began after its first, and so after both writes.
    const sure = [of(0, 'write', 1), of(0, 'write', 2), of(1, 'read', 2), of(2, 'read', 2), of(1, 'read', 1)];
    expect(await verdicts(sure.join('\n'))).toMatchObject({ linearizable: 'violated' });
  });

  test('says what was not recorded', async () => {
    const shell = new Shell({ 'a.edn': '{:process 0 :type :ok :f :write :value 1}' });
    const { code, out } = await shell.run('history', 'a.edn', '-m', 'linearizable');
    expect([code, out]).toEqual([3, 'The history has no invocations, so which operations overlapped is '
      + 'not known: what it has does not violate this.\nlinearizable: unknown\n']);
  });
});

describe('pairs of invocation and response', () => {
  test.each<[string, string]>([
    ['0 :invoke :read nil\n0 :invoke :write 1\n', '2:1: process 0 invokes write while its read has no response: add'],
    ['0 :invoke :read nil\n0 :ok :read 1\n0 :ok :read 1\n', '3:1: process 0 has a response to read, which it did not invoke: add'],
    ['0 :invoke :read nil\n1 :info :read nil\n', '2:1: process 1 has a response to read, which it did not invoke'],
    ['0 :invoke :read nil\n0 :ok :write 1\n', '2:1: process 0 has a response to write, but it invoked read'],
  ])('a response or an invocation alone is refused: %#', (text, message) => expect(problem(text)).toContain(message));

  test('a process may invoke again after an unknown outcome', () => {
    const { history } = read('0 :invoke :write 1\n0 :info :write 1\n0 :invoke :read nil\n0 :ok :read 1\n');
    expect(history.map(({ outcome }) => outcome)).toEqual(['unknown', 'ok']);
  });
});

describe('logs', () => {
  test('may begin with a mark of byte order, have CRLF, tabs and comments, and any text of errors', () => {
    const text = '\uFEFF; recorded by hand\r\nINFO  jepsen.util - 0\t:invoke\t:write\t1\r\n'
      + '  0   :info  :write 1 java.net.SocketTimeoutException: Read ^timed) out\r\n';
    expect(read(text).history).toMatchObject([{ name: 'write', args: { value: 1 }, outcome: 'unknown' }]);
  });
});

describe('JSON lines', () => {
  test('may begin with a mark of byte order, have CRLF and empty lines', () => {
    const text = '\uFEFF{"process":"a","type":"invoke","f":"read","value":null}\r\n\r\n'
      + '{"process":"a","type":"ok","f":"read","value":12345678901234567}\r\n';
    expect(values(text)).toEqual([['read', null, '12345678901234567']]);
  });

  test.each<[string, string]>([
    ['{"process":1,"type":"invoke","f":"read"}\n{"process":1,\n', '2:'],
    ['// comment\n', '1:'],
    ['[1]', '1:1: expected a JSON object'],
    [`{"process":1,"type":"ok","f":"read","value":${'['.repeat(9_000)}${']'.repeat(9_000)}}`, '1:1: this value is nested too deeply'],
    ['{"process":1,"type":"maybe","f":"read"}', '1:14: "type" must be invoke, ok, fail or info'],
    ['{"process":{},"type":"invoke","f":"read"}', '1:2: "process" must be the number or the name'],
  ])('a line that is not an event is refused: %#', (text, message) => expect(problem(text, 'jsonl')).toContain(message));
});
