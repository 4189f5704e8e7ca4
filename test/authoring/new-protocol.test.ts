/** The files of a new protocol: the template under a new name. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { nameProblem, namedAfter, templates } from '../../src/extension/authoring/protocol-template.ts';

describe('the template', () => {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  const texts = templates.map((name) =>
    readFileSync(path.join(root, 'samples/new-protocol', name), 'utf8'),
  );

  it('uses the name everywhere', () => {
    expect(templates.map((name) => namedAfter('two-phase', name))).toEqual([
      'two-phase.ts', 'two-phase.scenario.yaml', 'two-phase.broken.scenario.yaml',
    ]);
    const [protocol, ...scenarios] = texts.map((text) => namedAfter('two-phase', text));
    expect(protocol).toContain("name: 'two-phase'");
    for (const scenario of scenarios) expect(scenario).toContain('\nprotocol: ./two-phase.ts\n');
  });

  it('has a broken twin that differs in one line, apart from comments, title and breakOn', () => {
    const [, right, broken] = texts.map((text) =>
      text.split('\n').map((line) => line.replace(/\s*#.*/, '')).filter(Boolean)
        .filter((line) => !/^(title|breakOn):/.test(line)),
    );
    const differing = right!.filter((line, index) => line !== broken![index]);
    expect(differing).toEqual(['options: { countFrom: request }']);
  });

  it('refuses a name that is not a file name', () => {
    for (const name of ['lock', 'two-phase', 'Paxos_2']) expect(nameProblem(name)).toBeUndefined();
    for (const name of ['', '2pc', 'a b', '../x', 'a.ts', "a'"]) expect(nameProblem(name)).toBeTypeOf('string');
  });
});
