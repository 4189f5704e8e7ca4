/** Loads and activates the built extension in a new process, with a `vscode` that accepts every call. */
import { execFileSync } from 'node:child_process';

export interface Activation {
  /** How long loading and activating took, without the start of the process. */
  readonly durationMs: number;
  /** The paths of the files that were loaded. */
  readonly loaded: readonly string[];
}

export function activate(bundle: string): Activation {
  const script = `
    const Module = require('node:module');
    const traps = {
      get: (_target, key) => (key === Symbol.iterator ? [][Symbol.iterator].bind([]) : anything),
      set: () => true,
      apply: () => anything,
      construct: () => anything,
    };
    const anything = new Proxy(function () {}, traps);
    // The bundle copies the names of a module into an object of its own, which inherits the others.
    const module = Object.create(anything);
    const load = Module._load;
    Module._load = (request, ...rest) => (request === 'vscode' ? Object.create(module) : load(request, ...rest));
    const startedAt = performance.now();
    require(${JSON.stringify(bundle)}).activate({ subscriptions: [], extensionUri: anything, workspaceState: new Map() });
    const durationMs = performance.now() - startedAt;
    console.log(JSON.stringify({ durationMs, loaded: Object.keys(require.cache) }));
  `;
  return JSON.parse(execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })) as Activation;
}
