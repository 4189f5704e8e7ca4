/** The life of a session as its client sees it, and what must not happen in each part of it. */

export type Life = 'new' | 'launched' | 'started' | 'terminated' | 'closed';

const motions = new Set([
  ...['continue', 'next', 'stepIn', 'stepOut', 'stepBack', 'reverseContinue'],
  ...['goto', 'restartFrame'],
]);

/** A request as it was when it was sent. */
export interface Sent {
  readonly command: string;
  readonly args: Record<string, unknown>;
  readonly life: Life;
  readonly isRunning: boolean;
}

export class SessionLife {
  life: Life = 'new';
  /** True from an accepted motion to the stop to which it leads. */
  isRunning = false;
  /** True if the last request may have moved the debugger, and need not have. */
  private mayStop = false;
  private initializations = 0;
  private isEnding = false;
  /** True once a request was accepted that should not have been: what follows is its consequence. */
  private isAstray = false;
  /** The program that was launched last. */
  program = '';

  constructor(private readonly report: (message: string) => void) {}

  private fault(message: string): void {
    if (!this.isAstray) this.report(message);
    this.isAstray = true;
  }

  sent(command: string, args: Record<string, unknown>): Sent {
    const { life, isRunning } = this;
    // The response to a reload has its result, so its stop comes first.
    if (command === 'lockstep/reload' && life === 'started' && !isRunning) this.mayStop = true;
    return { command, args, life, isRunning };
  }

  /** A successful response. */
  granted({ command, args, life, isRunning }: Sent): void {
    if (this.life === 'closed') {
      if (command !== 'disconnect' && life === 'closed') this.fault(`${command} was accepted when closed`);
      return;
    }
    if (isMotion(command, args)) return this.moves(command, life, isRunning);
    switch (command) {
      case 'initialize':
        if (++this.initializations > 1) this.fault('a second initialize was accepted');
        return;
      case 'launch':
        if (this.life === 'launched' || this.life === 'started')
          this.fault('a second launch was accepted');
        this.life = 'launched';
        this.program = programOf(args) ?? '';
        return;
      case 'configurationDone':
        if (life !== 'launched') this.fault(`configurationDone was accepted when ${life}`);
        else this.life = 'started';
        this.isRunning = life === 'launched';
        return;
      case 'restart':
        if (life === 'new') this.fault('restart was accepted before a launch');
        this.life = 'started';
        this.isRunning = true;
        this.program = programOf(args.arguments) ?? this.program;
        return;
      case 'lockstep/reload':
        if (life !== 'started') this.fault(`${command} was accepted when ${life}`);
        return;
      case 'pause':
        if (life !== 'started') this.fault(`pause was accepted when ${life}`);
        else if (!isRunning) this.mayStop = true;
        return;
      case 'evaluate':
        if (args.context === 'repl') this.mayStop = true;
        return;
      case 'terminate':
        this.isEnding ||= life === 'started' || life === 'launched';
        return;
      case 'disconnect':
        this.life = 'closed';
        this.isRunning = false;
        this.isEnding = false;
        return;
    }
  }

  private moves(command: string, life: Life, isRunning: boolean): void {
    if (life !== 'started') this.fault(`${command} was accepted when ${life}`);
    else if (isRunning) this.fault(`${command} was accepted during a run`);
    this.isRunning = true;
    this.mayStop = false;
  }

  event(name: string): void {
    if (name === 'stopped') this.stopped();
    if (name === 'terminated') this.terminated();
    if (name === 'initialized' && this.life !== 'launched')
      this.fault(`initialized was sent when ${this.life}`);
  }

  private stopped(): void {
    if (this.life !== 'started') this.fault(`the debugger stopped when ${this.life}`);
    else if (!this.isRunning && !this.mayStop) this.fault('the debugger stopped without a motion');
    if (!this.isRunning) this.mayStop = false;
    this.isRunning = false;
  }

  private terminated(): void {
    if (this.life === 'new' || this.life === 'terminated' || this.life === 'closed') {
      this.fault(`terminated was sent when ${this.life}`);
    }
    if (this.life !== 'closed') this.life = 'terminated';
    this.isRunning = false;
    this.isEnding = false;
  }

  /** To be called when all has been answered and nothing runs. */
  settled(): void {
    if (this.isEnding) this.fault('terminate was accepted and nothing was terminated');
  }
}

export function isMotion(command: string, args: Record<string, unknown>): boolean {
  if (command === 'lockstep/panel') return args.type === 'goto' || args.type === 'take';
  return motions.has(command);
}

function programOf(args: unknown): string | undefined {
  const { program } = (args ?? {}) as { program?: unknown };
  return typeof program === 'string' ? program : undefined;
}
