// Replays transcripts of PostgreSQL on the simulated database: a client node for each actor.
import type { Effects } from '../../../src/kernel/effects.ts';
import { database } from '../../../src/protocols/database/database.ts';
import { blockersOf } from '../../../src/protocols/database/locks/lock-table.ts';
import { modeName } from '../../../src/protocols/database/locks/modes.ts';
import { activity, awaitedLock } from '../../../src/protocols/database/locks/views.ts';
import { notModelled } from '../../../src/protocols/database/sql/errors.ts';
import type {
  Answers, DatabaseState, Session, SessionId,
} from '../../../src/protocols/database/state.ts';
import { type Adapter, type Data, NotModelled, replaying, type Step } from './adapter.ts';
import { SimulatedRun } from './simulated-run.ts';
import { Faults } from './postgres-faults.ts';
import { type Operation, replaySteps } from './steps.ts';

/** The tables before each sequence. */
const setup = [
  'CREATE TABLE t (id integer PRIMARY KEY, v integer, grp text)',
  "INSERT INTO t VALUES (1,10,'a'), (2,20,'a'), (3,30,'b'), (4,40,'b'), (5,50,'c')",
  'CREATE TABLE acct (id integer PRIMARY KEY, bal integer)',
  'INSERT INTO acct VALUES (1,100), (2,100)',
  'CREATE TABLE child (id integer PRIMARY KEY, tid integer REFERENCES t(id))',
  'CREATE TABLE job (id integer PRIMARY KEY, state text, owner text, prio integer)',
  "INSERT INTO job SELECT i, 'new', null, i FROM generate_series(1,6) i",
].join('; ');

/** The client that creates the tables and looks at them, as the recorder does. */
const recorder = 'recorder';

/** A client connects when a step says so, and not by itself. */
const clientOptions = { reconnectAfter: [3_600_000_000, 3_600_000_000] };

type Answer = Answers['Result'] | Answers['Refused'];

export const postgres: Adapter = {
  replay: (transcript, seed) =>
    replaying(() => {
      const actors = transcript.steps.flatMap(({ actor }) => (actor === undefined ? [] : [actor]));
      const subject = new Subject([...new Set(actors)], seed);
      return replaySteps(transcript, subject.faults, (step) => subject.begin(step));
    }),
};

class Subject {
  readonly run: SimulatedRun;
  readonly faults: Faults;
  /** Fatal errors that clients have received between their statements. */
  private readonly farewells = new Map<string, Answer>();
  /** The answers that clients have received, by the number of the statement. */
  private readonly answers = new Map<string, Answer>();
  private readonly notifications = new Map<string, Data[]>();

  constructor(actors: readonly string[], seed: number) {
    this.run = new SimulatedRun(
      {
        protocol: database,
        seed,
        nodes: [
          { id: 'db', role: 'database' },
          ...[...actors, recorder].map((id) => ({ id, role: 'client', options: clientOptions })),
        ],
        network: { latency: [100, 100], loss: 0, duplicate: 0, reorder: false },
      },
      (effects) => this.note(effects),
    );
    this.faults = new Faults(this.run, (client, sql) => this.query(client, sql));
    this.query(recorder, setup);
    while (this.answerOf(recorder) === undefined) this.run.advance(Infinity);
  }

  private note(effects: Effects): void {
    const { message } = effects;
    // The first effects are those of the constructor.
    this.faults?.note(effects);
    if (message?.from !== 'db' || this.faults?.isIntercepting) return;
    const body = message.body as unknown as { type: string };
    if (body.type === 'Notification') {
      const { channel, payload } = body as unknown as Answers['Notification'];
      const received = this.notifications.get(message.to) ?? [];
      this.notifications.set(message.to, [...received, [channel, payload]]);
    } else if (body.type === 'Result' || body.type === 'Refused') {
      const answer = body as unknown as Answer;
      this.answers.set(`${message.to} ${answer.serial}`, answer);
      if ('severity' in answer && answer.severity === 'FATAL') this.farewells.set(message.to, answer);
    }
  }

  // Statements

  private query(client: string, sql: string): void {
    const args = { statement: sql };
    this.run.take({ type: 'invoke', node: client, operation: 'sql', args });
  }

  /** The answer to the last statement of a client; undefined until it has come. */
  private answerOf(client: string): Answer | undefined {
    const { serial } = this.run.world.node(client)!.state as unknown as { serial: number };
    return this.answers.get(`${client} ${serial}`);
  }

  private asked(client: string, sql: string): Operation {
    if (!this.faults.hasEnded(client)) this.query(client, sql);
    return {
      poll: () => {
        const answer = this.answerOf(client);
        if (answer !== undefined && !this.farewells.has(client)) return resultOf(answer);
        if (!this.faults.hasEnded(client)) return undefined;
        const farewell = this.farewells.get(client);
        this.farewells.delete(client);
        return resultOf(farewell) ?? { results: [{ connection: 'ended' }] };
      },
    };
  }

  // Steps

