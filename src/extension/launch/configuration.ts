// Completes and checks launch configurations; offers one for each scenario without launch.json.
import * as vscode from 'vscode';
import { debugType } from '../names.ts';
import { isScenario, programOf, scenarioPattern, uriOf } from '../scenario-files.ts';
import { mayRun } from './trust.ts';

const howToOpenOne =
  'Lockstep debugs scenarios, files named *.scenario.yaml. Open one and press F5, or name one as ' +
  '"program" in launch.json.';

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
    { type: debugType, request: 'launch', name: 'Debug this scenario', program: '${file}' },
  ],
};

const resolving: vscode.DebugConfigurationProvider = {
  async resolveDebugConfiguration(_folder, configuration) {
    const meansOpenFile = !configuration.program || configuration.program === '${file}';
    if (!meansOpenFile) return configuration;
    // F5 without launch.json arrives empty: the scenario in the editor is meant. A stop may have
    // put a protocol's source in front of it: then the scenario that was debugged last is.
    const active = vscode.window.activeTextEditor?.document.uri;
    const scenario = active && isScenario(active) ? active : await scenarioFor(active);
    if (scenario)
      return { ...configurationFor(scenario), ...configuration, program: programOf(scenario) };
    refuse(active ? `${nameOf(active)} is not a scenario. ${howToOpenOne}` : howToOpenOne);
    return undefined;
  },

  async resolveDebugConfigurationWithSubstitutedVariables(folder, configuration) {
    const uri = uriOf(String(configuration.program), folder);
    if (!isScenario(uri)) {
      refuse(`${nameOf(uri)} is not a scenario. ${howToOpenOne}`);
      return undefined;
    }
    if (!(await exists(uri))) {
      refuse(`There is no file ${configuration.program}: mend "program" in launch.json.`);
      return undefined;
    }
    if (!(await mayRun(uri))) return undefined;
    lastDebugged = uri;
    // The adapter reads the file from disk, where unsaved text is not.
    const open = vscode.workspace.textDocuments.find(
      (document) => document.uri.toString() === uri.toString(),
    );
    if (open?.isDirty) await open.save();
    // A run is followed by what it prints, a debug session in the panels, which need the room.
    const internalConsoleOptions = configuration.noDebug ? 'openOnSessionStart' : 'neverOpen';
    const workspace = vscode.workspace.getWorkspaceFolder(uri);
    return {
      internalConsoleOptions,
      ...configuration,
      program: programOf(uri),
      ...(workspace ? { workspace: programOf(workspace.uri) } : {}),
      // Not for a launch.json to say.
      trusted: vscode.workspace.isTrusted,
    };
  },
};

/** Where a protocol is in front: the scenario debugged last, or the one that is named like it. */
async function scenarioFor(active: vscode.Uri | undefined): Promise<vscode.Uri | undefined> {
  if (!active?.path.endsWith('.ts')) return lastDebugged;
  const folderOf = (uri: vscode.Uri) => vscode.Uri.joinPath(uri, '..').toString();
  if (lastDebugged && folderOf(lastDebugged) === folderOf(active)) return lastDebugged;
  const beside = active.with({ path: active.path.replace(/\.ts$/, '.scenario.yaml') });
  return (await exists(beside)) ? beside : lastDebugged;
}

async function configurationsOfFolder(
  folder: vscode.WorkspaceFolder | undefined,
): Promise<vscode.DebugConfiguration[]> {
  const within = folder ? new vscode.RelativePattern(folder, scenarioPattern) : scenarioPattern;
  const found = await vscode.workspace.findFiles(within, '**/node_modules/**', 200);
  return found.map(configurationFor).sort((a, b) => a.name.localeCompare(b.name));
}

function refuse(message: string): void {
  void vscode.window.showErrorMessage(message);
}

function nameOf(uri: vscode.Uri): string {
  return vscode.workspace.asRelativePath(uri);
}

async function exists(uri: vscode.Uri): Promise<boolean> {
  try {
    await vscode.workspace.fs.stat(uri);
    return true;
  } catch {
    return false;
  }
}
