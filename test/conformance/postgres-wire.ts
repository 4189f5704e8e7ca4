/** A connection to PostgreSQL: the simple query part of its protocol, version 3.0. */
import { connect, type Socket } from 'node:net';
import type { Result } from '../../src/protocols/database/state.ts';
import { sqlError } from '../../src/protocols/database/sql/errors.ts';
import type { Value } from '../../src/protocols/database/sql/syntax.ts';

/** Sends one statement at a time; its result arrives once the server is ready for the next. */
export class PostgresConnection {
  /** The id of the server process for this connection. */
  pid = 0;
  private rest: Buffer = Buffer.alloc(0);
  private types: number[] = [];
  private columns: string[] = [];
  /** Whether the current statement returns rows, even without columns. */
  private described = false;
  private rows: Value[][] = [];
  private result: Result | undefined;
  private waiting: { resolve(result: Result): void; reject(error: Error): void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data: Buffer) => this.read(data));
    socket.on('error', (error) => this.waiting?.reject(error));
    socket.on('close', () => this.waiting?.reject(new Error('the server closed the connection')));
  }

  static async open(path: string, user: string, database: string): Promise<PostgresConnection> {
    const connection = new PostgresConnection(connect(path));
    const words = ['user', user, 'database', database, ''].map((word) => `${word}\0`).join('');
    const body = Buffer.from(words);
    const head = Buffer.alloc(8);
    head.writeInt32BE(body.length + 8, 0);
    head.writeInt32BE(3 << 16, 4);
    await connection.request(Buffer.concat([head, body]));
    return connection;
  }

  query(sql: string): Promise<Result> {
    const body = Buffer.from(`${sql}\0`);
    const head = Buffer.alloc(5);
    head.write('Q', 0);
    head.writeInt32BE(body.length + 4, 1);
    return this.request(Buffer.concat([head, body]));
  }

  close(): void {
    this.waiting = undefined;
    this.socket.end(Buffer.from([0x58, 0, 0, 0, 4]));
  }

  private request(message: Buffer): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.result = undefined;
      this.described = false;
      this.socket.write(message);
    });
  }

  private read(data: Buffer): void {
    this.rest = Buffer.concat([this.rest, data]);
    while (this.rest.length >= 5) {
      const length = this.rest.readInt32BE(1) + 1;
      if (this.rest.length < length) return;
      const body = this.rest.subarray(5, length);
      const type = String.fromCharCode(this.rest[0]);
      this.rest = this.rest.subarray(length);
      this.receive(type, body);
    }
  }

  private receive(type: string, body: Buffer): void {
    switch (type) {
      case 'K':
        this.pid = body.readInt32BE(0);
        return;
      case 'T':
        this.readColumns(body);
        return;
      case 'D':
        this.rows.push(valuesOf(body, this.types));
        return;
      case 'C':
        this.complete(body.toString('utf8', 0, body.length - 1));
        return;
      case 'E':
        this.result = errorOf(body);
        return;
      case 'Z': {
        const { waiting, result } = this;
        this.waiting = undefined;
        waiting?.resolve(result ?? { type: 'done', tag: '', count: 0 });
        return;
      }
      default:
        return;
    }
  }

  private readColumns(body: Buffer): void {
    this.described = true;
    this.types = [];
    this.columns = [];
    this.rows = [];
    let at = 2;
    for (let left = body.readInt16BE(0); left > 0; left--) {
      const end = body.indexOf(0, at);
      this.columns.push(body.toString('utf8', at, end));
      this.types.push(body.readInt32BE(end + 7));
      at = end + 19;
    }
  }

  private complete(tag: string): void {
    const { columns, rows } = this;
    const count = Number(/\d+$/.exec(tag)?.[0] ?? 0);
    if (this.described) this.result = { type: 'rows', tag, count, columns, rows };
    else this.result = { type: 'done', tag, count };
    this.described = false;
  }
}

const booleanType = 16;
const integerTypes = [20, 21, 23];

function valuesOf(body: Buffer, types: readonly number[]): Value[] {
  let at = 2;
  return types.map((type) => {
    const length = body.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    const text = body.toString('utf8', at, at + length);
    at += length;
    if (type === booleanType) return text === 't';
    return integerTypes.includes(type) ? Number(text) : text;
  });
}

function errorOf(body: Buffer): Result {
  const fields: Record<string, string> = {};
  let at = 0;
  while (body[at] !== 0) {
    const end = body.indexOf(0, at);
    fields[String.fromCharCode(body[at])] = body.toString('utf8', at + 1, end);
    at = end + 1;
  }
  return sqlError(fields.C, fields.M);
}
