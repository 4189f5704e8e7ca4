// The panels: their surfaces show the stops of a session, and send it commands.
import * as vscode from 'vscode';
import type {
  Answered,
  FocusKept,
  PageEvent,
  PanelCommand,
  PanelEvent,
  PanelMessage,
  PresentedMotion,
  ViewEvent,
} from '../../view/contract.ts';
import type { PictureFormat } from '../../view/export/picture-file.ts';
import { eventFor } from '../../view/panel-event.ts';
import { type PanelName, panelNames } from '../../view/panels.ts';
import { saveFiles } from '../exporting/save-files.ts';
import { reasonOf, refuse } from '../failures.ts';
import { debugType, panelRequest, viewEvent } from '../names.ts';
import { exporting as words } from '../words.ts';
import { Focus } from './focus.ts';
import { Opening } from './opening.ts';
import { Playing } from './playing.ts';
import { Presentation } from './presentation.ts';
import type { Surface } from './surface.ts';
import { type PageMessage, Surfaces } from './surfaces.ts';

type Stopped<Name extends PanelName> = Extract<PanelEvent<Name>, { type: 'stopped' }>;

/** Of the same session as the debug toolbar. */
const motionCommands: Record<PresentedMotion, string> = {
  'step back': 'workbench.action.debug.stepBack',
  step: 'workbench.action.debug.stepOver',
  continue: 'workbench.action.debug.continue',
};

export class Panels implements vscode.Disposable {
  private readonly surfaces: Surfaces;
  private readonly opening: Opening;
  private readonly presentation: Presentation;
  private readonly focus: Focus;
  readonly playing: Playing;
  /** The session that the panels show; it stays when it ends, until another one takes its place. */
  private shown: vscode.DebugSession | undefined;
  /** The surface that sent the last command. */
  private last: Surface | undefined;
  /** Whether the shown session is over. */
  private isOver = false;
  /** Whether the shown session has not said anything for panels yet. */
  private isLoading = false;
  /** Set if the shown session is not stopped: for a surface that becomes visible afterwards. */
  private phase: Extract<ViewEvent, { type: 'running' | 'ended' }> | undefined;
  /** What each panel with a loaded page shows: another surface of it shows the same at once. */
  private readonly stops = new Map<PanelName, Stopped<PanelName>>();
  private readonly subscriptions: vscode.Disposable[];

  constructor({
    extensionUri,
    workspaceState,
  }: Pick<vscode.ExtensionContext, 'extensionUri' | 'workspaceState'>) {
    this.surfaces = new Surfaces(vscode.Uri.joinPath(extensionUri, 'dist'), {
      received: (surface, message) => void this.receive(surface, message),
      hidden: (surface) => this.hidden(surface),
      shown: ({ panel, kind }) => kind === 'view' && this.opening.viewShown(panel),
      focusMoved: (surface, hasFocus) => this.focus.moved(surface, hasFocus),
      shortcutPressed: () => this.focus.shortcutPressed(),
    });
    this.opening = new Opening(this.surfaces, workspaceState);
    this.playing = new Playing(this.surfaces, workspaceState);
    this.focus = new Focus(this);
    this.presentation = new Presentation(this.surfaces, workspaceState, (isOn) =>
      this.focus.presenting(isOn),
    );
    this.subscriptions = [
      this.focus,
      this.opening,
      this.surfaces,
      vscode.debug.onDidStartDebugSession((session) => this.began(session)),
      vscode.debug.onDidTerminateDebugSession(({ id }) => {
        if (id !== this.shown?.id) return;
        this.isOver = true;
        if (this.isLoading) this.postAll({ type: 'loading', isOver: true });
        this.isLoading = false;
      }),
      vscode.debug.onDidChangeActiveDebugSession((session) => this.show(session)),
      vscode.debug.onDidReceiveDebugSessionCustomEvent((event) => this.reported(event)),
    ];
  }

  open(name: PanelName): Promise<void> {
    return this.opening.open(name);
  }

