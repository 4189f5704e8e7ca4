// Writes what package.json says of each panel, and keeps the English of package.json in package.nls.json.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { transformSync } from 'esbuild';

/**
 * The descriptors of the panels say all that the manifest needs, so it is written from them. A new
 * string in package.json is moved to package.nls.json, with a key made of its place.
 */
export async function writeManifest(root) {
  const files = { manifest: path.join(root, 'package.json'), words: path.join(root, 'package.nls.json') };
  const manifest = JSON.parse(readFileSync(files.manifest, 'utf8'));
  const words = JSON.parse(readFileSync(files.words, 'utf8'));
  contributePanels(manifest, await panelDescriptors(root));
  const found = moveWords(manifest, words);
  writeIfChanged(files.manifest, manifest);
  writeIfChanged(files.words, found);
}

async function panelDescriptors(root) {
  const source = readFileSync(path.join(root, 'src/view/panels.ts'), 'utf8');
  const { code } = transformSync(source, { loader: 'ts', format: 'esm' });
  const { panels } = await import(`data:text/javascript,${encodeURIComponent(code)}`);
  return panels;
}

function writeIfChanged(file, value) {
  const text = `${JSON.stringify(value, null, 2)}\n`;
  if (readFileSync(file, 'utf8') !== text) writeFileSync(file, text);
}

/** As in src/extension/names.ts; a test compares the two. */
const ofPanel = (verb, { name }) => `lockstep.${verb}${name[0].toUpperCase()}${name.slice(1)}`;
const openCommand = (panel) => ofPanel('open', panel);
const editorCommand = (panel) => `${openCommand(panel)}InEditor`;
const pinCommand = (panel) => ofPanel('pin', panel);
const followCommand = (panel) => ofPanel('follow', panel);
const viewType = ({ name }) => `lockstep.view.${name}`;

function contributePanels(manifest, panels) {
  const { contributes } = manifest;
  manifest.activationEvents = replaced(
    manifest.activationEvents,
    (event) => event.startsWith('onWebviewPanel:'),
    panels.map(({ name }) => `onWebviewPanel:lockstep.${name}`),
  );
  const pins = panels.flatMap((panel) => [pinCommand(panel), followCommand(panel)]);
  const own = new Set([
    ...panels.flatMap((panel) => [openCommand(panel), editorCommand(panel)]),
    ...pins,
  ]);
  contributes.commands = replaced(contributes.commands, ({ command }) => own.has(command), [
    ...panels.map((panel) => commandOf(openCommand(panel), `Open ${panel.title}`, panel.icon)),
    ...panels.map((panel) =>
      commandOf(editorCommand(panel), `Open ${panel.title} in Editor`, 'link-external'),
    ),
    ...panels.flatMap((panel) => [
      commandOf(pinCommand(panel), `Pin ${panel.title} to This Moment`, 'pin'),
      commandOf(followCommand(panel), `Let ${panel.title} Follow the Session`, 'pinned'),
    ]),
  ]);
  contributes.viewsContainers = {
    panel: [
      { id: 'lockstep', title: 'Lockstep', icon: '$(type-hierarchy)' },
      { id: 'lockstepPresented', title: 'Lockstep Presentation', icon: '$(type-hierarchy)' },
    ],
  };
  contributes.views = {
    // The Runs view.
    debug: [
      {
        ...viewOf({ title: 'Runs', icon: 'git-branch' }, 'lockstep.runs'),
        type: 'tree',
        // The call stack needs the room.
        visibility: 'collapsed',
        when: "lockstep.isActive || debugType == 'lockstep'",
      },
    ],
    lockstep: panels.map((panel) => ({
      ...viewOf(panel, viewType(panel)),
      visibility: panel.opensBySession ? 'visible' : 'hidden',
    })),
    lockstepPresented: panels.map((panel) => ({
      ...viewOf(panel, `lockstep.presented.${panel.name}`),
      when: `lockstep.presented =~ /\\b${panel.name}\\b/`,
    })),
  };
  const actions = panels.flatMap((panel) => {
    const isView = `view == ${viewType(panel)}`;
    const isPinned = `lockstep.pinnedViews =~ /\\b${panel.name}\\b/`;
    return [
      { command: pinCommand(panel), when: `${isView} && !(${isPinned})`, group: 'navigation@2' },
      { command: followCommand(panel), when: `${isView} && ${isPinned}`, group: 'navigation@2' },
      { command: editorCommand(panel), when: isView, group: 'navigation@3' },
    ];
  });
  contributes.menus['view/title'] = replaced(
    contributes.menus['view/title'] ?? [],
    ({ command }) => own.has(command),
    actions,
  );
  // The command palette has one command for all of them.
  contributes.menus.commandPalette = replaced(
    contributes.menus.commandPalette,
    ({ command }) => pins.includes(command),
    pins.map((command) => ({ command, when: 'false' })),
  );
  const locked = contributes.configurationDefaults['workbench.editor.autoLockGroups'];
  for (const { name } of panels) locked[`mainThreadWebview-lockstep.${name}`] = true;
}

function commandOf(command, title, icon) {
  return { command, title, category: 'Lockstep', icon: `$(${icon})` };
}

function viewOf({ title, icon }, id) {
  return { type: 'webview', id, name: title, icon: `$(${icon})`, contextualTitle: 'Lockstep' };
}

/** The list with all that match replaced, where the first of them was. */
function replaced(list, isOwn, now) {
  const first = list.findIndex((one) => isOwn(one));
  const others = list.filter((one) => !isOwn(one));
  const at = first < 0 ? others.length : list.slice(0, first).filter((one) => !isOwn(one)).length;
  return [...others.slice(0, at), ...now, ...others.slice(at)];
}

/** What a user sees of package.json: for each kind of contribution, the properties with words. */
const worded = new Set([
  'title', 'name', 'contextualTitle', 'description', 'enumDescriptions', 'displayName', 'label',
  'altText', 'markdownDescription', 'contents',
]);
/** A name, which no language translates. */
const untranslated = new Set(['Lockstep']);

/** Replaces each English string by a key. Returns the words by key, without those no longer used. */
function moveWords(manifest, words) {
  const found = {};
  const move = (text, key) => {
    const known = /^%(.+)%$/.exec(text)?.[1];
    if (known === undefined && untranslated.has(text)) return text;
    const english = known === undefined ? text : words[known];
    if (english === undefined) throw new Error(`package.nls.json has no ${text}`);
    found[known ?? key] = english;
    return `%${known ?? key}%`;
  };
  for (const property of ['displayName', 'description']) {
    if (manifest[property]) manifest[property] = move(manifest[property], property);
  }
  walk(manifest.capabilities, 'capabilities', move);
  walk(manifest.contributes, '', move);
  return found;
}

function walk(value, key, move) {
  if (typeof value !== 'object' || value === null) return;
  for (const [name, part] of Object.entries(value)) {
    const isProperty = key.endsWith('.properties');
    const here = keyOf(key, name, part);
    if (!worded.has(name) || isProperty) walk(part, here, move);
    else if (typeof part === 'string') value[name] = move(part, here);
    else if (Array.isArray(part)) value[name] = part.map((one, index) => move(one, `${here}.${index}`));
    else walk(part, here, move);
  }
}

/** A command, view or step is named by its own id, so that its key survives a change of the order. */
function keyOf(key, name, part) {
  const id = typeof part === 'object' && part !== null && (part.command ?? part.id ?? part.viewType);
  const own = typeof id === 'string' && /^\d+$/.test(name) ? id.replace(/^lockstep\./, '') : name;
  return key === '' ? own : `${key}.${own}`;
}
