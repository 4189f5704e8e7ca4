// Arbitrary files and commands: parsing never throws, and problems have places that exist.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { library } from '../../src/protocols/library.ts';
import { raft } from '../../src/protocols/raft/raft.ts';
import { parseCommand } from '../../src/scenario/commands/command.ts';
import { Language } from '../../src/scenario/conditions/condition.ts';
import { takeStepLines } from '../../src/scenario/parse/step-lines.ts';
import { parseScenario } from '../../src/scenario/parse/parse.ts';

const folder = fileURLToPath(new URL('../../samples/raft/', import.meta.url));
const samples = readdirSync(folder)
  .filter((name) => name.endsWith('.scenario.yaml'))
  .map((name) => readFileSync(`${folder}${name}`, 'utf8'));

function checkPlaces(source: string): void {
  const { scenario, problems } = parseScenario(source, 'x', library);
  const lines = source.split('\n');
  expect(scenario !== undefined || problems.length > 0).toBe(true);
  for (const { line, column, endLine, endColumn } of problems) {
    expect(line).toBeGreaterThanOrEqual(1);
    expect(line).toBeLessThanOrEqual(lines.length);
    expect(column).toBeGreaterThanOrEqual(1);
    expect(column).toBeLessThanOrEqual(lines[line - 1].length + 1);
    expect(endLine).toBeLessThanOrEqual(lines.length);
    expect(endColumn).toBeLessThanOrEqual(lines[endLine - 1].length + 1);
    expect(endLine > line || (endLine === line && endColumn >= column)).toBe(true);
  }
}

const word = fc.constantFrom(
  ...'n1 n2 client put x 1 crash wait until LeaderElected at after where when : -> |'.split(' '),
  ...`" ' # the leader others for 2s within == && n1->n2 n1->n2#3 drop delay by network`.split(' '),
  ...'loss=5% on * [ ] ( ) { } key= answers fails answered event ? a?b:c'.split(' '),
  ...['- ', '\n', '  '],
);

test('any string', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 200 }), checkPlaces), {
    numRuns: 120,
  });
});

test('arbitrary pieces of YAML', () => {
  const yamlPart = fc.constantFrom(
    ...'{ } [ ] " \' | > n1 ~ % @ 0x1 &a *a !!str'.split(' '),
    ...['protocol: raft\n', 'nodes: ', 'steps:\n', '  - ', '- ', ': ', '\n', '? ', '---\n', '\t'],
    ...['network: { latency: 1ms }\n', 'expect:\n', 'until: ', 'breakOn: ', 'options:\n', 'seed: '],
    ...['&a ', '<<: ', '# x\n'],
  );
  const source = fc.array(yamlPart, { maxLength: 30 }).map((parts) => parts.join(''));
  fc.assert(fc.property(source, checkPlaces), { numRuns: 120 });
});

test('samples with a few characters changed', () => {
  const change = fc.tuple(fc.nat(), fc.nat(8), fc.oneof(word, fc.string({ maxLength: 4 })));
  const source = fc
    .tuple(fc.constantFrom(...samples), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([sample, changes]) =>
      changes.reduce((text, [at, cut, put]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + put + text.slice(place + cut);
      }, sample),
    );
  fc.assert(fc.property(source, checkPlaces), { numRuns: 120 });
});

const nodes = ['n1', 'n2', 'n3']
  .map((id) => ({ id, role: 'replica' }))
  .concat({ id: 'client', role: 'client' });
const context = { protocol: raft, nodes, language: new Language(nodes.map(({ id }) => id)) };

test('any command', () => {
  const text = fc.array(word, { maxLength: 12 }).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.oneof(text, fc.string({ maxLength: 60 })), (command) => {
      const parsed = parseCommand(command, context);
      if (!('fault' in parsed)) return;
      const { start, end, message } = parsed.fault;
      expect(message).not.toBe('');
      expect(start).toBeGreaterThanOrEqual(0);
      expect(end).toBeGreaterThanOrEqual(start);
      expect(end).toBeLessThanOrEqual(command.length);
    }),
    { numRuns: 1_500 },
  );
});

test('steps read line by line are the steps that the YAML library reads', () => {
  const line = fc.array(
    word.filter((one) => one !== '\n'),
    { minLength: 1, maxLength: 8 },
  );
  const head = 'protocol: raft\nnodes: { n1..n3: replica, client: client }\nsteps:\n';
  const parse = (source: string) => parseScenario(source, 'x', library);
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), (lines) => {
      const plain = lines.map((words) => `  - ${words.join(' ')}\n`).join('');
      // A quoted step sends the whole file through the YAML library.
      fc.pre(takeStepLines(`${head}${plain}  - crash n1\n`) !== undefined);
      const fast = parse(`${head}${plain}  - crash n1\n`);
      const slow = parse(`${head}${plain}  - "crash n1"\n`);
      expect(fast.problems).toEqual(slow.problems);
      expect(
        fast.scenario?.steps.map(({ text, command }) => [text, JSON.stringify(command)]),
      ).toEqual(slow.scenario?.steps.map(({ text, command }) => [text, JSON.stringify(command)]));
    }),
    { numRuns: 400 },
  );
});
