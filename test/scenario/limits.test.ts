// The limits of scenario files: no file takes forever, and the problem names the limit and its place.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';
import { protocolReference } from '../../src/scenario/parse/protocol-reference.ts';
import { expectGolden } from '../golden.ts';
import { WorkCounter } from './work.ts';

const head = 'protocol: raft\nnodes: { n1..n3: replica, client: client }\n';
const numbered = (count: number, line: (i: number) => string) =>
  Array.from({ length: count }, (_item, i) => line(i)).join('');

/** Files of any size that once took minutes, or take a parser of YAML to its limits. */
const files: Record<string, (size: number) => string> = {
  'explicit keys': (size) => `title: ${'? '.repeat(size)}`,
  'explicit keys as a protocol': (size) => `protocol: ${'? '.repeat(size)}`,
  'keys': (size) => numbered(size, (i) => `k${i}: 1\n`),
  'keys in braces': (size) => `{${numbered(size, (i) => `k${i}: 1, `)}}`,
  'list items': (size) => `${head}steps:\n${'  - "crash n1"\n'.repeat(size)}`,
  'steps': (size) => `${head}steps:\n${numbered(size, (i) => `  - crush n${i}\n`)}`,
  'one long step': (size) => `${head}steps:\n  - crash ${'n1 '.repeat(size)}\n`,
  'nested lists in one line': (size) => '- '.repeat(size),
  'nested lists': (size) => numbered(Math.min(size, 2_000), (i) => `${' '.repeat(i)}a:\n`),
  'nested brackets': (size) => `nodes: ${'['.repeat(size)}`,
  'nested braces': (size) => `nodes: ${'{ a: '.repeat(size)}`,
  'anchors': (size) => numbered(size, (i) => `- &a${i} x\n`),
  'anchors of one value': (size) => '&a '.repeat(size),
  'aliases': (size) => `- &a x\n${'- *a\n'.repeat(size)}`,
  'tags': (size) => '!a '.repeat(size),
  'quotes': (size) => `title: "${'"'.repeat(size)}`,
  'a quoted string of many lines': (size) => `title: "${'a\n '.repeat(size)}"`,
  'a plain string of many lines': (size) => `title: ${'a\n '.repeat(size)}`,
  'a block of many lines': (size) => `title: |\n${' a\n'.repeat(size)}`,
  'one long word': (size) => 'a'.repeat(size),
  'commas': (size) => `[${','.repeat(size)}`,
  'colons': (size) => `title${': '.repeat(size)}`,
  'empty lines': (size) => `title: x\n${'\n'.repeat(size)}`,
  'comments': (size) => `title:\n${'  # a\n'.repeat(size)}`,
  'documents': (size) => '---\n'.repeat(size),
  'directives': (size) => '%YAML 1.2\n'.repeat(size),
  'spaces in an expectation': (size) =>
    `${head}expect:\n  - always:${' '.repeat(size)}n1.up\n      && n1.up\n`,
  'ranges of nodes': (size) => {
    const ranges = numbered(size, (i) => `  n${i}_1..n${i}_99: replica\n`);
    return `protocol: raft\nnodes:\n${ranges}`;
  },
  'a range of long names': (size) =>
    `protocol: raft\nnodes: { n${'1'.repeat(size)}..n${'1'.repeat(size)}x: replica }\n`,
  'lines that begin with protocol': (size) => 'protocol\n'.repeat(size),
};

const shown: string[] = [];

// A test for each file, so that the test runner can report between them.
test.each(Object.entries(files))('%s: a file of any size ends soon', (name, file) => {
  const read = (size: number) => {
    const source = file(size);
    protocolReference(source);
    return parseScenario(source, 'x', library).problems;
  };
  read(600);
  const [{ line, column, code, message }] = read(120_000);
  shown.push(`${name}\n    ${line}:${column} [${code}] ${message}`);
}, 60_000);

test('the problem names the limit and the place', () => {
  expectGolden(import.meta.url, 'limits', shown.join('\n'));
});

describe('the work grows with the size', () => {
  let counter: WorkCounter;
  beforeAll(() => void (counter = new WorkCounter()));
  afterAll(() => counter.stop());

  test.each(Object.entries(files))('%s', (_name, file) => {
    const work = (size: number) =>
      counter.workOf(() => {
        const source = file(size);
        protocolReference(source);
        parseScenario(source, 'x', library);
      });
    work(100);
    expect(work(1_600) / work(800)).toBeLessThan(2.5);
  }, 60_000);
});

test('a long list of quoted steps and duplicate keys are read as before', () => {
  const quoted = files['list items'](15_000);
  expect(parseScenario(quoted, 'x', library).scenario?.steps).toHaveLength(15_000);
  const twice = `${head}seed: 1\nnetwork: { loss: 5%, loss: 6% }\nseed: 2\n`;
  const { problems } = parseScenario(twice, 'x', library);
  expect(problems.map(({ code, line, column }) => [code, line, column])).toEqual([
    ['duplicate-key', 4, 22],
    ['duplicate-key', 5, 1],
  ]);
});

test('a cluster has at most 128 nodes', () => {
  const problems = (nodes: string) =>
    parseScenario(`protocol: raft\nnodes: { ${nodes} }\n`, 'x', library).problems.map(({ code }) => code);
  expect(problems('n1..n128: replica')).toEqual([]);
  expect(problems('n1..n100: replica, c1..c28: client')).toEqual([]);
  expect(problems('n1..n100: replica, c1..c29: client')).toEqual(['too-many-nodes']);
  expect(problems('n1..n129: replica')).toContain('bad-node-range');
});
