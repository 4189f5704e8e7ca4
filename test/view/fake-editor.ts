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

export class FakePanel {
  readonly posted: unknown[] = [];
  readonly received = new Emitter<PanelMessage>();
  readonly stateChanged = new Emitter<void>();
  readonly disposed = new Emitter<void>();
  readonly onDidChangeViewState = this.stateChanged.event;
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

  private post(message: { type: string }): void {
    if (message.type !== 'heard?') this.posted.push(message);
    else if (!this.isBusy) this.received.fire({ type: 'heard' });
  }

  reveal(): void {
    this.revealed++;
  }

  dispose(): void {
    this.disposed.fire();
  }

  setVisible(visible: boolean): void {
    this.visible = visible;
    this.stateChanged.fire();
  }
}

interface Tracker {
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
  track!: (session: FakeSession) => Tracker;

  readonly debug = {
    activeDebugSession: undefined as FakeSession | undefined,
    onDidStartDebugSession: this.started.event,
    onDidTerminateDebugSession: this.terminated.event,
    onDidChangeActiveStackItem: new Emitter<unknown>().event,
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
    showErrorMessage: (message: string) => this.errors.push(message),
  };
  readonly workspace = { getConfiguration: () => ({ get: () => undefined }) };
  readonly commands = { executeCommand: () => Promise.resolve() };
  readonly Uri = { joinPath: (...parts: string[]) => parts.join('/') };
  readonly ViewColumn = { Beside: -2, Two: 2, Three: 3 };

  activate(session: FakeSession | undefined): void {
    this.debug.activeDebugSession = session;
    this.activeChanged.fire(session);
  }
}
