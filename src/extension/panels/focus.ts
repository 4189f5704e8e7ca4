// Keeps the focus in a panel or in the debug console when a session stops there.
import * as vscode from 'vscode';
import type { FocusKept } from '../../view/contract.ts';
import { debugType, leaveBranchRequest, panelRequest } from '../names.ts';
import { ExceptionBox, type FocusGiver } from './exception-box.ts';
import type { Surface } from './surface.ts';

/**
 * VS Code moves the focus to the editor at each stop, unless the adapter asks it not to; but then
 * it does not show the frame either. This command shows the frame of the first stopped session and
 * leaves the focus where it is.
 */
const showFrame = 'workbench.action.debug.focusProcess';
/** Shows it in any case, and takes the focus. */
const goToFrame = 'workbench.action.debug.callStackTop';
/** In the active editor, which is that of the frame. */
const closeBox = 'editor.debug.action.closeExceptionWidget';
const focusConsole = 'workbench.debug.action.focusRepl';

/** The frames must have arrived in the editor before one can be shown: on a busy machine, late. */
const attemptsMax = 500;
const attemptMs = 20;
/** Before each attempt with `goToFrame`, during which keys are lost, so many use `showFrame`. */
const gentleMax = 49;

/** The requests of the debug toolbar, of its keys, and of the commands beside them. */
const motions = new Set<string | undefined>([
  'continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue', 'restartFrame', 'goto',
  'pause', leaveBranchRequest,
]);

/** The part of the panels that the focus depends on. */
export interface FocusedPanels extends FocusGiver {
  /** The surface whose page has the focus. */
  readonly focused: Surface | undefined;
  /** Returns the focus to the surface that sent the last command. */
  focusLast(): void;
  /** Notifies the adapter of a session. */
  keepFocus(session: vscode.DebugSession, kept: FocusKept): void;
}

export class Focus implements vscode.Disposable {
  /** All debug sessions, whatever they debug. */
  private readonly sessions = new Set<vscode.DebugSession>();
  private readonly trackers = new Set<StopTracker>();
  private kept: FocusKept = 'never';
  private isPresenting = false;
  private readonly subscriptions: vscode.Disposable[];

  constructor(private readonly panels: FocusedPanels) {
    this.subscriptions = [
      vscode.debug.onDidStartDebugSession((session) => {
        this.sessions.add(session);
        const isNotified = this.update();
        if (!isNotified && session.type === debugType) panels.keepFocus(session, this.kept);
      }),
      vscode.debug.onDidTerminateDebugSession((session) => {
        this.sessions.delete(session);
        this.update();
      }),
      vscode.debug.registerDebugAdapterTrackerFactory(debugType, {
        createDebugAdapterTracker: (session) => {
          const tracker: StopTracker = new StopTracker(
            session,
            panels,
            () => this.isPresenting,
            () => this.trackers.delete(tracker),
          );
          this.trackers.add(tracker);
          return tracker;
        },
      }),
    ];
  }

  /** A surface has got or lost the focus. */
  moved(surface: Surface, hasFocus: boolean): void {
    this.update();
    for (const { box } of this.trackers) box.moved(surface, hasFocus);
  }

  /**
   * While panels are presented, no frame is shown: VS Code would bring back the editors that the
   * panels cover. The frame is shown once that is over.
   */
  presenting(isPresenting: boolean): void {
    this.isPresenting = isPresenting;
    this.update();
    if (!isPresenting) for (const tracker of this.trackers) tracker.showUnseen();
  }

  /** In a panel, the user has pressed a key that may open something else. */
  shortcutPressed(): void {
    for (const { box } of this.trackers) box.forget();
  }

  /** Whether all sessions were notified. */
  private update(): boolean {
    const kept = this.keptNow();
    if (kept === this.kept) return false;
    this.kept = kept;
    for (const session of this.sessions) {
      if (session.type === debugType) this.panels.keepFocus(session, kept);
    }
    return true;
  }

  private keptNow(): FocusKept {
    // With several sessions the first stopped one may be another.
    if (this.sessions.size !== 1) return 'never';
    return this.panels.focused || this.isPresenting ? 'always' : 'after commands';
  }

  dispose(): void {
    for (const subscription of this.subscriptions) subscription.dispose();
  }
}

interface Message {
  readonly type: string;
  readonly event?: string;
  readonly command?: string;
  readonly success?: boolean;
  readonly arguments?: { readonly context?: string; readonly type?: string };
  readonly body?: { readonly preserveFocusHint?: boolean; readonly reason?: string };
}

/** Where the focus was: the debug console, the panel that sent the last command, or a surface. */
type Place = 'console' | 'panel' | Surface;

