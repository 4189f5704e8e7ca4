// Builds everything that ships (extension, adapter and command line, panels), the bench and the suites into dist/.
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
    writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, deflateRawSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { decisionTree } from './build/decision-tree.mjs';
import { linkedSamples } from './build/linked-samples.mjs';
import { writeManifest } from './build/manifest.mjs';
import { translatedWords, writeBundle } from './build/words.mjs';
import { runPage } from './build/run-page.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const watch = process.argv.includes('--watch');
const quiet = process.argv.includes('--quiet');

/** `import files from './library.ts?sources'` gives all sources in that file's folder and below, by path. */
const folderSources = {
  name: 'folder-sources',
  setup(build) {
    build.onResolve({ filter: /\?sources$/ }, ({ path: request, resolveDir }) => ({
      path: path.resolve(resolveDir, path.dirname(request)),
      namespace: 'folder-sources',
    }));
    build.onLoad({ filter: /.*/, namespace: 'folder-sources' }, ({ path: folder }) => {
      const names = typeScriptFiles(folder);
      const files = names.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]);
      const text = JSON.stringify(Object.fromEntries(files));
      const isNode = build.initialOptions.platform === 'node';
      return {
        ...compressed(text, isNode),
        resolveDir: root,
        watchDirs: [folder, ...names.map((name) => path.join(folder, path.dirname(name)))],
        watchFiles: names.map((name) => path.join(folder, name)),
      };
    });
  },
};

/**
 * The sources would be half of a bundle, and it takes no time to unpack them. Brotli makes them a
 * quarter smaller than deflate, but a web worker may be unable to read it.
 */
function compressed(text, isNode) {
  const literal = (bytes) => JSON.stringify(bytes.toString('base64'));
  const lines = isNode
    ? [
        `import { brotliDecompressSync } from 'node:zlib';`,
        `const bytes = Buffer.from(${literal(brotli(text))}, 'base64');`,
        `export default JSON.parse(brotliDecompressSync(bytes).toString());`,
      ]
    : [
        `import { inflateSync, strFromU8 } from 'fflate';`,
        `const packed = ${literal(deflateRawSync(text, { level: 9 }))};`,
        `const bytes = Uint8Array.from(atob(packed), (letter) => letter.charCodeAt(0));`,
        `export default JSON.parse(strFromU8(inflateSync(bytes)));`,
      ];
  return { contents: lines.join('\n'), loader: 'js' };
}

/** By text: several outputs have the same sources, and packing them takes seconds. */
const packed = new Map();

function brotli(text) {
  if (!packed.has(text)) packed.set(text, brotliCompressSync(text));
  return packed.get(text);
}

/**
 * Mermaid loads each kind of diagram and layout on demand, but the build would contain all of them.
 * The panels draw sequence diagrams and state diagrams, so every other dynamic import becomes a
 * module that throws.
 */
const drawnDiagramsOnly = {
  name: 'drawn-diagrams-only',
  setup(build) {
    build.onResolve({ filter: /.*/ }, ({ kind, path: request, importer }) => {
      const fromMermaid = /[\\/]node_modules[\\/]mermaid[\\/]/.test(importer);
      if (!fromMermaid || kind !== 'dynamic-import') return undefined;
      if (/[\\/](sequenceDiagram|stateDiagram-v2|dagre)-[^\\/]*$/.test(request)) return undefined;
      return { path: 'excluded', namespace: 'excluded' };
    });
    build.onLoad({ filter: /.*/, namespace: 'excluded' }, () => ({
      contents: "throw new Error('This kind of diagram is not part of the build.');",
    }));
  },
};

/**
 * The debug adapter's base class can listen on a port and log to a file. It does neither in a web
 * worker, but its imports must resolve there.
 */
const workerBuiltIns = {
  name: 'worker-built-ins',
  setup(build) {
    build.onResolve({ filter: /^(node:)?(net|fs|path|url|vm)$/ }, ({ path: request }) => ({
      path: request.replace('node:', ''),
      namespace: 'worker-built-in',
    }));
    build.onLoad({ filter: /.*/, namespace: 'worker-built-in' }, ({ path: name }) => ({
      contents: name === 'url' ? 'exports.URL = globalThis.URL;' : '',
      loader: 'js',
    }));
  },
};

