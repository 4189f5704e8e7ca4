/** The file of a protocol, from the path of the scenario and the reference in it. */
import { describe, expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';
import { entryOf } from '../../src/code/load/workspace-files.ts';

describe('the file that a scenario names', () => {
  test.each([
    ['/w/a/s.yaml', './p.ts', undefined, '/w/a', 'p.ts'],
    ['/w/a/s.yaml', '../b/p', undefined, '/w', 'b/p.ts'],
    ['/w/a/s.yaml', '../b/p.ts', '/w', '/w', 'b/p.ts'],
    ['/s.yaml', './p.ts', undefined, '', 'p.ts'],
    ['/w/s.yaml', '../tmp/p.ts', undefined, '', 'tmp/p.ts'],
    ['/w/s.yaml', './p.ts', '/', '', 'w/p.ts'],
    ['C:\\s.yaml', './p.ts', undefined, 'c:', 'p.ts'],
    ['../s.yaml', './p.ts', undefined, '..', 'p.ts'],
    ['../s.yaml', '../p.ts', undefined, '../..', 'p.ts'],
    ['../a/s.yaml', '../p.ts', undefined, '..', 'p.ts'],
    ['s.yaml', '../p.ts', undefined, '..', 'p.ts'],
    ['a/s.yaml', '../p.ts', undefined, '.', 'p.ts'],
    ['vfs://host/a/s.yaml', '../p.ts', undefined, 'vfs://host', 'p.ts'],
  ])('%s, %s in %s', (scenario, reference, workspace, root, file) => {
    expect(entryOf(scenario, reference, workspace)).toEqual({ root, file });
  });

  test.each(['/s.yaml', 'C:\\s.yaml', 'vfs://host/s.yaml'])('is not above %s', (scenario) => {
    expect(() => entryOf(scenario, '../p.ts')).toThrow("'../p.ts' leads above the root of the disk");
  });
});

test('the command line reads from the root of a disk', async () => {
  const files: string[] = [];
  let written = '';
  const write = async (text: string) => void (written += text);
  const read = (file: string) => {
    files.push(file);
    if (file === '/w/s.yaml') return 'protocol: ../tmp/p.ts\nnodes: { a: r }\n';
    throw new Error(file);
  };
  await lockstep(['check', '/w/s.yaml'], { read, version: () => '', out: write, error: write });
  expect(files).toEqual(['/w/s.yaml', '/tmp/p.ts']);
  expect(written).toBe('/tmp/p.ts:1:1: there is no such file: correct `protocol` in the scenario\n');
});
