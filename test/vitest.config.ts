// One runner for every test that needs no editor: by layer, golden texts, properties, architecture.
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { patienceMs, startMs, testMs } from './host/patience.mjs';

/** As in esbuild.mjs: `./library.ts?sources` contains all sources in that file's folder, by path. */
const folderSources = {
  name: 'folder-sources',
  enforce: 'pre' as const,
  // The runner resolves the result once more; by then it begins with \0.
  resolveId: (request: string, importer?: string) =>
    request.endsWith('?sources') && !request.startsWith('\0')
      ? `\0${resolve(dirname(importer!), request)}`
      : undefined,
  load(id: string) {
    if (!id.startsWith('\0') || !id.endsWith('?sources')) return undefined;
    const folder = dirname(id.slice(1));
    const names = readdirSync(folder, { recursive: true })
      .map((name) => String(name).replaceAll('\\', '/'))
      .filter((name) => name.endsWith('.ts'))
      .sort();
    const files = names.map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')]);
    return `export default ${JSON.stringify(Object.fromEntries(files))}`;
  },
};

const neverHere = ['test/extension/**', 'test/workbench/**', 'test/artifacts/**'];
/** These read dist/: the adapter as a process, the package, the declarations for authors. */
const needBuild = ['test/dap/**/*.test.ts', 'test/fuzz/process/*.test.ts', 'test/package/**/*.test.ts', 'test/types/**/*.test.ts'];
/** These read dist/ and drive Chromium. */
const needBrowser = ['test/webview/**/*.test.ts'];

/** These replace modules for themselves alone, so each has modules of its own. */
const needIsolation = [
  'test/authoring/{coverage,finding-told,reload,status,testing,trust}.test.ts',
  'test/code/native-limits.test.ts',
  'test/view/{placed,playing,session}-panels.test.ts',
];

/** Each of these takes long by its nature; `npm run test:nightly` sets this variable. */
const nightlyOnly =
  process.env.LOCKSTEP_SEEDS === undefined
    ? ['test/fuzz/scenarios/nasties.test.ts', 'test/explore/found/**']
    : [];

/** A project's set-up runs only if one of its tests does: a single file starts no more than it needs. */
function project(
  name: string,
  { include, exclude = [], globalSetup = [], isolate = false }: Partial<Record<'include' | 'exclude' | 'globalSetup', string[]>> & { isolate?: boolean },
) {
  const excluded = [...neverHere, ...nightlyOnly, ...exclude];
  return { extends: true as const, test: { name, include, exclude: excluded, globalSetup, isolate } };
}

// The files of a project share their workers and the modules in them: loading and compiling these
// again took a second for each file. A project that is isolated gets new modules for each file.

const needAll = { globalSetup: ['test/host/built.mjs', 'test/host/shared-browser.mjs'] };
const byNeed = [
  project('sources', { include: ['test/**/*.test.ts'], exclude: [...needIsolation, ...needBuild, ...needBrowser] }),
  project('build', { include: needBuild, globalSetup: ['test/host/built.mjs'] }),
  project('browser', { include: needBrowser, ...needAll }),
];
/** All of them as one: the runner begins a project only when the last file of another has ended. */
const whole = project('unit', { include: ['test/**/*.test.ts'], exclude: needIsolation, ...needAll });

/** Each takes long, so it begins early: as the last one, it would run alone while a core is idle. */
const longest = [
  'package/queue', 'code/eject', 'cli/samples', 'webview/cluster-reading', 'webview/run-page', 'webview/accessibility', 'webview/export',
  'webview/toolbar', 'view/logs', 'cli/trace', 'webview/sequence-panel', 'session/walk', 'webview/cluster-panel',
  'protocols/lease-locks', 'dap/lines', 'types/eject', 'scenario/limits', 'conformance/transcripts/transcripts',
  'protocols/lock-storms', 'protocols/arguments', 'session/reverse', 'fuzz/requests/known', 'fuzz/requests/random',
  'conformance/random/zookeeper/zookeeper', 'protocols/raft-properties', 'fuzz/process/blocking', 'dap/refusals',
  'fuzz/scenarios/mutated', 'protocols/zookeeper-ensemble', 'webview/contrast', 'mutants/lock-mutants',
];

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const at = longest.findIndex((name) => moduleId.endsWith(`/test/${name}.test.ts`));
      return at < 0 ? longest.length : at;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/** For the models that are written as protocols of a workspace. */
const authorApi = fileURLToPath(new URL('explore/lockstep.ts', import.meta.url));

export default defineConfig({
  plugins: [folderSources],
  resolve: { alias: [{ find: /^lockstep$/, replacement: authorApi }] },
  test: {
    root: fileURLToPath(new URL('..', import.meta.url)),
    passWithNoTests: true,
    setupFiles: ['test/host/turns.ts'],
    sequence: { sequencer: LongestFirst },
    // By default one core of two would be idle.
    maxWorkers: '100%',
    // Whether each file gets a process of its own is read here alone: projects cannot change it.
    isolate: false,
    // These limits end a hang. They do not measure speed, which is for `npm run bench`.
    testTimeout: testMs,
    hookTimeout: startMs,
    expect: { poll: { timeout: patienceMs } },
    projects: [
      ...(process.env.LOCKSTEP_WHOLE === undefined ? byNeed : [whole]),
      project('mocked', { include: needIsolation, isolate: true }),
    ],
  },
});

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the Chromium that the tests of the panels share. */
    browser: string;
  }
}
