// The other end of test/workbench/probe: asks the debug adapter of a workbench, and calls commands in it.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from '../host/cache.mjs';
import { eventually } from '../host/eventually.mjs';

/** Packs the extension of the probe, which is not part of the product. Returns the file. */
export function packProbe(file) {
  const list = [
    path.join(root, 'node_modules/@vscode/vsce/vsce'), 'package', '--no-dependencies', '--skip-license',
    '--allow-missing-repository', '--out', file,
  ];
  const cwd = path.join(root, 'test/workbench/probe');
  const { status, stderr } = spawnSync(process.execPath, list, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`The probe could not be packed:\n${stderr}`);
  return file;
}

/** Marks a workspace folder, so that the probe wakes up in it. */
export function wantProbe(folder) {
  mkdirSync(path.join(folder, '.probe'), { recursive: true });
  writeFileSync(path.join(folder, '.probe', 'wanted'), '');
}

export class Probe {
  constructor(folder) {
    this.file = path.join(folder, '.probe', 'port');
  }

  /** A request to the adapter of the active session. */
  request(name, given = {}) {
    return this.ask({ type: 'request', name, given });
  }

  /** A request that moves the session. Resolves with the moment of the stop, as the other moves do. */
  move(name, given = { threadId: 1 }) {
    return this.ask({ type: 'move by request', name, given });
  }

  moveByCommand(name) {
    return this.ask({ type: 'move by command', name });
  }

  /** Starts a session. */
  debug(program) {
    const given = { type: 'lockstep', request: 'launch', name: 'Test', program };
    return this.ask({ type: 'debug', given });
  }

  /** The view of a panel, which the adapter computes for this question. */
  view(name) {
    return this.ask({ type: 'view', name });
  }

  command(name, ...given) {
    return this.ask({ type: 'command', name, given });
  }

  setting(name, given) {
    return this.ask({ type: 'setting', name, given });
  }

  show(file, given) {
    return this.ask({ type: 'show', name: file, given });
  }

  /** The strings in the list that an expression yields at the moment of the session. */
  async strings(expression) {
    const { variablesReference } = await this.request('evaluate', { expression, context: 'watch' });
    return (await this.rows(variablesReference)).map(({ value }) => JSON.parse(value));
  }

  async rows(variablesReference) {
    if (variablesReference === 0) return [];
    return (await this.request('variables', { variablesReference })).variables;
  }

  /** The rows of a scope of the top frame of the cluster's thread. */
  async scope(name) {
    const { stackFrames } = await this.request('stackTrace', { threadId: 1 });
    const { scopes } = await this.request('scopes', { frameId: stackFrames[0].id });
    const scope = scopes.find((one) => one.name === name);
    return scope === undefined ? [] : this.rows(scope.variablesReference);
  }

  /** It does not listen until its extension host has started, also after a reload of the window. */
  async ask(question) {
    const body = JSON.stringify(question);
    const response = await eventually(async () => {
      try {
        return await fetch(`http://127.0.0.1:${readFileSync(this.file, 'utf8')}/`, { method: 'POST', body });
      } catch {
        return undefined;
      }
    }, 'the probe');
    const { value, problem } = await response.json();
    if (problem !== undefined) throw new Error(`${body}: ${problem}`);
    return value;
  }
}
