/** The samples that ship, the walkthrough, and the guide that leads to them. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commandOf, decisionTree } from '../../build/decision-tree.mjs';
import { linkedSamples } from '../../build/linked-samples.mjs';
import { readManifest } from '../host/manifest.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const samples = join(root, 'samples');
const text = (...parts: string[]) => readFileSync(join(root, ...parts), 'utf8');

interface Walkthrough {
  steps: { id: string; description: string; media: { svg: string; altText: string } }[];
}
const { contributes } = readManifest<{
  contributes: { walkthroughs: Walkthrough[]; commands: { command: string }[] };
}>();
const [{ steps }] = contributes.walkthroughs as [Walkthrough];
const guide = text('samples', 'start-here', 'README.md');
const flowchart = /```mermaid\n([^]*?)```/.exec(guide)![1]!;
const texts = [...flowchart.matchAll(/\w[{[]([^}\]]*)[}\]]/g)].map(([, one]) => one!);

/** Not lessons: the template of a command, and what authors look up. */
const notListed = ['new-protocol', 'reference'];

test('the table in README.md lists every folder of samples', () => {
  const listed = [...text('README.md').matchAll(/^\| \[`([\w-]+)`\]\(samples\/\1\/README\.md\) \|/gm)];
  const folders = readdirSync(samples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notListed.includes(entry.name))
    .map(({ name }) => name);
  expect(listed.map(([, name]) => name).sort()).toEqual(folders.sort());
});

describe('the links between lessons', () => {
  const folders = readdirSync(samples, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !notListed.includes(entry.name))
    .map(({ name }) => name);

  test.each(folders)('of %s lead to files that are copied with it', (name) => {
    const copied = [name, ...linkedSamples(samples, name)];
    const dead = copied.flatMap((one) =>
      readdirSync(join(samples, one), { recursive: true, encoding: 'utf8' })
        .filter((file) => file.endsWith('.md'))
        .flatMap((file) => {
          const lesson = join(samples, one, file);
          return [...readFileSync(lesson, 'utf8').matchAll(/\]\(([^)#\s]+)[^)]*\)/g)]
            .map(([, link]) => link!)
            .filter((link) => !/^\w+:/.test(link))
            .map((link) => join(dirname(lesson), link))
            .filter((to) => !existsSync(to) || !copied.includes(relative(samples, to).split(/[\\/]/)[0]!));
        }),
    );
    expect(dead).toEqual([]);
  });

  test('of the guide lead to every lesson, directly or not', () => {
    const linked = linkedSamples(samples, 'start-here');
    expect(folders.filter((name) => name !== 'start-here' && !linked.includes(name))).toEqual([]);
    expect(linkedSamples(samples, 'raft')).toEqual([]);
    expect(linkedSamples(samples, 'multi-paxos')).toEqual(['paxos']);
  });
});

describe('the guide', () => {
  const links = [...guide.matchAll(/\]\((\.\.\/[^)]+)\)/g)].map(([, link]) => link!);

  test.each(links)('links to %s', (link) => {
    expect(existsSync(join(samples, 'start-here', link))).toBe(true);
  });

  test('leads through every lesson', () => {
    const path = guide.slice(guide.indexOf('## A path'));
    const named = new Set([...path.matchAll(/\]\(\.\.\/([\w-]+)\/README\.md\)/g)].map(([, one]) => one));
    const folders = readdirSync(samples).filter((name) => existsSync(join(samples, name, 'README.md')));
    const missing = folders.filter((name) => !named.has(name) && ![...notListed, 'start-here'].includes(name));
    expect(missing).toEqual([]);
  });
});

describe('the table of consistency models', () => {
  const table = text('samples', 'start-here', 'CONSISTENCY.md');
  const rows = table.split('\n').filter((line) => line.startsWith('| **'));
  const models = [
    'Strict serializability', 'Linearizability', 'Serializability', 'Snapshot isolation', 'Sequential consistency',
    'Causal consistency', 'PRAM', 'Session guarantees', 'Eventual consistency',
  ];

  test('has a row for each, with guarantee, paper, cost and use', () => {
    expect(rows.map((row) => /\*\*(.*?)\*\*/.exec(row)![1])).toEqual(models);
    for (const row of rows) {
      expect(row.split(' | ').map((cell) => cell.length > 5)).toEqual([true, true, true, true, true]);
      expect(row).toMatch(/\(.*\d{4}\)/);
    }
  });

  test.each(rows)('%s opens its run, as the walkthrough does, and the figures are of that run', (row) => {
    const [, file] = /\]\((\.\.\/[^)]+)\)/.exec(row.split(' | ').at(-1)!)!;
    expect(existsSync(join(samples, 'start-here', file!))).toBe(true);
    expect(table.split('<!-- table:')[1]).toContain(`](${file})`);
    expect(steps.find(({ id }) => id === 'consistency')!.description).toContain(commandOf(file!));
  });
});

describe('the walkthrough', () => {
  const links = steps.flatMap(({ description }) =>
    [...description.matchAll(/\]\(command:([\w.]+)(?:\?([^)]*))?\)/g)].map(
      ([, command, given]) => [command!, given === undefined ? '{}' : decodeURIComponent(given)] as const,
    ),
  );

  test.each(links)('%s %s opens a file that exists', (command, given) => {
    expect(contributes.commands.map((one) => one.command)).toContain(command);
    const { samples: names = [], file = 'README.md' } = JSON.parse(given) as {
      samples?: string[];
      file?: string;
    };
    for (const name of names) expect(existsSync(join(samples, name, file))).toBe(true);
  });

  test('opens the runs that the guide names, and no others', () => {
    const runs = links.flatMap(([, given]) => {
      const { samples: names = [], file } = JSON.parse(given) as { samples?: string[]; file?: string };
      return file === undefined ? [] : names.map((name) => `../${name}/${file}`);
    });
    const table = text('samples', 'start-here', 'CONSISTENCY.md');
    const named = (run: string) => (guide + table).includes(`(${run})`) || run === '../start-here/CONSISTENCY.md';
    expect(runs.filter((run) => !named(run))).toEqual([]);
  });

  test('has a picture whose leaves open the sample at work, and the one without it', () => {
    const picture = decisionTree(guide);
    const leaves = [...flowchart.matchAll(/^ *click (\w+) href "([^"]*)"/gm)];
    expect(leaves.map(([, id]) => id)).toEqual([1, 2, 3, 4, 5, 6].flatMap((n) => [`a${n}`, `w${n}`]));
    for (const [, , file] of leaves) {
      expect(existsSync(join(samples, 'start-here', file!))).toBe(true);
      expect(guide).toContain(`(${file})`);
      expect(picture).toContain(`<a href="${commandOf(file!)}">`);
      expect(JSON.stringify(steps)).toContain(commandOf(file!));
    }
  });

  test('has a picture with every question and answer, and says the same in words', () => {
    const picture = decisionTree(guide).replaceAll(/<\/text><text[^>]*>/g, ' ');
    expect(texts.length).toBeGreaterThan(10);
    for (const one of texts) expect(picture).toContain(one);
    for (const { media } of steps) {
      expect(dirname(media.svg)).toBe('dist/samples');
      for (const one of texts) expect(media.altText).toContain(one);
    }
  });
});
