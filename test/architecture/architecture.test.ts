/** The laws hold for the sources, and each is shown to fire on a breach planted for it. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  familyImports,
  firstSentence,
  folderSizes,
  importDirection,
  type Law,
  names,
  narrowImports,
  noCycles,
  purity,
  sizes,
  wording,
} from './laws.ts';
import { layers } from './layers.ts';
import { readDocuments, readSources, root, type Source } from './source.ts';

const product = readSources('src', 'webview');
const everything = [...product, ...readSources('test')];
const documents = readDocuments();
const plant = (path: string, text: string): Source => ({ path, text });
const planted = (law: Law, ...sources: Source[]) => law(sources).join('\n');

describe('imports', () => {
  test('go up the list of layers only', () => {
    expect(importDirection(product)).toEqual([]);
  });

  test('a breach of the direction is found', () => {
    const up = plant('src/kernel/step.ts', `import { check } from '../check/simulate.ts';`);
    expect(planted(importDirection, up)).toContain(
      'src/kernel/step.ts imports src/check/simulate.ts',
    );
    const types = plant(
      'src/protocol/types.ts',
      `import type { World } from '../kernel/world.ts';`,
    );
    expect(planted(importDirection, types)).toContain('src/protocol may import nothing');
  });

  test('between families of protocols are those of the table', () => {
    expect(familyImports(product)).toEqual([]);
  });

  test('an import between families that the table does not allow is found', () => {
    const sideways = plant(
      'src/protocols/redis/server.ts',
      `import { majority } from '../raft/raft.ts';`,
    );
    expect(planted(familyImports, sideways)).toBe(
      'src/protocols/redis/server.ts imports src/protocols/raft/raft.ts: ' +
        'the family redis may import locks, shared',
    );
    const down = plant('src/protocols/shared/x.ts', `import { raft } from '../raft/raft.ts';`);
    expect(planted(familyImports, down)).toContain('the family shared may import no other family');
    const stranger = plant('src/protocols/viewstamped/viewstamped.ts', '');
    expect(planted(familyImports, stranger)).toContain('list the family viewstamped in families');
    const list = plant('src/protocols/library.ts', `import { raft } from './raft/raft.ts';`);
    expect(planted(familyImports, list)).toBe('');
  });

  test('vscode outside the extension and Node in a pure folder are found', () => {
    const vscode = plant('src/dap/session.ts', `import * as vscode from 'vscode';`);
    expect(planted(importDirection, vscode)).toContain('imports vscode');
    const node = plant('src/session/session.ts', `import { readFileSync } from 'node:fs';`);
    expect(planted(importDirection, node)).toContain('imports node:fs');
    const lazy = plant('src/view/cluster.ts', `const fs = await import('fs');`);
    expect(planted(importDirection, lazy)).toContain('imports fs');
  });

  test('of what reads a moment go to the seam only', () => {
    expect(narrowImports(product)).toEqual([]);
  });

  test('a breach of a narrower rule is found, a type too', () => {
    const type = `import type { World } from '../../kernel/world.ts';`;
    expect(planted(narrowImports, plant('src/session/read/stack.ts', type))).toContain(
      'src/session/read/stack.ts imports src/kernel/world.ts: of src/kernel, src/session/read may ' +
        'import seam/, text/, data/, action.ts',
    );
    const links = plant('src/view/cluster.ts', `import { a } from '../kernel/network/links.ts';`);
    expect(planted(narrowImports, links)).toContain('src/view/cluster.ts imports');
    const similar = plant('src/view/a.ts', `import { a } from '../kernel/action.ts.ts';`);
    expect(planted(narrowImports, similar)).toContain('src/view/a.ts imports');
    const allowed = plant(
      'src/view/view.ts',
      `import type { Moment } from '../kernel/seam/moment.ts';
       import type { Action } from '../kernel/action.ts';
       import { shown } from '../kernel/data/shown.ts';
       import type { Reading } from '../session/read/reading.ts';`,
    );
    expect(planted(narrowImports, allowed)).toBe('');
    const moving = plant('src/session/session.ts', `import { step } from '../kernel/step.ts';`);
    expect(planted(narrowImports, moving)).toBe('');
  });

  test('make no cycle', () => {
    expect(noCycles(everything)).toEqual([]);
    const a = plant('src/kernel/a.ts', `import type { B } from './b.ts';`);
    const b = plant('src/kernel/b.ts', `import type { A } from './a.ts';`);
    expect(planted(noCycles, a, b)).toBe(
      'a cycle: src/kernel/a.ts → src/kernel/b.ts → src/kernel/a.ts',
    );
  });
});

describe('pure folders', () => {
  test('use no clock, chance, promise, process', () => {
    expect(purity(product)).toEqual([]);
  });

  test('each of these is found, with what to use instead, and not in comments or strings', () => {
    const uses = [
      'Date.now()',
      'Math.random()',
      'setTimeout(f)',
      'await f',
      'process.env',
      'console.log',
    ];
    for (const use of uses) {
      expect(planted(purity, plant('src/kernel/x.ts', `const a = ${use};`))).toContain(
        'is banned: use',
      );
    }
    const innocent = `/** A Promise of a Date. */ const text = 'process'; // await`;
    expect(planted(purity, plant('src/kernel/x.ts', innocent))).toBe('');
    expect(planted(purity, plant('src/dap/x.ts', 'await f()'))).toBe('');
  });

  test('the compiler refuses what is not theirs', () => {
    const settings = readFileSync(join(root, 'src/tsconfig.pure.json'), 'utf8');
    expect(settings).toContain('"lib": ["ES2023"], "types": []');
    for (const { folder, pure } of layers) {
      if (pure) expect(settings).toContain(`"${folder.replace('src/', '')}"`);
    }
  });
});