/**
 * Activation reads and compiles the whole bundle, so the engine, which is most of the code, stays
 * in the bundle of the command line until the first scenario is checked. A web worker can load only
 * one file, so its bundle contains everything.
 */
const engineApart = {
  name: 'engine-apart',
  setup(build) {
    build.onResolve({ filter: /^\.{1,2}\/engine\.ts$/ }, () => ({ path: './cli.js', external: true }));
  },
};

const shared = {
  bundle: true,
  metafile: true,
  logLevel: 'warning',
  absWorkingDir: root,
  sourcemap: watch ? 'linked' : false,
  // Identifiers are not minified: a stack trace in a bug report must be readable.
  minifyWhitespace: !watch,
  minifySyntax: !watch,
  legalComments: 'none',
  plugins: [folderSources],
};
const node = { ...shared, platform: 'node', format: 'cjs', target: 'node20' };
const panel = {
  ...shared,
  platform: 'browser',
  // What several panels use, such as Lit and Mermaid, is in parts that they import.
  format: 'esm',
  splitting: true,
  chunkNames: 'parts/[name]-[hash]',
  target: 'es2022',
  minify: true,
  define: { 'process.env.NODE_ENV': '"production"' },
  plugins: [
    folderSources,
    drawnDiagramsOnly,
    translatedWords(root),
    runPage(root, (line) => quiet || console.log(line)),
  ],
};

/** The panels: each folder in `webview` with a `main.ts` is one. A test compares them with the code. */
function panelNames() {
  const names = readdirSync(path.join(root, 'webview'));
  return names.filter((name) => existsSync(path.join(root, 'webview', name, 'main.ts')));
}

/** The panels, and the player of exported runs, which is made of the same parts. */
function panelEntries() {
  const entries = panelNames().map((name) => [name, `webview/${name}/main.ts`]);
  return { ...Object.fromEntries(entries), 'run-page': 'webview/run/page.ts' };
}

/** The outputs that do not ship. */
const testing = /^dist\/(test\/|bench|conformance)/;

const outputs = [
  {
    from: 'src/extension/main.ts',
    to: 'dist/extension.js',
    options: {
      ...node,
      external: ['vscode'],
      plugins: [folderSources, engineApart, translatedWords(root)],
      // jsonc-parser's main file is a UMD module, whose inner `require` calls cannot be bundled.
      mainFields: ['module', 'main'],
      // VS Code's extension host loads modules with `require`.
      supported: { 'dynamic-import': false },
    },
  },
  {
    from: 'src/extension/web.ts',
    to: 'dist/extension.web.js',
    options: {
      ...shared,
      platform: 'browser',
      format: 'cjs',
      target: 'es2022',
      external: ['vscode'],
      // It contains everything a second time: the package would be too large with whole names.
      minifyIdentifiers: !watch,
      define: { 'process.platform': '"web"', 'process.env.NODE_ENV': '"production"' },
      plugins: [folderSources, workerBuiltIns, translatedWords(root)],
    },
  },
  { from: 'src/cli/main.ts', to: 'dist/cli.js', options: { ...node, banner: { js: '#!/usr/bin/env node' } } },
  { from: 'webview', to: 'dist/webview', options: { ...panel, entryPoints: panelEntries() } },
  {
    from: 'test/bench/main.ts',
    to: 'dist/bench.js',
    options: {
      ...node,
      external: ['playwright-core', 'vitest'],
      // For the models that are written as protocols of a workspace.
      alias: { lockstep: path.join(root, 'test/explore/lockstep.ts') },
    },
  },
  {
    from: 'test/conformance/main.ts',
    to: 'dist/conformance.mjs',
    options: { ...node, format: 'esm' },
  },
  {
    from: 'test/extension/suite.ts',
    to: 'dist/test/extension-suite.js',
    // Mocha loads files of its own at run time, so it stays outside the bundle.
    options: { ...node, external: ['vscode', 'mocha'] },
  },
  {
    from: 'test/extension/worker-suite.ts',
    to: 'dist/test/worker-suite.js',
    options: { ...shared, platform: 'browser', format: 'cjs', target: 'es2022', external: ['vscode'] },
  },
];

