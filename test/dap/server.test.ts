/** The adapter on a port: two clients, one after the other and at the same time. */
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import type { ChildProcess } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Client, scenarios, startServer } from './client.ts';
import { launched } from './transcript.ts';

const program = `${scenarios}/write.scenario.yaml`;
let server: { process: ChildProcess; port: number };

beforeAll(async () => {
  server = await startServer();
});

afterAll(() => {
  server.process.kill();
});

async function connected(): Promise<{ client: Client; socket: Socket }> {
  const socket = connect(server.port, '127.0.0.1');
  await once(socket, 'connect');
  return { client: new Client(socket, socket), socket };
}

async function firstTerm(client: Client): Promise<string> {
  await launched(client, { program, breakOn: ['TermChanged'] });
  await client.move('continue');
  const { stackFrames } = await client.ask('stackTrace', { threadId: 1 });
  return stackFrames.map(({ name, line }) => `${name}:${line}`).join(' ');
}

test('serves a second client after the first has left', async () => {
  const first = await connected();
  const stack = await firstTerm(first.client);
  await first.client.ask('disconnect');
  first.socket.end();
  await once(first.socket, 'close');
  const second = await connected();
  expect(await firstTerm(second.client)).toBe(stack);
  second.socket.destroy();
});

test('serves two clients at once, each with its own run', async () => {
  const [one, other] = await Promise.all([connected(), connected()]);
  const [first, second] = await Promise.all([firstTerm(one.client), firstTerm(other.client)]);
  expect(second).toBe(first);
  await one.client.move('next');
  const { stackFrames } = await other.client.ask('stackTrace', { threadId: 1 });
  expect(stackFrames[0].name).toBe('changeTerm');
  one.socket.destroy();
  other.socket.destroy();
});
