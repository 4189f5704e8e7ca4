/** The descriptors of the panels, the manifest, the folders of the panels and the build agree. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openCommands, panelTypes } from '../../src/extension/names.ts';
import { panelSources } from '../../src/view/panel-sources.ts';
import { willShow } from '../../src/view/panel-words/begin.ts';
import { panelNames, panels } from '../../src/view/panels.ts';

const root = join(import.meta.dirname, '../..');
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  activationEvents: string[];
  contributes: { commands: { command: string; title: string; category: string; icon: string }[] };
};

test('each panel has a command of the manifest that opens it, and no other panel has one', () => {
  const found = manifest.contributes.commands.filter(({ title }) => /^Open \w+$/.test(title));
  const expected = panels.map(({ name, title, icon }) => ({
    command: openCommands[name],
    title: `Open ${title}`,
    category: 'Lockstep',
    icon: `$(${icon})`,
  }));
  expect(found).toEqual(expected);
  expect(openCommands).toMatchObject({
    cluster: 'lockstep.openCluster',
    sequence: 'lockstep.openSequence',
  });
});

test('VS Code restores each panel, and no other, after a reload of the window', () => {
  const prefix = 'onWebviewPanel:';
  const found = manifest.activationEvents.filter((event) => event.startsWith(prefix));
  expect(found).toEqual(Object.values(panelTypes).map((type) => `${prefix}${type}`));
});

test('each panel has a folder with an entry, a view and words of its own', () => {
  const folders = readdirSync(join(root, 'webview')).filter((name) =>
    existsSync(join(root, 'webview', name, 'main.ts')),
  );
  expect(folders.sort()).toEqual([...panelNames].sort());
  expect(Object.keys(panelSources)).toEqual(panelNames);
  expect(Object.keys(willShow)).toEqual(panelNames);
  for (const name of panelNames) {
    const entry = readFileSync(join(root, 'webview', name, 'main.ts'), 'utf8');
    expect(entry).toContain(`startPanel('${name}', `);
  }
});

test('the build makes one bundle per panel, and the extension does not contain the engine', () => {
  const dist = join(root, 'dist');
  const bundles = readdirSync(join(dist, 'webview')).filter((name) => name.endsWith('.js'));
  expect(bundles.sort()).toEqual(panelNames.map((name) => `${name}.js`).sort());
  const parts = readdirSync(join(dist, 'webview/parts'));
  const textOf = (file: string) => readFileSync(join(dist, 'webview', file), 'utf8');
  const files = [...bundles, ...parts.map((part) => `parts/${part}`)];
  // Lit is in a part that all panels import.
  expect(files.filter((file) => textOf(file).includes('litElementVersions'))).toHaveLength(1);
  const extension = readFileSync(join(dist, 'extension.js'), 'utf8');
  for (const name of ['class World', 'clusterView', 'sequenceToMermaid']) {
    expect(extension).not.toContain(name);
  }
});
