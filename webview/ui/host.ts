/** What every panel shares: it starts, receives events from the adapter, and posts commands. */

import type {
  Answers,
  Ending,
  Moment,
  PanelAnswer,
  PanelCommand,
  PanelEvent,
  PanelMessage,
  PictureFile,
  Questions,
  Views,
} from '../../src/view/contract.ts';
import type { FileEvent, FileMessage } from '../../src/view/history/history-view.ts';
import { panelElement } from '../../src/view/panels.ts';
import type { PanelName } from '../../src/view/panels.ts';
import { dressPage } from './theme.ts';

export interface PanelState<Name extends PanelName> {
  /** The last stop; undefined before the first. Both parts describe the same moment. */
  shown?: { moment: Moment; view: Views[Name] };
  phase: Phase;
}

/** What is shown is the present only while the debugger is stopped. */
export type Phase =
  | { type: 'empty' }
  | { type: 'stopped' }
  | { type: 'running' }
  | { type: 'ended'; ending: Ending };

/** The element of a panel. */
export interface Panel<Name extends PanelName> extends HTMLElement {
  state: PanelState<Name>;
}

interface EditorApi {
  postMessage(message: PanelMessage | FileMessage): void;
  getState(): unknown;
  setState(state: unknown): void;
}

declare function acquireVsCodeApi(): EditorApi;

const editor = acquireVsCodeApi();

export function post(command: Exclude<PanelCommand, { type: 'ask' }>): void {
  editor.postMessage(command);
}

/** The editor asks where the first file goes; the others are put beside it. */
export function saveFiles(files: PictureFile[]): void {
  editor.postMessage({ type: 'save', files });
}

interface Waiting {
  answered(answer: never): void;
  refused(why: Error): void;
}

const asked = new Map<number, Waiting>();
let questions = 0;

/** Resolves with the adapter's answer; rejects while there is none, as in a run that goes on. */
export function ask<Name extends PanelName>(
  panel: Name,
  question: Questions[Name],
): Promise<Answers[Name]> {
  const number = questions++;
  editor.postMessage({ type: 'ask', panel, question, number });
  return new Promise((answered, refused) => asked.set(number, { answered, refused }));
}

function takeAnswer(data: unknown): void {
  const answer = data as PanelAnswer | null;
  if (answer?.type !== 'answer' && answer?.type !== 'no answer') return;
  const waiting = asked.get(answer.number);
  asked.delete(answer.number);
  if (answer.type === 'answer') waiting?.answered(answer.answer as never);
  else waiting?.refused(new Error(answer.why));
}

/** From the page of a history file. */
export function postOfFile(message: FileMessage): void {
  editor.postMessage(message);
}

export function onFileEvent(receive: (event: FileEvent) => void): void {
  const types: ReadonlySet<unknown> = new Set<FileEvent['type']>([
    'opened', 'problem', 'read', 'verdict', 'done',
  ]);
  window.addEventListener('message', ({ data }: MessageEvent<Partial<FileEvent> | null>) => {
    if (types.has(data?.type)) receive(data as FileEvent);
  });
}

type AnyEvent = PanelEvent<PanelName>;

let keeps: (event: AnyEvent) => boolean = () => false;
let show: (event: AnyEvent) => void = () => undefined;
let remembered: Record<string, unknown> = {};

/** `decide` sees each event before the panel; one that it keeps is shown by `showEvent`, or never. */
export function keepEvents(decide: (event: AnyEvent) => boolean): void {
  keeps = decide;
}

export function showEvent(event: AnyEvent): void {
  show(event);
}

/** What the user has chosen in this panel, kept with its state. */
export function recall(key: string): unknown {
  const kept = editor.getState() as { remembered?: Record<string, unknown> } | undefined;
  remembered = { ...kept?.remembered, ...remembered };
  return remembered[key];
}

export function remember(key: string, value: unknown): void {
  recall(key);
  remembered[key] = value;
  editor.setState({ ...(editor.getState() as object | undefined), remembered });
}

/** Puts the panel on the page as it was before it was hidden, and keeps it up to date. */
export function startPanel<Name extends PanelName, Element extends Panel<Name>>(
  name: Name,
  PanelElement: new () => Element,
): Element {
  dressPage();
  customElements.define(panelElement(name), PanelElement);
  const panel = new PanelElement();
  panel.state = keptState<Name>();
  (document.getElementById('app') ?? document.body).append(panel);
  show = (event) => {
    panel.state = afterEvent(panel.state, event as PanelEvent<Name>);
    editor.setState({ ...panel.state, remembered });
  };
  recall('');
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    takeAnswer(data);
    if (isPanelEvent<Name>(data) && !keeps(data)) show(data);
  });
  post({ type: 'ready', panel: name });
  reportFocus();
  return panel;
}

/** Only the page itself knows: its editor may be inactive while the page has the focus. */
function reportFocus(): void {
  const report = (hasFocus: boolean) => editor.postMessage({ type: 'has focus', hasFocus });
  window.addEventListener('focus', () => report(true));
  window.addEventListener('blur', () => report(false));
  if (document.hasFocus()) report(true);
  window.addEventListener('message', ({ data }: MessageEvent<Partial<{ type: string }> | null>) => {
    if (data?.type === 'heard?') editor.postMessage({ type: 'heard' });
  });
  window.addEventListener('keydown', (event) => {
    if (mayOpenSomething(event)) editor.postMessage({ type: 'shortcut' });
  });
}

/** The keys of the debug toolbar open nothing, and pressing them again must not lose the focus. */
const toolbarKeys = new Set(['F5', 'F6', 'F10', 'F11']);
const modifierKeys = new Set(['Control', 'Shift', 'Alt', 'AltGraph', 'Meta']);

function mayOpenSomething({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): boolean {
  if (modifierKeys.has(key)) return false;
  return ctrlKey || altKey || metaKey || (/^F\d+$/.test(key) && !toolbarKeys.has(key));
}

function afterEvent<Name extends PanelName>(
  state: PanelState<Name>,
  event: PanelEvent<Name>,
): PanelState<Name> {
  switch (event.type) {
    case 'stopped':
      return { shown: { moment: event.moment, view: event.view }, phase: { type: 'stopped' } };
    case 'running':
      return { ...state, phase: { type: 'running' } };
    case 'ended':
      return { ...state, phase: { type: 'ended', ending: event.ending } };
    case 'cleared':
      return { phase: { type: 'empty' } };
  }
}

/**
 * VS Code discards the page of a hidden panel, but keeps its state. A run that went on meanwhile
 * may be over by now, so the kept phase is not trusted: the adapter reports the current one.
 */
function keptState<Name extends PanelName>(): PanelState<Name> {
  const kept = editor.getState() as Partial<PanelState<Name>> | undefined;
  // Earlier versions kept other data.
  if (!kept?.shown || !kept.phase) return { phase: { type: 'empty' } };
  const phase: Phase = kept.phase.type === 'running' ? { type: 'stopped' } : kept.phase;
  return { shown: kept.shown, phase };
}

function isPanelEvent<Name extends PanelName>(data: unknown): data is PanelEvent<Name> {
  const type = (data as Partial<PanelEvent<Name>> | null)?.type;
  return type === 'stopped' || type === 'running' || type === 'ended' || type === 'cleared';
}
