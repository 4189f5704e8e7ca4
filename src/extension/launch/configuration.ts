// Completes and checks launch configurations; provides one per scenario if there is no launch.json.
import * as vscode from 'vscode';
import { refuse } from '../failures.ts';
import { debugType } from '../names.ts';
import { exists, isScenario, programOf, scenarioPattern, uriOf } from '../scenario-files.ts';
import { configurations, errors } from '../words.ts';
import { isValid } from './faults.ts';
import { mayRun } from './trust.ts';

const scenariosMax = 200;

export function registerConfigurations(): vscode.Disposable {
  return vscode.Disposable.from(
    vscode.debug.registerDebugConfigurationProvider(debugType, { ...resolving, ...initial }),
    vscode.debug.registerDebugConfigurationProvider(
      debugType,
      { provideDebugConfigurations: configurationsOfFolder },
      vscode.DebugConfigurationProviderTriggerKind.Dynamic,
    ),
  );
}

export function configurationFor(scenario: vscode.Uri): vscode.DebugConfiguration {
  const name = scenario.path.replace(/^.*\//, '').replace(/\.scenario\.ya?ml$/, '');
  return { type: debugType, request: 'launch', name, program: programOf(scenario) };
}

let lastDebugged: vscode.Uri | undefined;

const initial: vscode.DebugConfigurationProvider = {
  provideDebugConfigurations: () => [
    { type: debugType, request: 'launch', name: configurations.thisScenario, program: '${file}' },
  ],
};

const resolving: vscode.DebugConfigurationProvider = {
  async resolveDebugConfiguration(_folder, configuration) {
    const meansOpenFile = !configuration.program || configuration.program === '${file}';
    if (!meansOpenFile) return configuration;
    // Without launch.json, F5 provides an empty configuration and means the scenario in the editor.
    // After a stop the editor may show a protocol's source instead.
    const active = vscode.window.activeTextEditor?.document.uri;
    const scenario = active && isScenario(active) ? active : await scenarioFor(active);
    if (scenario) {
      return { ...configurationFor(scenario), ...configuration, program: programOf(scenario) };
    }
    refuse(active ? errors.notAScenario(nameOf(active)) : errors.nothingToDebug);
    return undefined;
  },

  async resolveDebugConfigurationWithSubstitutedVariables(folder, configuration) {
    const uri = uriOf(String(configuration.program), folder);
    if (!isScenario(uri)) {
      refuse(errors.notAScenario(nameOf(uri)));
      return undefined;
    }
    if (!(await exists(uri))) {
      refuse(errors.noSuchScenario(configuration.program));
      return undefined;
    }
    if (!(await mayRun(uri))) return undefined;
    // The adapter reads the file from disk, so unsaved changes must be saved first.
    const open = vscode.workspace.textDocuments.find(
      (document) => document.uri.toString() === uri.toString(),
    );
    if (open?.isDirty) await open.save();
    // The adapter would refuse it as well, in a dialog that offers to open launch.json.
    if (!(await isValid(uri))) return undefined;
    lastDebugged = uri;
    // A run without debugging shows its result in the console; a debug session leaves that space to
    // the panels.
    const internalConsoleOptions = configuration.noDebug ? 'openOnSessionStart' : 'neverOpen';
    const { root } = configuration;
    return {
      internalConsoleOptions,
      ...configuration,
      program: programOf(uri),
      ...(typeof root === 'string' ? { root: programOf(uriOf(root, folder)) } : {}),
      // After the spread: a launch.json cannot declare itself trusted.
      trusted: vscode.workspace.isTrusted,
    };
  },
};

/** The scenario for an editor with a protocol: the last one debugged beside it, or its namesake. */
async function scenarioFor(active: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  if (!active?.path.endsWith('.ts')) return lastDebugged;
  const folderOf = (uri: vscode.Uri) => vscode.Uri.joinPath(uri, '..').toString();
  if (lastDebugged && folderOf(lastDebugged) === folderOf(active)) return lastDebugged;
  const namesake = active.with({ path: active.path.replace(/\.ts$/, '.scenario.yaml') });
  return (await exists(namesake)) ? namesake : lastDebugged;
}

async function configurationsOfFolder(
  folder: vscode.WorkspaceFolder | undefined,
): Promise<vscode.DebugConfiguration[]> {
  const within = folder ? new vscode.RelativePattern(folder, scenarioPattern) : scenarioPattern;
  const found = await vscode.workspace.findFiles(within, '**/node_modules/**', scenariosMax);
  return found.map(configurationFor).sort((a, b) => a.name.localeCompare(b.name));
}

function nameOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}
