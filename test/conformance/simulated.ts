/** The simulated database under test: a server, and a client node per session. */
import { Effects } from '../../src/kernel/effects.ts';
import { start, step } from '../../src/kernel/step.ts';
import type { World } from '../../src/kernel/world.ts';
import { database } from '../../src/protocols/database/database.ts';
import { cycleThrough } from '../../src/protocols/database/locks/deadlock.ts';
import type { Answers, DatabaseState } from '../../src/protocols/database/state.ts';
import { sqlError } from '../../src/protocols/database/sql/errors.ts';
import type { Answer, Subject } from './transcript.ts';

const sessions = ['A', 'B', 'C', 'D'];

export class Simulated implements Subject {
  private world: World | undefined;
  private readonly effects = new Effects();
  /** The names of the events that the database reported. */
  readonly events: string[] = [];

  async begin(setup: readonly string[]): Promise<void> {
    this.events.length = 0;
    this.world = start({
      protocol: database,
      seed: 1,
      nodes: [
        { id: 'db', role: 'database', options: { overtaking: 0 } },
        ...sessions.map((id) => ({ id, role: 'client' })),
      ],
      network: { latency: [1, 1], loss: 0, duplicate: 0, reorder: false },
    });
    for (const sql of setup) {
      this.send('D', sql);
      await this.settle();
    }
  }

  send(session: string, sql: string): void {
    const args = { statement: sql };
    this.take({ type: 'invoke', at: this.world!.time, node: session, operation: 'sql', args });
  }

  async settle(): Promise<Answer[]> {
    const answers: Answer[] = [];
    for (;;) {
      const next = this.world!.next();
      const isInFlight = this.world!.queue.items.some(({ type }) => type === 'deliver');
      if (next === undefined || !(isInFlight || this.hasCycle())) return answers;
      this.take(next);
      const { message } = this.effects;
      if (message?.from !== 'db') continue;
      const body = message.body as unknown as { type: string };
      if (body.type === 'Result') {
        const { result } = body as unknown as Answers['Result'];
        answers.push({ session: message.to, result });
      } else if (body.type === 'Refused') {
        const { code, message: text } = body as unknown as Answers['Refused'];
        answers.push({ session: message.to, result: sqlError(code, text) });
      }
    }
  }

  async end(): Promise<void> {}

  get state(): DatabaseState {
    return this.world!.node('db')!.state as unknown as DatabaseState;
  }

  private hasCycle(): boolean {
    return Object.keys(this.state.sessions).some((id) => cycleThrough(this.state, id));
  }

  private take(action: Parameters<typeof step>[1]): void {
    if (!step(this.world!, action, this.effects)) throw new Error(`the action ${action.type} is not possible`);
    if (this.effects.failure) throw new Error(this.effects.failure.stack);
    this.events.push(...this.effects.events.map(({ name }) => name));
  }
}
