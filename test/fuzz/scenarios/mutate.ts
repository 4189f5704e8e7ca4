/** Scenarios changed at random: bytes, words, lines, or values of their YAML. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, stringify } from 'yaml';
import { root } from '../programs.ts';
import { Random } from '../random.ts';

export interface Sample {
  readonly file: string;
  readonly text: string;
}

let read: Sample[] | undefined;

/** The samples, the scenarios of tests, and more from the folder `LOCKSTEP_CONFORMANCE`. */
export function corpus(): readonly Sample[] {
  return (read ??= [
    path.join(root, 'samples'),
    path.join(root, 'test/dap/scenarios'),
    ...(process.env.LOCKSTEP_CONFORMANCE ? [process.env.LOCKSTEP_CONFORMANCE] : []),
  ].flatMap(scenariosIn));
}

function scenariosIn(folder: string): Sample[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.scenario.yaml'))
    .sort()
    .map((name) => path.join(folder, name))
    .map((file) => ({ file, text: readFileSync(file, 'utf8') }));
}

export function mutated(seed: number): Sample {
  const random = new Random(seed);
  const { file, text } = random.pick(corpus());
  const kinds = [bytes, words, words, lines, numbers, numbers, numbers, values, values];
  let changed = text;
  for (let left = random.pick([1, 1, 1, 2, 3, 4]); left > 0; left--) {
    changed = random.pick(kinds)(changed, random);
  }
  return { file, text: changed };
}

type Mutation = (text: string, random: Random) => string;

const pieces = [
  ...['\t', '\r', '\u0000', '\u2028', '\ufeff', '🙂', '\ud800', ' ', '\n', '- ', ': ', '# ', '"'],
  ...["'", '`', '{', '}', '[', ']', '&a ', '*a', '!!str ', '!x ', '<<: ', '| ', '> ', '? ', '---\n'],
  ...['%', '@', '~', ',', '|', '->', '..', '=', '(', ')', '\\', '$', '0', '-', '.', 'é', '…'],
];

const bytes: Mutation = (text, random) => {
  const at = random.below(text.length + 1);
  const cut = random.weighted([
    [4, 0],
    [3, 1],
    [1, random.below(30)],
  ]);
  const times = random.chance(0.05) ? 200 : 1;
  const put = random.chance(0.75) ? random.pick(pieces).repeat(times) : '';
  return text.slice(0, at) + put + text.slice(at + cut);
};

const dictionary = [
  ...['n1', 'n2', 'n9', 'client', 'the', 'leader', 'put', 'get', 'crash', 'restart', 'wait', 'until'],
  ...['after', 'when', 'at', 'where', 'within', 'for', 'by', 'on', 'answers', 'fails', 'start', 'others'],
  ...['0s', '-1s', '1us', '0.5us', '1e9s', '99999999999h', '9007199254740993s', '0s..0s', '5s..1s'],
  ...['0%', '100%', '101%', '-5%', '1e3%', '0', '-1', '1.5', '1e308', '1e999', '.nan', '.inf', '0x10'],
  ...['null', 'true', '[]', '{}', '""', '__proto__', 'constructor', 'toString', 'hasOwnProperty', '*'],
  ...['always:', 'never:', 'eventually:', 'end:', 'event', 'no', 'nodes', 'time', 'n1.state', 'size()'],
  ...['nodes.all(n, n.up)', '1 / 0', 'nodes[99]', 'LeaderElected', 'n1->n2', 'n1->n2#3', '|', '->'],
  ...['partition', 'heal', 'cut', 'clock', 'drift', 'jump', 'offset', 'network', 'latency=0s', 'drop'],
  ...['loss=100%', 'duplicate', 'delay', 'deliver', 'fire', 'pause', 'resume', 'election', 'ttl=0s'],
  ...['999999999999999999999', '-0', '1ppm', '1e9ppm', '-1e9ppm', '2000000ppm', 'n1..n999', 'n5..n1'],
];

/** One word is replaced, doubled, removed, or swapped with another of the file. */
const words: Mutation = (text, random) => {
  const found = [...text.matchAll(/[^\s{}[\],]+/g)];
  if (found.length === 0) return text;
  const { 0: word, index } = random.pick(found);
  const other = random.chance(0.6) ? random.pick(dictionary) : random.pick(found)[0];
  const put = random.pick([other, other, other, '', `${word} ${other}`, word + word]);
  return text.slice(0, index) + put + text.slice(index + word.length);
};

