// The entry point in a web worker, as in vscode.dev: the adapter runs inside the extension host.
import './translations.ts';
import type * as vscode from 'vscode';
import { activateWith } from './activate.ts';
import { InlineComparer } from './comparing/inline-comparer.ts';
import { InlineRecorder } from './exporting/inline-recorder.ts';
import { InlineChecker } from './history/inline-checker.ts';
import { inlineAdapter } from './launch/adapter-inline.ts';
import { findInline } from './finding/inline-finder.ts';
import { InlineRunner } from './testing/inline-runner.ts';

export function activate(context: vscode.ExtensionContext): void {
  activateWith(context, {
    adapters: { createDebugAdapterDescriptor: inlineAdapter },
    tests: new InlineRunner(),
    histories: new InlineChecker(),
    comparisons: new InlineComparer(),
    runs: new InlineRecorder(),
    find: findInline,
  });
}
