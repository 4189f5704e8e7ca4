/** The descriptors of the panels, the manifest, the folders of the panels and the build agree. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  contextKeys,
  editorCommands,
  followCommands,
  openCommands,
  panelTypes,
  pinCommands,
  presentedTypes,
  viewContainers,
  viewTypes,
} from '../../src/extension/names.ts';
import { panelSources } from '../../src/view/panel-sources.ts';
import { willShow } from '../../src/view/panel-words/begin.ts';
import { panelNames, panels } from '../../src/view/panels.ts';
import { readManifest } from '../host/manifest.ts';

const root = join(import.meta.dirname, '../..');
interface View {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly icon: string;
  readonly visibility?: string;
  readonly when?: string;
}

const manifest = readManifest<{
  activationEvents: string[];
  contributes: {
    commands: { command: string; title: string; category: string; icon: string }[];
    viewsContainers: Record<string, { id: string; title: string }[]>;
    views: Record<string, View[]>;
    menus: Record<string, { command: string; when: string }[]>;
    configurationDefaults: { 'workbench.editor.autoLockGroups': object };
  };
}>();
const { contributes } = manifest;

/** The commands whose ids are among these. */
function commandsIn(ids: readonly string[]) {
  return contributes.commands.filter(({ command }) => ids.includes(command));
}

test('each panel has commands that open it, that open it as a tab, and that pin it', () => {
  const command = (id: string, title: string, icon: string) => {
    return { command: id, title, category: 'Lockstep', icon: `$(${icon})` };
  };
  expect(commandsIn(Object.values(openCommands))).toEqual(
    panels.map(({ name, title, icon }) => command(openCommands[name], `Open ${title}`, icon)),
  );
  expect(commandsIn(Object.values(editorCommands))).toEqual(
    panels.map(({ name, title }) =>
      command(editorCommands[name], `Open ${title} in Editor`, 'link-external'),
    ),
  );
  const pins = [...Object.values(pinCommands), ...Object.values(followCommands)];
  expect(commandsIn(pins)).toEqual(
    panels.flatMap(({ name, title }) => [
      command(pinCommands[name], `Pin ${title} to This Moment`, 'pin'),
      command(followCommands[name], `Let ${title} Follow the Session`, 'pinned'),
    ]),
  );
  expect(openCommands).toMatchObject({
    cluster: 'lockstep.openCluster',
    sequence: 'lockstep.openSequence',
  });
});

test('each panel is a view of the container Lockstep, with a pin and Open in Editor in its title', () => {
  expect(contributes.viewsContainers['panel']!.map(({ id }) => id)).toEqual(
    Object.values(viewContainers),
  );
  const { views: own, presented } = viewContainers;
  const viewOf = ({ title, icon }: (typeof panels)[number], id: string) => {
    return { type: 'webview', id, name: title, icon: `$(${icon})`, contextualTitle: 'Lockstep' };
  };
  expect(contributes.views[own]).toEqual(
    panels.map((panel) => ({
      ...viewOf(panel, viewTypes[panel.name]),
      visibility: panel.opensBySession ? 'visible' : 'hidden',
    })),
  );
  expect(contributes.views[presented]).toEqual(
    panels.map((panel) => ({
      ...viewOf(panel, presentedTypes[panel.name]),
      when: `${contextKeys.presented} =~ /\\b${panel.name}\\b/`,
    })),
  );
  const actions = contributes.menus['view/title']!;
  for (const { name } of panels) {
    expect(actions).toContainEqual({
      command: editorCommands[name],
      when: `view == ${viewTypes[name]}`,
      group: 'navigation@3',
    });
    const isPinned = `${contextKeys.pinnedViews} =~ /\\b${name}\\b/`;
    expect(actions).toContainEqual({
      command: pinCommands[name],
      when: `view == ${viewTypes[name]} && !(${isPinned})`,
      group: 'navigation@2',
    });
    expect(actions).toContainEqual({
      command: followCommands[name],
      when: `view == ${viewTypes[name]} && ${isPinned}`,
      group: 'navigation@2',
    });
    for (const command of [pinCommands[name], followCommands[name]]) {
      expect(contributes.menus['commandPalette']).toContainEqual({ command, when: 'false' });
    }
  }
});

test('no source opens over a panel', () => {
  expect(Object.keys(contributes.configurationDefaults['workbench.editor.autoLockGroups'])).toEqual(
    Object.values(panelTypes).map((type) => `mainThreadWebview-${type}`),
  );
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

test('the build makes one bundle per panel and one for exported runs, and the extension does not contain the engine', () => {
  const dist = join(root, 'dist');
  const bundles = readdirSync(join(dist, 'webview')).filter((name) => name.endsWith('.js'));
  expect(bundles.sort()).toEqual([...panelNames, 'run-page'].map((name) => `${name}.js`).sort());
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