  openInEditor(name: PanelName): Promise<void> {
    return this.opening.openInEditor(name);
  }

  /** Pins the surface that last had the focus, or the one that is visible, or lets it follow. */
  pinOrFollow(): void {
    const visible = panelNames.flatMap((name) => this.surfaces.loadedOf(name));
    const surface = this.surfaces.lastFocused ?? visible.at(0);
    if (surface) this.surfaces.post(surface, { type: 'pin or follow' });
  }

  /** Pins the view of a panel, or lets it follow: the buttons in its title. */
  pinOrFollowView(name: PanelName): void {
    const surface = this.surfaces.loadedOf(name).find(({ kind }) => kind === 'view');
    if (surface) this.surfaces.post(surface, { type: 'pin or follow' });
  }

  /** Exports the picture of the panel that last had the focus, or of one that is visible. */
  exportPicture(format: PictureFormat): void {
    const visible = panelNames.flatMap((name) => this.surfaces.loadedOf(name));
    const { lastFocused } = this.surfaces;
    const surface = lastFocused && visible.includes(lastFocused) ? lastFocused : visible.at(0);
    if (!surface) return refuse(words.noPanel);
    this.surfaces.post(surface, { type: 'export', panel: surface.panel, format });
  }

  /** Space-Time shows the run of another scenario below the session's, once that is run. */
  async compareWith(program: string): Promise<void> {
    await this.open('spacetime');
    const selection = { compare: { type: 'twin' } } as const;
    await inform(this.shown, { type: 'select', panel: 'spacetime', selection });
    try {
      await this.shown?.customRequest(panelRequest, { type: 'compare', program });
    } catch (error) {
      refuse(reasonOf(error));
    }
  }

  /** Space-Time shows another branch below the one where the debugger is. */
  async compareWithBranch(number: number): Promise<void> {
    await this.open('spacetime');
    const selection = { compare: { type: 'branch', number } } as const;
    await inform(this.shown, { type: 'select', panel: 'spacetime', selection });
  }

  present(): Promise<void> {
    return this.presentation.toggle();
  }

  get focused(): Surface | undefined {
    return this.surfaces.focused;
  }

  focusLast(): void {
    this.last?.show(false);
  }

  focusOn(surface: Surface): Promise<void> {
    return this.surfaces.focusOn(surface);
  }

  /** Resolves once the page of the surface has reported every change of its focus until now. */
  heard(surface: Surface): Promise<void> {
    return this.surfaces.reported(surface);
  }

  keepFocus(session: vscode.DebugSession, kept: FocusKept): void {
    if (hasMoments(session)) void inform(session, { type: 'focus', kept });
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }

  private async began(session: vscode.DebugSession): Promise<void> {
    if (session.type === debugType && session.configuration.noDebug && this.isOver) this.clear();
    if (!hasMoments(session)) return;
    this.show(session);
    if (!this.presentation.isOn) await this.opening.openWithSession();
  }

  /** Shows another session. Only the adapter of the shown session computes views. */
  private show(session: vscode.DebugSession | undefined): void {
    if (!hasMoments(session) || session.id === this.shown?.id) return;
    for (const panel of this.surfaces.shownPanels()) {
      void inform(this.shown, { type: 'hidden', panel });
      void inform(session, { type: 'ready', panel });
    }
    this.shown = session;
    this.isOver = false;
    this.phase = undefined;
    this.stops.clear();
    this.isLoading = true;
    this.postAll({ type: 'loading', isOver: false });
  }

  /** A run without debugging shows nothing, and an earlier session must not be taken for it. */
  private clear(): void {
    this.shown = undefined;
    this.phase = undefined;
    this.stops.clear();
    this.isLoading = false;
    this.postAll({ type: 'cleared' });
  }

