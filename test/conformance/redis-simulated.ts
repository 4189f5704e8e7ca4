// The simulated Redis without a cluster: one connection that executes commands at a given time.
import type { ServerHost } from '../../src/protocols/redis/commands/execute.ts';
import { execute } from '../../src/protocols/redis/commands/execute.ts';
import { emptyData, newSession, type RedisData, type Session } from '../../src/protocols/redis/data.ts';
import type { Reply } from '../../src/protocols/redis/reply.ts';

export class SimulatedRedis {
  readonly data: RedisData = emptyData();
  private readonly session: Session;

  /** `nowMs` reads the clock that the simulation shares with the real server. */
  constructor(private readonly nowMs: () => number) {
    this.session = newSession(this.data, 'client', 'client');
    this.data.sessions.push(this.session);
  }

  /** Executes a command; one that blocks has the reply null, as after its time. */
  send(args: readonly string[]): Reply {
    const { data, session } = this;
    const reply = execute({ data, host, clock: this.nowMs() * 1000 }, session, args, 1);
    session.blocked = null;
    data.dirty = [];
    return reply ?? null;
  }
}

/** A server that is alone, and always has time. */
const host: ServerHost = {
  isPrimary: true,
  hasEnoughReplicas: true,
  elapsed: 0,
  random: () => 0,
  push: () => {},
  answer: () => {},
  close: () => {},
  expired: () => {},
  blocked: () => {},
  unblocked: () => {},
  confirmed: () => 0,
  follow: () => null,
  role: () => ['master', 0, []],
  configured: () => {},
  sleep: () => {},
  runaway: () => {},
};