/** Shows the frame of a stop that leaves the focus, and restores the focus after any other. */
class StopTracker implements vscode.DebugAdapterTracker {
  private isUnseen = false;
  /** Whether VS Code has the frames of the last stop. */
  private hasFrames = false;
  /** Whether a box was announced since it was last closed. */
  private hasBox = false;
  private commandedFrom: Place | undefined;
  /** The surface with the focus at the last step; the adapter may not know of that focus yet. */
  private steppedFrom: Surface | undefined;
  /** Where the last stop was commanded or stepped from. */
  private stoppedFrom: Place | undefined;
  /** A later stop makes an earlier one out of date. */
  private stops = 0;
  readonly box: ExceptionBox;

  constructor(
    private readonly session: vscode.DebugSession,
    private readonly panels: FocusedPanels,
    private readonly isPresenting: () => boolean,
    private readonly ended: () => void,
  ) {
    this.box = new ExceptionBox(panels);
  }

  onWillStopSession(): void {
    this.box.forget();
    this.ended();
  }

  onWillReceiveMessage({ type, command, arguments: given }: Message): void {
    if (type !== 'request') return;
    if (motions.has(command)) {
      this.steppedFrom = this.panels.focused ?? this.box.takesFrom;
      // What was typed before did not lead to the next stop: the console may be closed by now.
      this.commandedFrom = undefined;
    }
    if (command === 'evaluate' && given?.context === 'repl') this.commandedFrom = 'console';
    else if (command !== panelRequest) return;
    else if (given?.type === 'take' || given?.type === 'goto') this.commandedFrom = 'panel';
  }

  onDidSendMessage({ type, event, command, success, body }: Message): void {
    if (event === 'stopped') {
      this.stops++;
      this.box.forget();
      this.isUnseen = body?.preserveFocusHint === true;
      this.hasFrames = false;
      if (body?.reason !== 'exception') void this.closeBox(this.stops);
      const from = this.commandedFrom ?? this.steppedFrom;
      this.stoppedFrom = from;
      if (!this.isUnseen && from) void this.restore(from);
      this.commandedFrom = undefined;
      this.steppedFrom = undefined;
    }
    if (type === 'response' && command === 'exceptionInfo' && success === true) {
      this.hasBox = true;
      this.box.announced(this.panels.focused);
    }
    const hasFrames = type === 'response' && command === 'stackTrace' && success === true;
    if (hasFrames) this.hasFrames = true;
    this.showUnseen();
  }

  /** Shows the frame of the last stop, if VS Code has it and has not shown it. */
  showUnseen(): void {
    if (!this.hasFrames || !this.isUnseen || this.isPresenting()) return;
    this.isUnseen = false;
    void this.show(this.stops);
  }

  private async show(stop: number): Promise<void> {
    let isShown = false;
    let isRestoring = false;
    const listening = vscode.debug.onDidChangeActiveStackItem((item) => {
      isShown ||= item instanceof vscode.DebugStackFrame && item.session.id === this.session.id;
    });
    try {
      for (let attempt = 0; attempt < attemptsMax && !isShown; attempt++) {
        await new Promise((resolve) => setTimeout(resolve, attempt === 0 ? 0 : attemptMs));
        if (stop !== this.stops) return;
        const isGentle = attempt % (gentleMax + 1) < gentleMax;
        const from = this.panels.focused ?? this.stoppedFrom;
        if (from && !isGentle && !isRestoring) {
          isRestoring = true;
          void this.restore(from);
        }
        const command = isGentle ? showFrame : goToFrame;
        await vscode.commands.executeCommand(command).then(undefined, () => undefined);
      }
    } finally {
      listening.dispose();
    }
  }

  /**
   * VS Code closes the box of an earlier stop only if it has seen the run go on for 200 ms, or if
   * the next frame is in another file.
   */
  private async closeBox(stop: number): Promise<void> {
    if (!this.hasBox) return;
    if (!(await this.frameShown(stop))) return;
    this.hasBox = false;
    await vscode.commands.executeCommand(closeBox).then(undefined, () => undefined);
  }

  /** Resolves once VS Code has shown the frame of a stop, with whether that stop is the last. */
  private async frameShown(stop: number): Promise<boolean> {
    await new Promise<void>((resolve) => {
      const listening = vscode.debug.onDidChangeActiveStackItem((item) => {
        const isFrame = item instanceof vscode.DebugStackFrame;
        if (stop === this.stops && !(isFrame && item.session.id === this.session.id)) return;
        listening.dispose();
        resolve();
      });
    });
    return stop === this.stops;
  }

  /** VS Code moves the focus when it shows the frame. */
  private async restore(from: Place): Promise<void> {
    if (!(await this.frameShown(this.stops))) return;
    if (from === 'console') await vscode.commands.executeCommand(focusConsole);
    else if (from === 'panel') this.panels.focusLast();
    else await this.panels.focusOn(from);
  }
}