const samples = sampleFolders();

const copies = [
  { from: 'test/extension/manifest.json', to: 'dist/test/package.json' },
  { from: 'src/scenario/scenario.schema.json', to: 'dist/scenario.schema.json' },
  // Users step through these. As files on disk they can be opened and can have breakpoints before a
  // session starts. Their imports are copied too, so that the editor reports no errors.
  ...['protocol', 'protocols'].flatMap((folder) =>
    typeScriptFiles(path.join(root, 'src', folder)).map((file) => ({
      from: `src/${folder}/${file}`,
      to: `dist/${folder}/${file}`,
    })),
  ),
  { from: 'src/tsconfig.sources.json', to: 'dist/tsconfig.json' },
  // The files that `Lockstep: New Protocol…` copies.
  ...['lease.ts', 'lease.scenario.yaml', 'lease.broken.scenario.yaml', 'tsconfig.json'].map(
    (name) => ({ from: `samples/new-protocol/${name}`, to: `dist/template/${name}` }),
  ),
  // The scenario that `lockstep eject` writes beside the copy of a built-in protocol.
  ...exampleScenarios(),
  // What `Lockstep: Open Samples…` copies.
  ...samples.flatMap(({ name, files }) =>
    files.map((file) => ({ from: `samples/${name}/${file}`, to: `dist/samples/${name}/${file}` })),
  ),
];

/** Folders in which users write protocols: each gets the declarations of `lockstep`. */
const authorFolders = [
  'samples/new-protocol', 'samples/reference', 'samples/write-your-own', 'samples/gossip',
  'samples/find-the-bug',
];

mkdirSync(path.join(root, 'dist'), { recursive: true });
await writeManifest(root);
writeBundle(root);
let failed = false;
const bundledPackages = new Set();
for (const { from, to, options } of outputs) {
  if (!existsSync(path.join(root, from))) {
    console.warn(`build: ${from} does not exist, so ${to} is not built`);
    continue;
  }
  const places = options.entryPoints ? { outdir: to } : { entryPoints: [from], outfile: to };
  // Parts are named by their content, so earlier ones would stay.
  if (options.entryPoints) rmSync(path.join(root, to), { recursive: true, force: true });
  const context = await esbuild.context({ ...options, ...places });
  let made;
  try {
    const { metafile } = await context.rebuild();
    made = metafile.outputs;
    if (!testing.test(to)) notePackages(metafile);
  } catch {
    // esbuild has printed the reason; the other parts are still built.
    failed = true;
    console.error(`build: ${to} failed`);
    if (!watch) await context.dispose();
    continue;
  }
  if (to === 'dist/cli.js') chmodSync(path.join(root, to), 0o755);
  if (!quiet) printSizes(made);
  if (watch) await context.watch();
  else await context.dispose();
}
// A source that was moved or deleted must not stay in the package.
for (const folder of ['protocol', 'protocols', 'samples', 'template']) {
  rmSync(path.join(root, 'dist', folder), { recursive: true, force: true });
}
for (const { from, to } of copies) {
  mkdirSync(path.dirname(path.join(root, to)), { recursive: true });
  if (existsSync(path.join(root, from))) copyFileSync(path.join(root, from), path.join(root, to));
  else console.warn(`build: ${from} does not exist, so ${to} is not copied`);
}
writeFileSync(path.join(root, 'dist/samples/index.json'), JSON.stringify(samples));
const startHere = readFileSync(path.join(root, 'samples/start-here/README.md'), 'utf8');
writeFileSync(path.join(root, 'dist/samples/choose.svg'), decisionTree(startHere));
try {
  writeAuthorTypes();
} catch (error) {
  failed = true;
  console.error(`build: dist/types/lockstep.d.ts failed: ${error.message}`);
}
// Written last, and only after a successful build: test/host/built.mjs compares its age with the sources.
if (!failed) writeFileSync(path.join(root, 'dist/THIRD-PARTY-NOTICES.txt'), notices());
if (watch) console.log('build: watching');
else if (failed) process.exitCode = 1;

