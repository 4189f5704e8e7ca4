/** A conversation with the adapter as text: requests, responses and events, without what varies. */
import { readFileSync } from 'node:fs';
import type { DebugProtocol } from '@vscode/debugprotocol';
import { type Bodies, type Client, repository } from './client.ts';

type Stopped = DebugProtocol.StoppedEvent['body'];

export class Transcript {
  private readonly lines: string[] = [];
  private frames: DebugProtocol.StackFrame[] = [];
  /** How many events were looked through for outputs. */
  private seen = 0;

  constructor(readonly client: Client) {}

  get text(): string {
    return this.lines.join('\n');
  }

  title(text: string): void {
    this.lines.push(this.lines.length > 0 ? '' : `# ${text}`);
    if (this.lines.length > 1) this.lines.push(`# ${text}`);
  }

  say(text: string): void {
    for (const line of text.trimEnd().split('\n')) this.lines.push(stable(line));
  }

  /** A request and its response. */
  async ask<Command extends keyof Bodies & string>(command: Command, args?: object) {
    this.say(`> ${command}${args ? ` ${short(args)}` : ''}`);
    const { success, message, body } = await this.client.send(command, args);
    const answer = success ? short(body) : `refused: ${message}`;
    if (answer !== '') this.say(`  ${answer}`);
    return body as Bodies[Command];
  }

  /** A request that leads to a stop. */
  async move(command: string, args: object = { threadId: 1 }): Promise<Stopped> {
    const others = short({ ...args, threadId: undefined });
    const thread = (args as { threadId?: number }).threadId ?? 1;
    const onThread = thread === 1 ? '' : ` on thread ${thread}`;
    this.say(`> ${command}${onThread}${others === '{}' ? '' : ` ${others}`}`);
    return this.stopped(await this.client.move(command, args));
  }

  stopped(stop: Stopped): Stopped {
    this.outputs();
    const { reason, description, text, threadId, hitBreakpointIds } = stop;
    const parts = [
      reason,
      ...(description ? [description] : []),
      ...(text ? [text] : []),
      ...(threadId === 1 ? [] : [`thread ${threadId}`]),
      ...(hitBreakpointIds ? [`breakpoints ${hitBreakpointIds.join(', ')}`] : []),
    ];
    this.say(`* stopped: ${parts.join(' | ')}`);
    return stop;
  }

  /** What was written to the console since the last call. */
  outputs(): void {
    const { events } = this.client;
    for (; this.seen < events.length; this.seen++) {
      const { event, body } = events[this.seen];
      if (event === 'output') this.output(body as DebugProtocol.OutputEvent['body']);
    }
  }

  private output({ output, category, source, line }: DebugProtocol.OutputEvent['body']): void {
    const place = source ? ` (${source.name}:${line})` : '';
    const mark = category === 'stderr' ? '!' : '|';
    for (const text of output.trimEnd().split('\n')) this.say(`${mark} ${text}${place}`);
  }

  async stack(threadId = 1, args: object = {}): Promise<DebugProtocol.StackFrame[]> {
    const { stackFrames } = await this.client.ask('stackTrace', { threadId, ...args });
    this.frames = stackFrames;
    for (const { name, source, line } of stackFrames) {
      this.say(source ? `    ${name}  ${placeText(source, line)}` : `    ${name}`);
    }
    return stackFrames;
  }

  /** The rows of the scopes of a frame whose names begin with a string. */
  async scope(begin: string, frame = 0): Promise<DebugProtocol.Variable[]> {
    const { scopes } = await this.client.ask('scopes', { frameId: this.frames[frame].id });
    const rows: DebugProtocol.Variable[] = [];
    for (const { name, variablesReference } of scopes) {
      if (!name.startsWith(begin)) continue;
      const { variables } = await this.client.ask('variables', { variablesReference });
      this.say(`    [${name}]`);
      for (const row of variables) this.say(`      ${row.name}: ${row.value}`);
      rows.push(...variables);
    }
    return rows;
  }

  async scopeNames(): Promise<void> {
    const { scopes } = await this.client.ask('scopes', { frameId: this.frames[0].id });
    this.say(`    scopes: ${scopes.map(({ name }) => name).join(' | ')}`);
  }

  async evaluate(expression: string, context: string): Promise<void> {
    const args = { expression, context, frameId: this.frames[0]?.id };
    const { success, message, body } = await this.client.send('evaluate', args);
    const { result } = (body ?? {}) as { result?: string };
    this.say(`> ${context}: ${expression}`);
    this.say(`  ${success ? result : `refused: ${message}`}`);
  }
}

/**
 * A line of a protocol's source by its code, so that a golden text survives a line that is added
 * above it; a line of a scenario by its number.
 */
function placeText({ name, path }: DebugProtocol.Source, line: number): string {
  if (!path?.endsWith('.ts')) return `${name}:${line}`;
  const code = readFileSync(path, 'utf8').split('\n')[line - 1];
  return `${name}: ${code.trim()}`;
}

/** Starts a conversation up to the first stop. */
export async function launched(client: Client, args: object, setUp?: () => Promise<void>) {
  await client.ask('initialize', { adapterID: 'lockstep', pathFormat: 'path' });
  const initialized = client.event('initialized');
  await client.ask('launch', args);
  await initialized;
  await setUp?.();
  const stop = client.event<Stopped>('stopped');
  await client.ask('configurationDone');
  return stop;
}

function short(value: unknown): string {
  return value === undefined ? '' : stable(JSON.stringify(value));
}

/** Replaces paths and numbers that change from run to run. */
function stable(text: string): string {
  return text
    .replaceAll(repository, '<root>/')
    .replace(/"(variablesReference|frameId)":[1-9]\d*/g, '"$1":<number>')
    .replace(/"(seq|request_seq)":\d+/g, '"$1":<number>')
    .replace(/(\braft[\w-]*\.ts):\d+/g, '$1:<number>');
}