  private reported({ session, event, body }: vscode.DebugSessionCustomEvent): void {
    if (session.type !== debugType || event !== viewEvent) return;
    const active = vscode.debug.activeDebugSession;
    if (active?.type === debugType && active.id !== session.id) return;
    this.show(session);
    this.isLoading = false;
    const received = body as ViewEvent;
    const { type } = received;
    this.phase = type === 'stopped' || type === 'failed' ? undefined : received;
    for (const panel of panelNames) {
      const own = eventFor(received, panel);
      if (own?.type === 'stopped') this.stops.set(panel, own);
      if (own?.type === 'failed') this.stops.delete(panel);
      if (own) this.post(panel, own);
    }
  }

  private postAll(event: PageEvent): void {
    for (const panel of panelNames) this.post(panel, event);
  }

  private post(panel: PanelName, event: PageEvent): void {
    for (const surface of this.surfaces.of(panel)) this.surfaces.post(surface, event);
  }

  /** Another surface may still show the panel. */
  private hidden(surface: Surface): void {
    const { panel } = surface;
    this.playing.hidden(surface);
    if (this.surfaces.loadedOf(panel).length > 0) return;
    this.stops.delete(panel);
    void inform(this.shown, { type: 'hidden', panel });
  }

  private async receive(surface: Surface, message: PageMessage): Promise<void> {
    switch (message.type) {
      case 'ready':
        return this.loaded(surface, message);
      case 'ask':
        return this.ask(surface, message);
      case 'move':
        return void (await vscode.commands.executeCommand(motionCommands[message.motion]));
      case 'end presentation':
        return this.presentation.toggle();
      case 'playing':
        return this.playing.reported(surface, message.isPlaying);
      case 'speed':
        return this.playing.speedChosen(message.speed, surface);
      case 'save':
        return void (await saveFiles(message.files));
      default:
        return this.obey(surface, message);
    }
  }

  /** The adapter computes each panel once, however many surfaces show it. */
  private async loaded(
    surface: Surface,
    ready: Extract<PanelCommand, { type: 'ready' }>,
  ): Promise<void> {
    const { panel } = surface;
    const others = this.surfaces.loadedOf(panel).filter((one) => one !== surface);
    this.surfaces.load(surface);
    const stop = others.length > 0 ? this.stops.get(panel) : undefined;
    if (stop) this.surfaces.post(surface, stop);
    if (this.isLoading) this.surfaces.post(surface, { type: 'loading', isOver: false });
    const hasSession = this.shown !== undefined && !this.isOver;
    if (!stop) this.surfaces.post(surface, { type: 'opened', hasSession });
    const { phase } = this;
    if (phase && (stop || phase.type === 'ended')) this.surfaces.post(surface, phase);
    else if (!stop) await inform(this.shown, ready);
  }

  private async obey(surface: Surface, command: Exclude<PanelCommand, { type: 'ask' }>) {
    this.last = surface;
    try {
      await this.shown?.customRequest(panelRequest, command);
    } catch (error) {
      refuse(reasonOf(error));
    }
  }

  private async ask(
    surface: Surface,
    { number, ...command }: Extract<PanelMessage, { type: 'ask' }>,
  ): Promise<void> {
    try {
      const answered: Answered<PanelName> | undefined = await this.shown?.customRequest(
        panelRequest,
        command,
      );
      if (!answered) return this.surfaces.post(surface, { type: 'no answer', number, why: '' });
      this.surfaces.post(surface, { type: 'answer', number, answer: answered.answer });
    } catch (error) {
      this.surfaces.post(surface, { type: 'no answer', number, why: reasonOf(error) });
    }
  }
}

async function inform(
  session: vscode.DebugSession | undefined,
  command: PanelCommand,
): Promise<void> {
  try {
    await session?.customRequest(panelRequest, command);
  } catch {
    // A session that has ended refuses: it has nothing to show.
  }
}

/** Whether a session stops at moments that panels can show: not if it runs without debugging. */
function hasMoments(session: vscode.DebugSession | undefined): session is vscode.DebugSession {
  return session?.type === debugType && !session.configuration.noDebug;
}
