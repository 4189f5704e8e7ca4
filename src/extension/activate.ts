// The part that both entry points share: everything except where the adapter and tests run.
import * as vscode from 'vscode';
import { registerCodeLens } from './authoring/codelens.ts';
import { registerDiagnostics } from './authoring/diagnostics.ts';
import { registerReload } from './authoring/reload.ts';
import { registerBranch } from './branch.ts';
import { registerCommands } from './commands.ts';
import { registerComparing } from './comparing/compare-scenarios.ts';
import type { Comparer } from './comparing/comparer.ts';
import type { Finder } from '../dap/find/finder.ts';
import { registerExporting } from './exporting/export-run.ts';
import type { RunRecorder } from './exporting/recorder.ts';
import { registerFinding } from './finding/find-schedule.ts';
import { registerSavedFindings } from './finding/saved-findings.ts';
import type { HistoryChecker } from './history/checker.ts';
import { registerHistoryEditor } from './history/editor.ts';
import { registerConfigurations } from './launch/configuration.ts';
import { debugType } from './names.ts';
import { Panels } from './panels/panels.ts';
import { registerKeeping } from './runs/keeping.ts';
import { registerRuns } from './runs/runs.ts';
import { registerStatus } from './status.ts';
import type { TestRunner } from './testing/runner.ts';
import { registerTests } from './testing/tests.ts';

/** What differs between an extension host with processes and a web worker. */
export interface Hosts {
  readonly adapters: vscode.DebugAdapterDescriptorFactory;
  readonly tests: TestRunner;
  readonly histories: HistoryChecker;
  readonly comparisons: Comparer;
  readonly runs: RunRecorder;
  readonly find: Finder;
}

export function activateWith(
  context: vscode.ExtensionContext,
  { adapters, tests, histories, comparisons, runs, find }: Hosts,
): void {
  const panels = new Panels(context);
  context.subscriptions.push(
    panels,
    vscode.debug.registerDebugAdapterDescriptorFactory(debugType, adapters),
    registerConfigurations(),
    registerCommands(panels, context),
    registerCodeLens(context.extensionUri),
    registerDiagnostics(),
    registerStatus(),
    registerReload(context.extensionUri),
    registerBranch(),
    registerRuns(panels, context),
    registerKeeping(context),
    registerTests(tests, context.extensionUri),
    registerHistoryEditor(context.extensionUri, histories),
    registerComparing(comparisons),
    registerExporting(context.extensionUri, runs),
    registerFinding(context, find),
    registerSavedFindings(tests),
  );
}
