/** The life of a session: its phases, and the requests that fit each of them. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import { RequestRefusal, type Refused } from './refusal.ts';

export type Phase =
  /** Before `initialize`. */
  | 'connected'
  /** Before a launch, and after one that failed. */
  | 'initialized'
  /** The scenario and its protocol are being read. */
  | 'launching'
  /** The client sends its breakpoints, up to `configurationDone`. */
  | 'configuring'
  | 'running'
  /** Also at the end of a run, from which one can go back. */
  | 'stopped'
  /** The scenario is being read again; the run was stopped for it. */
  | 'restarting'
  | 'terminated'
  | 'disconnected';

const existing: readonly Phase[] = ['configuring', 'running', 'stopped', 'restarting'];
const readable: readonly Phase[] = ['configuring', 'stopped'];
const connected: readonly Phase[] = ['connected', 'initialized', 'launching', ...existing];

const groups: readonly (readonly [phases: readonly Phase[], commands: readonly string[]])[] = [
  [['connected'], ['initialize']],
  [['initialized'], ['launch']],
  [['configuring'], ['configurationDone']],
  [['running', 'stopped'], ['restart', 'pause']],
  [existing, ['lockstep/cancelFind', 'lockstep/savedFinding']],
  // The run may end by itself while the client asks for its end.
  [['launching', ...existing, 'terminated'], ['terminate']],
  [[...connected, 'terminated', 'disconnected'], ['disconnect']],
  [
    [...connected, 'terminated'],
    [
      ...['lockstep/panel ready', 'lockstep/panel hidden', 'lockstep/panel focus'],
      ...['lockstep/panel select', 'cancel'],
    ],
  ],
  [
    existing,
    [
      ...['setBreakpoints', 'setFunctionBreakpoints', 'setDataBreakpoints'],
      ...['setExceptionBreakpoints', 'breakpointLocations'],
    ],
  ],
  [[...existing, 'terminated'], ['threads', 'loadedSources', 'source']],
  [
    readable,
    [
      ...['stackTrace', 'scopes', 'variables', 'completions', 'dataBreakpointInfo'],
      ...['exceptionInfo', 'gotoTargets', 'stepInTargets'],
    ],
  ],
];

const fitting: ReadonlyMap<string, readonly Phase[]> = new Map(
  groups.flatMap(([phases, commands]) => commands.map((command) => [command, phases] as const)),
);

/** Whether a message has what every request must have: any client may send anything. */
export function isRequest(message: unknown): message is DebugProtocol.Request {
  if (typeof message !== 'object' || message === null) return false;
  const { type, seq, command } = message as Partial<DebugProtocol.Request>;
  return type === 'request' && Number.isSafeInteger(seq) && typeof command === 'string';
}

/** What moves the debugger, and every request that the table does not name. */
const otherwise: readonly Phase[] = ['stopped'];

export class Life {
  private now: Phase = 'connected';

  get phase(): Phase {
    return this.now;
  }

  /** Enters a phase, unless the session is over: nothing revives it. Returns whether it did. */
  enter(next: Phase): boolean {
    const isOver = this.now === 'disconnected' || this.now === 'terminated';
    if (isOver && next !== 'disconnected') return false;
    this.now = next;
    return true;
  }

  /** Refuses a request that does not fit the present phase. */
  admit(command: string, { type }: { readonly type?: unknown }): void {
    const name = command === 'lockstep/panel' ? `${command} ${String(type)}` : command;
    if ((fitting.get(name) ?? otherwise).includes(this.now)) return;
    throw new RequestRefusal({ code: this.obstacle(command) });
  }

  private obstacle(command: string): MisfitCode {
    const { now } = this;
    if (now === 'disconnected') return 'disconnected';
    if (command === 'initialize') return 'already initialized';
    switch (now) {
      case 'connected':
        return command === 'launch' ? 'not initialized' : 'not launched';
      case 'initialized':
        return 'not launched';
      case 'configuring':
        return command === 'launch' ? 'already launched' : 'configuring';
      case 'running':
      case 'stopped':
        if (command === 'launch') return 'already launched';
        return command === 'configurationDone' ? 'already configured' : 'running';
      case 'launching':
      case 'restarting':
      case 'terminated':
        return now;
    }
  }
}

type MisfitCode = Extract<
  Refused['code'],
  | ('not initialized' | 'already initialized' | 'not launched' | 'already launched')
  | ('launching' | 'configuring' | 'already configured' | 'running')
  | ('restarting' | 'terminated' | 'disconnected')
>;
