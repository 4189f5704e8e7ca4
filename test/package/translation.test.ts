// The built extension speaks the language of the editor, from the moment that it is loaded.
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';
import { jsonFile } from '../host/manifest.ts';
import { mark, pseudo, pseudoOf } from '../l10n/pseudo.ts';

const root = path.resolve(import.meta.dirname, '../..');

/** All strings that the extension passes to VS Code while it is loaded and activated. */
function passed(bundle: unknown): string[] {
  const script = `
    const Module = require('node:module');
    const strings = new Set();
    const traps = {
      get: (_target, key) => (key === Symbol.iterator ? [][Symbol.iterator].bind([]) : anything),
      set: () => true,
      apply: (_target, _self, list) => {
        for (const one of list) if (typeof one === 'string') strings.add(one);
        return anything;
      },
      construct: () => anything,
    };
    const anything = new Proxy(function () {}, traps);
    const vscode = Object.create(anything);
    // Not assigned: the object that it inherits from takes every assignment.
    Object.defineProperty(vscode, 'l10n', { value: { bundle: ${JSON.stringify(bundle)} }, enumerable: true });
    const load = Module._load;
    Module._load = (request, ...rest) => (request === 'vscode' ? vscode : load(request, ...rest));
    require(${JSON.stringify(path.join(root, 'dist/extension.js'))})
      .activate({ subscriptions: [], extensionUri: anything, workspaceState: new Map() });
    console.log(JSON.stringify([...strings]));
  `;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as string[];
}

it('in the language of the editor, and else in English', () => {
  const bundle = pseudoOf(jsonFile('l10n/bundle.l10n.json') as Record<string, string>);
  const translated = passed(bundle);
  // The profiles of the Testing view, whose names are the first words that the editor is given.
  expect(translated).toEqual(expect.arrayContaining([pseudo('Run'), pseudo('Debug')]));
  expect(translated).not.toContain('Run');
  const english = passed(undefined);
  expect(english).toEqual(expect.arrayContaining(['Run', 'Debug']));
  expect(english.join()).not.toContain(mark);
});
