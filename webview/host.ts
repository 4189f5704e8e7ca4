/** A panel's line to the editor: commands out, view events in, and what it keeps while hidden. */

import type { PanelCommand, View, ViewEvent } from '../src/view/contract.ts';

interface EditorApi {
  postMessage(message: PanelCommand): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

/** What a panel knows: the last view, and whether the run goes on or has ended since. */
export interface PanelState {
  view?: View;
  phase: 'empty' | 'stopped' | 'running' | 'ended';
  /** How the run ended, in words. */
  verdict: string;
}

const editor = acquireVsCodeApi();

export function post(command: PanelCommand): void {
  editor.postMessage(command);
}

/** Calls `draw` at once with what was kept, then after every event from the adapter. */
export function followViews(draw: (state: PanelState) => void): void {
  let state = keptState();
  draw(state);
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    if (!isViewEvent(data)) return;
    state = afterEvent(state, data);
    editor.setState(state);
    draw(state);
  });
  post({ type: 'ready' });
}

function afterEvent(state: PanelState, event: ViewEvent): PanelState {
  switch (event.type) {
    case 'stopped':
      return { view: event.view, phase: 'stopped', verdict: '' };
    case 'running':
      return { ...state, phase: 'running', verdict: '' };
    case 'ended':
      return { ...state, phase: 'ended', verdict: event.verdict };
  }
}

/** A run that went on when the panel was hidden may be over: what was kept is only a picture. */
function keptState(): PanelState {
  const kept = editor.getState() as PanelState | undefined;
  if (!kept?.view) return { phase: 'empty', verdict: '' };
  return { ...kept, phase: kept.phase === 'running' ? 'stopped' : kept.phase };
}

function isViewEvent(data: unknown): data is ViewEvent {
  const type = (data as Partial<ViewEvent> | null)?.type;
  return type === 'stopped' || type === 'running' || type === 'ended';
}
