/** The file of a protocol, from the path of the scenario and the reference in it. */
import { describe, expect, test } from 'vitest';
import { lockstep } from '../../src/cli/lockstep.ts';
import { locate } from '../../src/code/load/workspace-files.ts';

/** Locates the file when only the marks exist. */
function located(scenario: string, reference: string, root?: string, marks: string[] = []) {
  const locating = locate(scenario, reference, root);
  let next = locating.next();
  while (!next.done) next = locating.next(marks.includes(next.value) ? '' : undefined);
  return next.value;
}

describe('the file that a scenario names', () => {
  test.each([
    ['/w/a/s.yaml', './p.ts', undefined, '/w/a', 'p.ts'],
    ['/w/a/s.yaml', '../b/p', undefined, '/w', 'b/p.ts'],
    ['/w/a/s.yaml', '../b/p.ts', '/w', '/w', 'b/p.ts'],
    ['/w/a/s.yaml', '../b/p.ts', '/w/b/', '/w/b', 'p.ts'],
    ['/s.yaml', './p.ts', undefined, '', 'p.ts'],
    ['/w/s.yaml', '../tmp/p.ts', undefined, '', 'tmp/p.ts'],
    ['/w/s.yaml', './p.ts', '/', '', 'w/p.ts'],
    ['C:\\s.yaml', './p.ts', undefined, 'c:', 'p.ts'],
    ['C:\\w\\s.yaml', './p.ts', 'C:\\', 'c:', 'w/p.ts'],
    ['../s.yaml', './p.ts', undefined, '..', 'p.ts'],
    ['../s.yaml', '../p.ts', undefined, '../..', 'p.ts'],
    ['../a/s.yaml', '../p.ts', undefined, '..', 'p.ts'],
    ['s.yaml', '../p.ts', undefined, '..', 'p.ts'],
    ['./s.yaml', './p.ts', undefined, '.', 'p.ts'],
    ['a/s.yaml', '../p.ts', undefined, '.', 'p.ts'],
    ['a/s.yaml', './p.ts', '.', '.', 'a/p.ts'],
    ['vfs://host/a/s.yaml', '../p.ts', undefined, 'vfs://host', 'p.ts'],
  ])('%s, %s in %s', (scenario, reference, given, root, file) => {
    expect(located(scenario, reference, given)).toEqual({ root, file });
  });

  test.each(['/s.yaml', 'C:\\s.yaml', 'vfs://host/s.yaml'])('is not above %s', (scenario) => {
    expect(() => located(scenario, '../p.ts')).toThrow("'../p.ts' leads above the root of the disk");
  });
});

describe('the root of a protocol, if none is given,', () => {
  test.each([
    ['/w/x/a/s.yaml', '/w/x/tsconfig.json', '/w/x', 'a/p.ts'],
    ['/w/x/a/s.yaml', '/w/x/a/package.json', '/w/x/a', 'p.ts'],
    ['/w/x/a/s.yaml', '/w/.git/HEAD', '/w', 'x/a/p.ts'],
    ['/w/x/a/s.yaml', '/.git', '', 'w/x/a/p.ts'],
    ['C:\\w\\a\\s.yaml', 'c:/w/tsconfig.json', 'c:/w', 'a/p.ts'],
    ['x/a/s.yaml', 'tsconfig.json', '.', 'x/a/p.ts'],
    ['x/a/s.yaml', 'x/tsconfig.json', 'x', 'a/p.ts'],
    ['vfs://host/w/a/s.yaml', 'vfs://host/w/package.json', 'vfs://host/w', 'a/p.ts'],
  ])('of %s is the folder of %s', (scenario, mark, root, file) => {
    expect(located(scenario, './p.ts', undefined, [mark])).toEqual({ root, file });
  });

  test('is the nearest marked folder', () => {
    const marks = ['/w/package.json', '/w/x/tsconfig.json'];
    expect(located('/w/x/a/s.yaml', './p.ts', undefined, marks).root).toBe('/w/x');
  });

  test.each([
    [undefined, ['/w/a/tsconfig.json'], '/w/a'],
    ['/w/a', [], '/w/a'],
    ['/other', [], '/other'],
  ])('must contain the protocol: %s', (root, marks, named) => {
    expect(() => located('/w/a/s.yaml', '../b/p.ts', root, marks)).toThrow(
      `'../b/p.ts' is outside ${named}, the root of this protocol: move the file into it, or set ` +
        'another root (`--root`, or `root` in launch.json)',
    );
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
  expect(files.filter((file) => !/tsconfig|package|git/.test(file))).toEqual(['/w/s.yaml', '/tmp/p.ts']);
  expect(written).toBe('/tmp/p.ts:1:1: there is no such file: correct `protocol` in the scenario\n');
});
