/** Launch configurations are added to a launch.json, and nothing else in the file changes. */
import { describe, expect, it } from 'vitest';
import {
  emptyLaunchJson,
  type LaunchEntry,
  withEntries,
} from '../../src/extension/launch/launch-json.ts';

const entry = { name: 'mine', program: '${workspaceFolder}/mine.scenario.yaml' };
const other = { name: 'mine (broken)', program: '${workspaceFolder}/mine.broken.scenario.yaml' };

function edited(content: string, entries: readonly LaunchEntry[]): string {
  const edit = withEntries(content, entries);
  if (edit.type !== 'edited') throw new Error(JSON.stringify(edit));
  return edit.content;
}

describe('launch configurations', () => {
  it('fill an empty list', () => {
    const { version, configurations } = JSON.parse(edited(emptyLaunchJson, [entry, other]));
    expect(version).toBe('0.2.0');
    expect(configurations).toEqual([
      { type: 'lockstep', request: 'launch', ...entry },
      { type: 'lockstep', request: 'launch', ...other },
    ]);
  });

  it('are appended; comments stay where they are', () => {
    const content = `{
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
    expect(edited(content, [entry])).toBe(`{
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

  it('are appended after a trailing comma, with the tabs and line ends of the file', () => {
    const content = '{\r\n\t"configurations": [\r\n\t\t{ "name": "a" },\r\n\t]\r\n}';
    const lines = edited(content, [entry]).split('\r\n');
    expect(lines.slice(2, 5)).toEqual(['\t\t{ "name": "a" },', '\t\t{', '\t\t\t"type": "lockstep",']);
    expect(lines.slice(-3)).toEqual(['\t\t}', '\t]', '}']);
  });

  it('are indented as the file is; the formatting of other entries is kept', () => {
    const content = `{
    "configurations": [
        { "name":   "a",   "args": [1,2,  3] , },
    ],
    "version":"0.2.0"}
`;
    const lines = edited(content, [entry]).split('\n');
    expect(lines[2]).toBe('        { "name":   "a",   "args": [1,2,  3] , },');
    expect(lines.slice(3, 5)).toEqual(['        {', '            "type": "lockstep",']);
    expect(lines.slice(-4)).toEqual(['        }', '    ],', '    "version":"0.2.0"}', '']);
  });

  it('follow a list that contains only a comment', () => {
    const content = '{\n  "configurations": [\n    // nothing yet\n  ]\n}\n';
    expect(edited(content, [entry]).split('\n').slice(1, 5)).toEqual([
      '  "configurations": [',
      '    // nothing yet',
      '    {',
      '      "type": "lockstep",',
    ]);
  });

  it('are not added twice', () => {
    const once = edited(emptyLaunchJson, [entry]);
    expect(edited(once, [entry])).toBe(once);
    expect(JSON.parse(edited(once, [entry, other])).configurations).toHaveLength(2);
  });

  it('are added even if a comment mentions the program', () => {
    const content = `{ "configurations": [] } // ${JSON.stringify(entry.program)}`;
    expect(edited(content, [entry])).toContain('"name": "mine"');
  });

  it('are not added to a file without a list of configurations', () => {
    for (const content of ['[]', '{ "version": "0.2.0" }', '{ "configurations": {} }', '"x"']) {
      expect(withEntries(content, [entry]), content).toEqual({ type: 'no list' });
    }
  });

  it('are not added to a file with a syntax error, whose place is reported', () => {
    expect(withEntries('', [entry])).toEqual({ type: 'syntax error', line: 1, column: 1 });
    expect(withEntries('"x', [entry])).toEqual({ type: 'syntax error', line: 1, column: 1 });
    const missingColon = '{\n  "configurations" [ ]\n}';
    expect(withEntries(missingColon, [entry])).toEqual({ type: 'syntax error', line: 2, column: 20 });
    const unclosed = '{\n  "configurations": [\n    { "name": "a" }\n';
    expect(withEntries(unclosed, [entry])).toMatchObject({ type: 'syntax error', line: 4 });
  });
});