function printSizes(files) {
  for (const [file, { bytes }] of Object.entries(files)) {
    console.log(`build: ${file}  ${(bytes / 1024).toFixed(0)} KiB`);
  }
}

/** The samples that ship: each folder in the table of README.md, with its line there. */
function sampleFolders() {
  const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
  return [...readme.matchAll(/^\| \[`([\w-]+)`\]\(samples\/[^)]*\) \| (.*) \|$/gm)].map(([, name, shows]) => {
    const files = readdirSync(path.join(root, 'samples', name), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name !== 'lockstep.d.ts')
      .map((entry) => path.relative(path.join(root, 'samples', name), path.join(entry.parentPath, entry.name)))
      .map((file) => file.replaceAll('\\', '/'))
      .sort();
    const linked = linkedSamples(path.join(root, 'samples'), name);
    return { name, shows: shows.replaceAll('`', ''), files, linked };
  });
}

/** For each protocol that samples name, the shortest sample that is not meant to fail. */
function exampleScenarios() {
  const shortest = new Map();
  for (const name of readdirSync(path.join(root, 'samples'), { recursive: true }).sort()) {
    if (!name.endsWith('.scenario.yaml') || name.endsWith('.broken.scenario.yaml')) continue;
    const text = readFileSync(path.join(root, 'samples', name), 'utf8');
    const protocol = /^protocol: ([a-z-]+)$/m.exec(text)?.[1];
    if (protocol === undefined || shortest.get(protocol)?.length <= text.length) continue;
    shortest.set(protocol, { name, length: text.length });
  }
  return [...shortest].map(([protocol, { name }]) => ({
    from: `samples/${name}`,
    to: `dist/template/${protocol}.scenario.yaml`,
  }));
}

/** The TypeScript files in a folder and its subfolders, as paths from that folder with `/`. */
function typeScriptFiles(folder) {
  return readdirSync(folder, { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.ts'))
    .sort();
}

/** Writes the declarations behind `import … from 'lockstep'` into one file per folder. */
function writeAuthorTypes() {
  const text = authorTypes();
  const folders = authorFolders.filter((folder) => existsSync(path.join(root, folder)));
  for (const folder of ['dist/types', ...folders]) {
    mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, folder, 'lockstep.d.ts'), text);
  }
}

/** Joins the compiler's declarations of src/protocol; the imports and re-exports between them are removed. */
function authorTypes() {
  const parts = mkdtempSync(path.join(tmpdir(), 'lockstep-types-'));
  const names = readdirSync(path.join(root, 'src/protocol')).filter((name) => name.endsWith('.ts')).sort();
  try {
    const compiler = path.join(root, 'node_modules/typescript/bin/tsc');
    const project = path.join(root, 'src/tsconfig.types.json');
    execFileSync(process.execPath, [compiler, '-p', project, '--outDir', parts], { stdio: 'inherit' });
    const texts = names.map((name) =>
      readFileSync(path.join(parts, name.replace(/\.ts$/, '.d.ts')), 'utf8')
        .replace(/^(?:import|export) type \{[^}]*\} from '\.\/[\w-]+\.ts';\n/gm, '')
        .trim(),
    );
    const head = '// The declarations of `lockstep` for protocol files, generated from its sources: do not edit.';
    return `${head}\n\n${texts.join('\n\n')}\n`;
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}

function notePackages({ inputs }) {
  for (const file of Object.keys(inputs)) {
    const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(file);
    if (match) bundledPackages.add(match[1]);
  }
}

/** The licences of all bundled packages, which require that they are passed on. */
function notices() {
  return [...bundledPackages].sort().map(noticeOf).join('\n\n');
}

function noticeOf(packageFolder) {
  const folder = path.join(root, packageFolder);
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const text = file ? readFileSync(path.join(folder, file), 'utf8').trim() : `License: ${license}`;
  return `${name} ${version}\n${'-'.repeat(60)}\n${text}`;
}
