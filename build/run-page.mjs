// The page in which an exported run plays: its template, and the list of the modules that it contains.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { deflateRawSync } from 'node:zlib';
import * as esbuild from 'esbuild';

/** The page without data must be smaller than this: it is sent by mail and opened from a disk. */
const bytesMax = 2_000_000;

/** A plugin of the build of the panels: writes `run-page.html` and `run-page.json` beside them. */
export function runPage(root, print) {
  return {
    name: 'run-page',
    setup(build) {
      build.onEnd(async ({ metafile, errors }) => {
        if (errors.length === 0) await writeRunPage(root, metafile.outputs, build.initialOptions, print);
      });
    },
  };
}

async function writeRunPage(root, outputs, options, print) {
  const folder = 'dist/webview';
  const files = inOrder(`${folder}/run-page.js`, outputs);
  const names = files.map((file) => path.posix.relative(folder, file));
  const template = await pageTemplate(root, options);
  writeFileSync(path.join(root, folder, 'run-page.html'), template);
  writeFileSync(path.join(root, folder, 'run-page.json'), JSON.stringify(names));
  const modules = files.map((file) => readFileSync(path.join(root, file), 'utf8'));
  const bytes = template.length + base64Length(deflateRawSync(JSON.stringify(modules)).length);
  print(`build: the page of a run, without data  ${(bytes / 1024).toFixed(0)} KiB`);
  if (bytes > bytesMax) throw new Error(`the page of a run may have at most ${bytesMax} bytes`);
}

function base64Length(bytes) {
  return Math.ceil(bytes / 3) * 4;
}

/** The modules that a module imports, each after those that it imports itself, and then the module. */
function inOrder(entry, outputs) {
  const order = [];
  const open = new Set();
  const visit = (file) => {
    if (order.includes(file)) return;
    if (open.has(file)) throw new Error(`${file} imports itself: a page cannot contain it`);
    open.add(file);
    for (const { path: imported, external } of outputs[file].imports) {
      if (!external) visit(imported);
    }
    order.push(file);
  };
  visit(entry);
  return order;
}

async function pageTemplate(root, options) {
  const read = (name) => readFileSync(path.join(root, 'webview/run', name), 'utf8');
  const made = await esbuild.transform(read('loader.ts'), {
    loader: 'ts', target: options.target, minify: true, format: 'iife',
  });
  const loader = made.code.trim();
  const hash = createHash('sha256').update(loader).digest('base64');
  // Lit and Mermaid insert style elements. The modules of the player are blobs. The engine runs the
  // protocol from its source text, as the debugger does.
  const policy = [
    "default-src 'none'",
    `script-src 'sha256-${hash}' blob: 'unsafe-eval'`,
    "style-src 'unsafe-inline'",
    'img-src data: blob:',
    'font-src data:',
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  const { code } = await esbuild.transform(themed(read('page.css')), { loader: 'css', minify: true });
  const values = { policy, loader, style: code.trim() };
  return read('page.html').replaceAll(/\{\{(policy|loader|style)\}\}/g, (_whole, name) => values[name]);
}

/**
 * Writes out `light-dark(A, B)` of the root as a rule for each: code that reads a colour gets a
 * colour, and paper is always light.
 */
function themed(css) {
  const [block, body] = /^:root \{([^}]*)\}\n/.exec(css);
  const choice = /light-dark\((.*), (.*)\);/;
  const dark = body
    .split('\n')
    .filter((line) => choice.test(line))
    .map((line) => line.replace(choice, '$2;'))
    .join('\n');
  const light = body.replaceAll(new RegExp(choice, 'g'), '$1;');
  return [
    `:root {${light}}`,
    `@media screen { :root[data-theme="dark"] {${dark}} }`,
    `@media screen and (prefers-color-scheme: dark) { :root:not([data-theme]) {${dark}} }`,
    css.slice(block.length),
  ].join('\n');
}
