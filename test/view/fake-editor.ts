/** As much of the `vscode` module as the panels use, for tests without an editor. */
import type { PanelCommand, PanelMessage } from '../../src/view/contract.ts';

class Emitter<Value> {
  private readonly listeners = new Set<(value: Value) => void>();
  readonly event = (listener: (value: Value) => void) => {
    this.listeners.add(listener);
    return { dispose: () => this.listeners.delete(listener) };
  };

  fire(value: Value): void {
    for (const listener of this.listeners) listener(value);
  }
}

export class FakeSession {
  readonly type = 'lockstep';
  /** What the adapter was asked for. */
  readonly requests: PanelCommand[] = [];
  /** The message with which it refuses every request. */
  refusal: string | undefined;

  constructor(
    readonly id: string,
    readonly configuration: { noDebug?: boolean } = {},
  ) {}

  customRequest(_name: string, command: PanelCommand): Promise<void> {
    this.requests.push(command);
    return this.refusal === undefined
      ? Promise.resolve()
      : Promise.reject(new Error(this.refusal));
  }
}

/** A tab, or a view, which has the same page. */
export class FakePanel {
  readonly posted: unknown[] = [];
  /** Whether a session is over, of each message that one is loading. */
  readonly loading: boolean[] = [];
  /** Whether there is a session, of each answer to a page that opened. */
  readonly opened: boolean[] = [];
  readonly received = new Emitter<PanelMessage>();
  readonly stateChanged = new Emitter<void>();
  readonly disposed = new Emitter<void>();
  readonly onDidChangeViewState = this.stateChanged.event;
  readonly onDidChangeVisibility = this.stateChanged.event;
  readonly onDidDispose = this.disposed.event;
  visible = true;
  readonly webview = {
    options: {},
    html: '',
    cspSource: 'self',
    asWebviewUri: (uri: string) => uri,
    postMessage: (message: { type: string }) => this.post(message),
    onDidReceiveMessage: this.received.event,
  };

  constructor(
    readonly type: string,
    readonly title: string,
    readonly viewColumn: number,
  ) {}

  /** How often the panel was given the focus. */
  revealed = 0;
  /** Whether its page does not get to answering. */
  isBusy = false;

  private post(message: { type: string; isOver?: boolean; hasSession?: boolean }): void {
    if (message.type === 'loading') this.loading.push(message.isOver!);
    else if (message.type === 'opened') this.opened.push(message.hasSession!);
    else if (message.type !== 'heard?') this.posted.push(message);
    else if (!this.isBusy) this.received.fire({ type: 'heard' });
  }

  reveal(): void {
    this.revealed++;
  }

  show(preserveFocus: boolean): void {
    if (!preserveFocus) this.revealed++;
  }

  dispose(): void {
    this.disposed.fire();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.stateChanged.fire();
  }
}

class FakeFrame {
  constructor(readonly session: FakeSession) {}
}

interface ViewProvider {
  resolveWebviewView(view: FakePanel): void;
}

/** As much of `vscode.Memento` as is used. */
export class FakeMemory {
  private readonly values = new Map<string, unknown>();

  get(key: string): unknown {
    return this.values.get(key);
  }

  update(key: string, value: unknown): Promise<void> {
    this.values.set(key, value);
    return Promise.resolve();
  }
}

interface Tracker {
  onWillReceiveMessage(message: object): void;
  onDidSendMessage(message: object): void;
  onWillStopSession(): void;
}

interface TrackerFactory {
  createDebugAdapterTracker(session: FakeSession): Tracker;
}

interface CustomEvent {
  session: FakeSession;
  event: string;
  body: unknown;
}

/** Serves as the module `vscode`; `panels` and `errors` are what a user would see. */
export class FakeEditor {
  readonly started = new Emitter<FakeSession>();
  readonly terminated = new Emitter<FakeSession>();
  readonly activeChanged = new Emitter<FakeSession | undefined>();
  readonly customEvent = new Emitter<CustomEvent>();
  readonly panels: FakePanel[] = [];
  readonly errors: string[] = [];
  /** The commands that were executed, each with its first argument. */
  readonly executed: [string, unknown?][] = [];
  /** What `setContext` was called with. */
  readonly contexts: [unknown, unknown][] = [];
  readonly settings: Record<string, unknown> = {};
  private readonly views = new Map<string, ViewProvider>();
  private readonly stackItem = new Emitter<unknown>();
  private readonly configured = new Emitter<{ affectsConfiguration(name: string): boolean }>();
  track!: (session: FakeSession) => Tracker;

  readonly debug = {
    activeDebugSession: undefined as FakeSession | undefined,
    onDidStartDebugSession: this.started.event,
    onDidTerminateDebugSession: this.terminated.event,
    onDidChangeActiveStackItem: this.stackItem.event,
    registerDebugAdapterTrackerFactory: (_type: string, factory: TrackerFactory) => {
      this.track = (session) => factory.createDebugAdapterTracker(session);
      return { dispose: () => undefined };
    },
    onDidChangeActiveDebugSession: this.activeChanged.event,
    onDidReceiveDebugSessionCustomEvent: this.customEvent.event,
  };
  readonly window = {
    tabGroups: { all: [{ tabs: [] }] },
    createWebviewPanel: (type: string, title: string, place: { viewColumn: number }) => {
      const panel = new FakePanel(type, title, place.viewColumn);
      this.panels.push(panel);
      return panel;
    },
    registerWebviewPanelSerializer: () => ({ dispose: () => undefined }),
    registerWebviewViewProvider: (type: string, provider: ViewProvider) => {
      this.views.set(type, provider);
      return { dispose: () => undefined };
    },
    showErrorMessage: (message: string) => this.errors.push(message),
  };
  readonly workspace = {
    getConfiguration: () => ({ get: (name: string) => this.settings[name] }),
    onDidChangeConfiguration: this.configured.event,
  };
  readonly commands = {
    executeCommand: (name: string, argument?: unknown, value?: unknown) => {
      if (name === 'setContext') this.contexts.push([argument, value]);
      this.executed.push(argument === undefined ? [name] : [name, argument]);
      const type = /^(lockstep\.(?:view|presented)\.\w+)\.focus$/.exec(name)?.[1];
      if (type !== undefined) this.openView(type);
      return Promise.resolve();
    },
  };
  readonly l10n = { bundle: undefined };
  /** What VS Code calls a frame that it shows. */
  readonly DebugStackFrame = FakeFrame;
  readonly Uri = { joinPath: (...parts: string[]) => parts.join('/') };
  readonly ViewColumn = { Beside: -2, Two: 2, Three: 3 };

  /** The user opens a view, or a command does. */
  openView(type: string): FakePanel {
    const known = this.panels.find((panel) => panel.type === type);
    if (known) {
      known.setVisible(true);
      return known;
    }
    const view = new FakePanel(type, '', 0);
    this.panels.push(view);
    this.views.get(type)!.resolveWebviewView(view);
    return view;
  }

  showFrame(session: FakeSession): void {
    this.stackItem.fire(new FakeFrame(session));
  }

  configure(name: string, value: unknown): void {
    this.settings[name] = value;
    this.configured.fire({ affectsConfiguration: (changed) => changed === name });
  }

  activate(session: FakeSession | undefined): void {
    this.debug.activeDebugSession = session;
    this.activeChanged.fire(session);
  }
}
