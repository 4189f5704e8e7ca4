/** What every panel shares: it starts, receives events from the adapter, and posts commands. */

import type {
  Answers,
  PageEvent,
  PanelAnswer,
  PanelCommand,
  PanelEvent,
  PanelMessage,
  Questions,
} from '../../src/view/contract.ts';
import type { PictureFile } from '../../src/view/export/picture-file.ts';
import type { FileEvent, FileMessage } from '../../src/view/history/history-view.ts';
import { panelElement } from '../../src/view/panels.ts';
import type { PanelName } from '../../src/view/panels.ts';
import { afterEvent, following, isBehind, pinned, restored } from './follow.ts';
import type * as states from './state.ts';
import { markRoom } from './room.ts';
import { dressPage } from './theme.ts';
import { startToolbar } from './head/toolbar.ts';
import type { Playable } from './head/toolbar.ts';

export type Phase = states.Phase;
export type PanelState<Name extends PanelName> = states.PanelState<Name>;

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

/** Called before a command is posted: whether it may be, since a pinned page shows the past. */
let mayPost: (command: PanelCommand) => boolean = () => true;

export function post(command: Exclude<PanelCommand, { type: 'ask' }>): void {
  if (mayPost(command)) editor.postMessage(command);
}

/** The editor asks where the first file goes; the others are put beside it. */
export function saveFiles(files: PictureFile[]): void {
  editor.postMessage({ type: 'save', files });
}

/** What is about the moment that is shown. */
const acts: ReadonlySet<PanelCommand['type']> = new Set([
  'take', 'do', 'goto', 'run to', 'scenario step',
] as const);

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

/** Why there is no answer. A panel that does not handle it goes on showing what it did. */
class NoAnswer extends Error {
  override readonly name = 'NoAnswer';
}

/** In the page of an exported run, which has several panels: the answers to all of them. */
export function listenForAnswers(): void {
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => takeAnswer(data));
}

function takeAnswer(data: unknown): void {
  const answer = data as PanelAnswer | null;
  if (answer?.type !== 'answer' && answer?.type !== 'no answer') return;
  const waiting = asked.get(answer.number);
  asked.delete(answer.number);
  if (answer.type === 'answer') waiting?.answered(answer.answer as never);
  else waiting?.refused(new NoAnswer(answer.why));
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

/** What plays the session in this page, for the toolbar of a presentation. */
let played: Playable | undefined;
let playChanged: () => void = () => undefined;

export function offerPlay(playable: Playable): void {
  played = playable;
}

/** It has begun or ended. */
export function notePlay(): void {
  playChanged();
  const isPlaying = played?.isPlaying === true;
  if (isPlaying !== wasPlaying) editor.postMessage({ type: 'playing', isPlaying });
  wasPlaying = isPlaying;
}

let wasPlaying = false;

/** The user has chosen a speed in this page. */
export function noteSpeed(speed: number): void {
  editor.postMessage({ type: 'speed', speed });
}

function obeyPlayer(data: unknown): void {
  const event = data as PageEvent | null;
  if (event?.type !== 'play or pause' && event?.type !== 'speed') return;
  if (event.speed !== undefined) played?.setSpeed(event.speed);
  if (event.type === 'play or pause') played?.toggle();
}

let keeps: (event: AnyEvent) => boolean = () => false;
let show: (event: AnyEvent) => void = () => undefined;
let remembered: Record<string, unknown> = {};

/** `decide` sees each event first; one that it keeps is shown by `showEvent`, or never. */
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
  const isPresented = document.getElementById('app')?.dataset.of === 'presented';
  dressPage(isPresented);
  markRoom();
  customElements.define(panelElement(name), PanelElement);
  const panel = new PanelElement();
  const toolbar = startToolbar({
    isPresented,
    pinOrFollow: () => shows(panel.state.now ? following(panel.state) : pinned(panel.state)),
    play: () => played,
    send: (message) => editor.postMessage(message),
  });
  let isPinned = false;
  playChanged = () => toolbar.requestUpdate();
  const shows = (state: PanelState<Name>) => {
    panel.state = state;
    toolbar.state = state;
    const wasPinned = isPinned;
    isPinned = state.now !== undefined;
    if (isPinned !== wasPinned) editor.postMessage({ type: 'pinned', isPinned });
    editor.setState({ ...state, remembered });
  };
  recall('');
  shows(restored<Name>(editor.getState()));
  show = (event) => shows(afterEvent(panel.state, event as PanelEvent<Name>));
  (document.getElementById('app') ?? document.body).append(toolbar, panel);
  window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
    takeAnswer(data);
    obeyPlayer(data);
    if (isPinCommand(data)) toolbar.pinOrFollow();
    else if (isPanelEvent<Name>(data) && !keeps(data)) show(data);
  });
  mayPost = (command) => {
    // What a user selects is computed at the moment of the session.
    if (command.type === 'select') shows(following(panel.state));
    if (!acts.has(command.type) || !isBehind(panel.state)) return true;
    toolbar.refuse();
    return false;
  };
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

function isPinCommand(data: unknown): boolean {
  return (data as Partial<PageEvent> | null)?.type === 'pin or follow';
}

const panelEvents: ReadonlySet<string> = new Set<AnyEvent['type']>([
  'loading', 'opened', 'stopped', 'running', 'ended', 'failed', 'cleared',
]);

function isPanelEvent<Name extends PanelName>(data: unknown): data is PanelEvent<Name> {
  const type = (data as Partial<PanelEvent<Name>> | null)?.type;
  return type !== undefined && panelEvents.has(type);
}