describe('files', () => {
  test('are named for what is in them', () => {
    expect(names(everything)).toEqual([]);
    expect(planted(names, plant('src/kernel/utils.ts', ''))).toContain('name the file');
    expect(planted(names, plant('src/kernel/index.ts', ''))).toContain('name the file');
    expect(planted(names, plant('src/kernel/x.ts', 'interface IWorld {}'))).toContain(
      'IWorld is banned',
    );
    expect(planted(names, plant('src/kernel/x.ts', 'class RunManager {}'))).toContain('is banned');
  });

  test('open with a sentence that says what they are', () => {
    expect(firstSentence(everything)).toEqual([]);
    expect(planted(firstSentence, plant('src/kernel/x.ts', `import a from 'b';`))).toContain(
      'does not open',
    );
  });

  test('keep to the sizes', () => {
    expect(sizes(product)).toEqual([]);
    const wide = plant('src/kernel/x.ts', `const a = '${'x'.repeat(100)}';`);
    expect(planted(sizes, wide)).toContain('x.ts:1: 113 columns');
    const tall = plant('src/kernel/x.ts', 'a();\n'.repeat(401));
    expect(planted(sizes, tall)).toContain('402 lines');
    const long = plant('src/kernel/x.ts', `function f() {\n${'a();\n'.repeat(70)}}`);
    expect(planted(sizes, long)).toContain('f has 72 lines');
  });
});

describe('folders', () => {
  test('hold no more files than a reader keeps in mind', () => {
    expect(folderSizes(product)).toEqual([]);
    const many = Array.from({ length: 21 }, (_, i) => plant(`src/kernel/x${i}.ts`, ''));
    expect(planted(folderSizes, ...many)).toContain('src/kernel holds 21 files');
  });
});

describe('words', () => {
  // These files hold the banned words themselves.
  const own = everything.filter(({ path }) => !path.startsWith('test/architecture/'));

  test('of comments, strings and documents are plain English', () => {
    expect(wording([...own, ...documents])).toEqual([]);
  });

  test.each([
    ['/** Come to for the so-manieth time. */', 'so-manieth'],
    ['// `X` is no scenario', 'is no'],
    ["const a = 'it is to be a text';", 'is to be'],
    ['// This belongs into the steps', 'belongs into'],
    ['// Whoever calls this', 'Whoever'],
    ['// The caller is told of it', 'told of'],
    ['/**\n * This is asked\n * for when something is drawn.\n */', 'is asked'],
  ])('%s is found', (text, words) => {
    expect(planted(wording, plant('src/kernel/x.ts', text))).toContain(`"${words}`);
  });

  test('code and good English are not', () => {
    const good = '// There is no leader. It is no longer set.\nconst is_to_be = 1;';
    expect(planted(wording, plant('src/kernel/x.ts', good))).toBe('');
  });
});

describe('the repository', () => {
  const tracked = execFileSync('git', ['ls-files'], { cwd: root, encoding: 'utf8' })
    .trim()
    .split('\n');

  test('has nothing at the top level that is not in the list', () => {
    const top = new Set(tracked.map((path) => path.split('/')[0]));
    const known = new Set([
      'src',
      'webview',
      'build',
      'samples',
      'test',
      'package.json',
      'package.nls.json',
      'l10n',
      'package-lock.json',
      'tsconfig.json',
      'esbuild.mjs',
      '.vscodeignore',
      'README.md',
      'ARCHITECTURE.md',
      'CHANGELOG.md',
      'LICENSE',
      '.oxlintrc.json',
      '.vscode',
      '.ci',
      '.gitignore',
    ]);
    expect([...top].filter((name) => !known.has(name))).toEqual([]);
  });

  test('names no registry host in its lock file', () => {
    const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
    expect(lock).not.toMatch(/"resolved"/);
  });
});
