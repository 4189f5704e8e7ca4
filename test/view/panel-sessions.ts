/** Sessions with panels in a fake editor, for the tests of the extension's panels. */
import { afterEach, beforeEach, expect, vi } from 'vitest';
import * as vscode from 'vscode';
import { viewEvent } from '../../src/extension/names.ts';
import { Panels } from '../../src/extension/panels/panels.ts';
import type { ViewEvent } from '../../src/view/contract.ts';
import type { PanelName } from '../../src/view/panels.ts';
import { type FakeEditor, FakeMemory, type FakePanel, FakeSession } from './fake-editor.ts';

/** The test file replaces the module `vscode` with it. */
export const { editor } = vscode as unknown as { editor: FakeEditor };
export let panels: Panels;
let memory: FakeMemory;

/** As after a reload of the window: with the memory that the last ones had. */
export function renewPanels(): void {
  panels = new Panels({ extensionUri: '/extension', workspaceState: memory } as never);
}

/** Each test of the file has panels of its own. */
export function useNewPanels(): void {
  beforeEach(() => {
    editor.panels.length = 0;
    editor.errors.length = 0;
    editor.executed.length = 0;
    memory = new FakeMemory();
    renewPanels();
  });

  afterEach(() => {
    panels.dispose();
    editor.activate(undefined);
  });
}

/** A session whose panels are open, each with its page loaded. */
export async function begun(id: string): Promise<FakeSession> {
  const session = new FakeSession(id);
  editor.activate(session);
  editor.started.fire(session);
  await vi.waitFor(() => expect(editor.panels).toHaveLength(2));
  for (const name of ['cluster', 'sequence'] as const) load(name);
  return session;
}

export function panelOf(name: PanelName): FakePanel {
  return editor.panels.find(({ type }) => type === `lockstep.${name}`)!;
}

/** The page of a panel runs its script. */
export function load(panel: PanelName): void {
  panelOf(panel).received.fire({ type: 'ready', panel });
}

export function isCleared(event: unknown): boolean {
  return (event as { type: string }).type === 'cleared';
}

export function send(session: FakeSession, body: ViewEvent): void {
  editor.customEvent.fire({ session, event: viewEvent, body });
}
