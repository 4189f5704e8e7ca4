/** A new protocol: its entry in an existing launch.json, and its files under a new name. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { emptyLaunchJson, withEntries } from '../../src/extension/launch/launch-json.ts';
import { nameFault, namedAfter, templates } from '../../src/extension/authoring/protocol-template.ts';

const entry = { name: 'mine', program: '${workspaceFolder}/mine.scenario.yaml' };
const other = { name: 'mine (broken)', program: '${workspaceFolder}/mine.broken.scenario.yaml' };

describe('an entry of launch.json', () => {
  it('is written to a new file', () => {
    const made = JSON.parse(withEntries(emptyLaunchJson, [entry, other])!);
    expect(made.version).toBe('0.2.0');
    expect(made.configurations).toEqual([
      { type: 'lockstep', request: 'launch', ...entry },
      { type: 'lockstep', request: 'launch', ...other },
    ]);
  });

  it('is added after the others, and comments stay in place', () => {
    const text = `{
  // Mine: "configurations": [
  "compounds": [{ "configurations": ["a"] }],
  "configurations": [
    // the first
    { "name": "a // no comment ]" } // behind the first
    /* the end */
  ], // of the list
  "inputs": [],
}
`;
    expect(withEntries(text, [entry])).toBe(`{
  // Mine: "configurations": [
  "compounds": [{ "configurations": ["a"] }],
  "configurations": [
    // the first
    { "name": "a // no comment ]" }, // behind the first
    /* the end */
    {
      "type": "lockstep",
      "request": "launch",
      "name": "mine",
      "program": "\${workspaceFolder}/mine.scenario.yaml"
    }
  ], // of the list
  "inputs": [],
}
`);
  });

  it('keeps a trailing comma, tabs and the line ends of the file', () => {
    const text = '{\r\n\t"configurations": [\r\n\t\t{ "name": "a" },\r\n\t]\r\n}';
    const lines = withEntries(text, [entry])!.split('\r\n');
    expect(lines.slice(2, 5)).toEqual(['\t\t{ "name": "a" },', '\t\t{', '\t\t\t"type": "lockstep",']);
    expect(lines.slice(-3)).toEqual(['\t\t}', '\t]', '}']);
  });

  it('is not added twice', () => {
    const once = withEntries(emptyLaunchJson, [entry])!;
    expect(withEntries(once, [entry])).toBe(once);
    expect(JSON.parse(withEntries(once, [entry, other])!).configurations).toHaveLength(2);
  });

  it('is not added to a file that is not a launch.json', () => {
    for (const text of ['', '[]', '{ "version": "0.2.0" }', '{ "configurations": {} }', '"x']) {
      expect(withEntries(text, [entry]), text).toBeUndefined();
    }
  });
});

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
    for (const name of ['lock', 'two-phase', 'Paxos_2']) expect(nameFault(name)).toBeUndefined();
    for (const name of ['', '2pc', 'a b', '../x', 'a.ts', "a'"]) expect(nameFault(name)).toBeTypeOf('string');
  });
});