const plausible: Readonly<Record<string, readonly string[]>> = {
  '': ['0', '1', '2', '3', '5', '7', '9', '50', '1000', '-1', '0.5', '2147483648'],
  '%': ['0%', '1%', '50%', '99%', '100%'],
  s: ['0s', '1us', '1ms', '100ms', '1s', '10s', '1m', '1h', '1000h', '-1s', '0.001s'],
};

/** A number or a duration is replaced by another one: most of these still check clean. */
const numbers: Mutation = (text, random) => {
  const found = [...text.matchAll(/(?<![\w.#])\d+(?:\.\d+)?(%|us|ms|s|m|h)?(?!\w)/g)];
  if (found.length === 0) return lines(text, random);
  const { 0: number, 1: unit = '', index } = random.pick(found);
  const put = random.pick(plausible[unit === '' || unit === '%' ? unit : 's']);
  return text.slice(0, index) + put + text.slice(index + number.length);
};

const lines: Mutation = (text, random) => {
  const all = text.split('\n');
  const at = random.below(all.length);
  const line = all[at];
  const foreign = random.pick(random.pick(corpus()).text.split('\n'));
  const changed = random.pick<readonly string[]>([
    [],
    [line, line],
    [line, foreign],
    [foreign],
    [`  ${line}`],
    [line.trimStart()],
    [`${line} ${foreign.trim()}`],
    [random.pick(['- ', '  - ', 'x: ', '? ', '# ']) + line],
  ]);
  return [...all.slice(0, at), ...changed, ...all.slice(at + 1)].join('\n');
};

const nastyYaml: readonly unknown[] = [
  ...[null, true, 0, -1, 1.5, 1e308, Infinity, NaN, '', ' ', '0s', '-1s', '0s..0s', '1us', '100%'],
  ...[[], {}, [null], [[]], [{}], { a: 1 }, { __proto__x: 1 }, 'x'.repeat(3_000), '🙂', '\u0000'],
  ...['99999999999h', '1e9s', 'constructor', '__proto__', 'toString', 'n1..n3', 'n1..n500', 'replica'],
  ...['wait 99999999h', 'wait until true', 'always: 1', 'event X', 'crash n1', 'network latency=0s'],
  ...[{ always: 'true', never: 'true' }, { always: 1 }, { event: 'x' }, ['crash n1', 7, null, ['x']]],
  ...[{ latency: '0s', loss: '100%', duplicate: '100%' }, { role: 'replica', clock: { drift: '1e9ppm' } }],
];

const fields = [
  ...['title', 'protocol', 'nodes', 'network', 'seed', 'steps', 'expect', 'until', 'breakOn', 'settle'],
  ...['options', 'latency', 'loss', 'duplicate', 'reorder', 'role', 'clock', 'offset', 'drift', 'x'],
  ...['electionTimeout', 'heartbeatInterval', 'maxEntriesPerAppend', '__proto__', 'n1', 'client'],
];

/** One value of the parsed file is replaced, removed, doubled or renamed; comments are lost. */
const values: Mutation = (text, random) => {
  let value: unknown;
  try {
    value = parse(text, { logLevel: 'silent', maxAliasCount: 20 });
  } catch {
    return bytes(text, random);
  }
  if (typeof value !== 'object' || value === null) return words(text, random);
  try {
    return stringify(changedInside(value, random), { lineWidth: 0 });
  } catch {
    return bytes(text, random);
  }
};

function changedInside(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && random.chance(0.8)) {
    const at = random.below(value.length);
    const [item] = value.slice(at) as unknown[];
    if (random.chance(0.25)) return value.filter((_, index) => index !== at);
    if (random.chance(0.2)) return [...(value as unknown[]), item, random.pick(nastyYaml)];
    return value.with(at, changedInside(item, random));
  }
  if (typeof value === 'object' && value !== null && Object.keys(value).length > 0) {
    if (Array.isArray(value) || random.chance(0.08)) return random.pick(nastyYaml);
    const entries = Object.entries(value);
    const at = random.below(entries.length);
    const [key, part] = entries[at];
    const changed: [string, unknown] = random.weighted<[string, unknown]>([
      [8, [key, changedInside(part, random)]],
      [2, [random.pick(fields), part]],
      [2, [key, random.pick(nastyYaml)]],
    ]);
    const extra: [string, unknown][] = random.chance(0.2)
      ? [[random.pick(fields), random.pick(nastyYaml)]]
      : [];
    const rest = entries.map((entry, index) => (index === at ? changed : entry));
    return new Map([...(random.chance(0.1) ? rest.filter((_, i) => i !== at) : rest), ...extra]);
  }
  if (typeof value === 'string' && random.chance(0.6)) return words(value, random);
  return random.pick(nastyYaml);
}
