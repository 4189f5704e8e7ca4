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
const openCommand = ({ name }) => `lockstep.open${name[0].toUpperCase()}${name.slice(1)}`;
const editorCommand = (panel) => `${openCommand(panel)}InEditor`;
const viewType = ({ name }) => `lockstep.view.${name}`;

function contributePanels(manifest, panels) {
  const { contributes } = manifest;
  manifest.activationEvents = replaced(
    manifest.activationEvents,
    (event) => event.startsWith('onWebviewPanel:'),
    panels.map(({ name }) => `onWebviewPanel:lockstep.${name}`),
  );
  const own = new Set(panels.flatMap((panel) => [openCommand(panel), editorCommand(panel)]));
  contributes.commands = replaced(contributes.commands, ({ command }) => own.has(command), [
    ...panels.map((panel) => commandOf(openCommand(panel), `Open ${panel.title}`, panel.icon)),
    ...panels.map((panel) =>
      commandOf(editorCommand(panel), `Open ${panel.title} in Editor`, 'link-external'),
    ),
  ]);
  contributes.viewsContainers = {
    panel: [
      { id: 'lockstep', title: 'Lockstep', icon: '$(type-hierarchy)' },
      { id: 'lockstepPresented', title: 'Lockstep Presentation', icon: '$(type-hierarchy)' },
    ],
  };
  contributes.views = {
    lockstep: panels.map((panel) => ({
      ...viewOf(panel, viewType(panel)),
      visibility: panel.opensBySession ? 'visible' : 'hidden',
    })),
    lockstepPresented: panels.map((panel) => ({
      ...viewOf(panel, `lockstep.presented.${panel.name}`),
      when: `lockstep.presented =~ /\\b${panel.name}\\b/`,
    })),
  };
  const openActions = panels.map((panel) => ({
    command: editorCommand(panel),
    when: `view == ${viewType(panel)}`,
    group: 'navigation@2',
  }));
  contributes.menus['view/title'] = replaced(
    contributes.menus['view/title'] ?? [],
    ({ command }) => own.has(command),
    openActions,
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
  'altText', 'markdownDescription',
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