  begin({ actor = recorder, action, args = {} }: Step): Operation | undefined {
    switch (action) {
      case 'connect':
        return this.connect(actor, (args.set ?? {}) as Readonly<Record<string, string>>);
      case 'query':
        return this.asked(actor, String(args.sql));
      case 'look': {
        this.query(recorder, String(args.sql));
        return { poll: () => rowsOf(this.answerOf(recorder)) };
      }
      case 'wait-until-blocked':
        return { poll: () => this.blockedOn(actor) };
      case 'blocked-by':
        return now({ 'blocked-by': this.blockersOf(actor) });
      case 'state':
        return now({ state: this.stateOf(actor) });
      case 'locks':
        return now({ locks: this.advisoryLocks() });
      case 'notified':
        return now({ notifications: this.takeNotifications(actor) });
      case 'cancel':
        return this.signal(actor, 'pg_cancel_backend');
      case 'kill-session':
        return this.signal(actor, 'pg_terminate_backend');
      case 'wait-until-gone':
        return { poll: () => (this.session(actor) ? undefined : { backend: 'gone' }) };
      case 'psql':
        this.faults.psql(actor, String(args.sql));
        return { poll: () => this.psqlIsThere(actor) };
      default:
        if (this.faults.begin({ n: 0, actor, action, args })) return undefined;
        throw new NotModelled(notModelled(`the step ${action}`).message);
    }
  }

  /** psql has sent its last statement, which is done, or waits. */
  private psqlIsThere(actor: string): Data | undefined {
    const { session } = this.session(actor) ?? {};
    if (session === undefined || !this.faults.hasSentAll(actor)) return undefined;
    const isDone = session.waits !== null || this.answerOf(actor) !== undefined;
    return isDone ? { session: 'there' } : undefined;
  }

  private connect(actor: string, set: Readonly<Record<string, string>>): Operation | undefined {
    this.faults.connect(actor);
    this.farewells.delete(actor);
    const settings = Object.entries(set).map(([name, value]) => `SET ${name} = '${value}'`);
    if (settings.length === 0) return undefined;
    return this.asked(actor, settings.join('; '));
  }

  private signal(actor: string, name: string): Operation {
    const { pid } = this.session(actor)!.session;
    this.query(recorder, `SELECT ${name}(${pid})`);
    return { poll: () => (this.answerOf(recorder) === undefined ? undefined : null) };
  }

  // What the server knows

  private get state(): DatabaseState {
    return this.run.world.node('db')!.state as unknown as DatabaseState;
  }

  private session(actor: string): { id: SessionId; session: Session } | undefined {
    const sessions = Object.entries(this.state.sessions);
    const found = sessions.findLast(([, { client }]) => client === actor);
    return found === undefined ? undefined : { id: found[0], session: found[1] };
  }

  private blockedOn(actor: string): Data | undefined {
    const found = this.session(actor);
    const event = found === undefined ? null : awaitedLock(this.state, found.session);
    return event === null ? undefined : { 'blocked-on': event };
  }

  private blockersOf(actor: string): string[] {
    const found = this.session(actor);
    if (found === undefined) return [];
    const { holders, ahead } = blockersOf(this.state, found.id);
    return [...new Set([...holders, ...ahead].map((id) => this.state.sessions[id].client))].sort();
  }

  private stateOf(actor: string): string {
    const found = this.session(actor);
    return found === undefined ? 'gone' : activity(found.session);
  }

  /** Each with its session, its key, its mode, and whether it is held. */
  private advisoryLocks(): Data[] {
    return Object.values(this.state.locks).flatMap(({ of, holders, queue }) => {
      if (of.type !== 'advisory') return [];
      const key = of.keys.join(',');
      const row = (id: SessionId, mode: Parameters<typeof modeName>[0], held: boolean): Data => [
        this.state.sessions[id].client, key, modeName(mode), held,
      ];
      return [
        ...holders.map(({ session, mode }) => row(session, mode, true)),
        ...queue.map(({ session, mode }) => row(session, mode, false)),
      ];
    });
  }

  private takeNotifications(actor: string): Data[] {
    const received = this.notifications.get(actor) ?? [];
    this.notifications.delete(actor);
    return received;
  }
}

const now = (result: Data): Operation => ({ poll: () => result });

const ours = notModelled('').message;

/** An answer as the recorder wrote it down. */
function resultOf(answer: Answer | undefined): Data | undefined {
  if (answer === undefined) return undefined;
  const results: Data[] = answer.before.map(replyOf);
  if ('result' in answer) {
    results.push(replyOf(answer.result));
    return { results, tx: answer.status };
  }
  const { code, severity, message } = answer;
  if (message.startsWith(ours)) throw new NotModelled(message);
  results.push({ error: code, severity, message });
  if (severity === 'ERROR') return { results, tx: answer.status };
  return { results: [...results, { connection: 'ended' }] };
}

function replyOf(reply: Answer['before'][number]): Data {
  if (reply.type === 'notice') return { notice: reply.code, message: reply.message };
  if (reply.type === 'done') return { tag: reply.tag };
  return { tag: reply.tag, rows: reply.rows.map((row) => row.map(textOf)) };
}

function rowsOf(answer: Answer | undefined): Data | undefined {
  if (answer === undefined) return undefined;
  if (!('result' in answer)) throw new Error(`${answer.code} ${answer.message}`);
  const { result } = answer;
  return { rows: result.type === 'rows' ? result.rows.map((row) => row.map(textOf)) : [] };
}

/** A value as the text that the protocol sends. */
function textOf(value: null | boolean | number | string): string | null {
  if (typeof value === 'boolean') return value ? 't' : 'f';
  return value === null ? null : String(value);
}
