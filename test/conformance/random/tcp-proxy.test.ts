// The proxy in front of the real servers: what it stalls, loses and cuts.
import { createConnection, createServer, type Server, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { TcpProxy } from './tcp-proxy.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

/** A server that sends back what it receives, and the bytes that reached it. */
async function echo() {
  const received: string[] = [];
  const sockets: Socket[] = [];
  const server: Server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      received.push(String(bytes));
      socket.write(bytes);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push(() => server.close(), () => sockets.forEach((socket) => socket.destroy()));
  const address = server.address();
  return { received, port: typeof address === 'object' && address ? address.port : 0 };
}

/** A client whose replies and end can be awaited. */
async function clientOf(proxy: TcpProxy) {
  const socket = createConnection(proxy.port, '127.0.0.1');
  await new Promise((resolve) => socket.once('connect', resolve));
  open.push(() => socket.destroy());
  socket.on('error', () => {});
  const replies: string[] = [];
  socket.on('data', (bytes) => replies.push(String(bytes)));
  const ended = new Promise((resolve) => socket.once('close', () => resolve('ended')));
  return { socket, replies, ended, send: (text: string) => socket.write(text) };
}

async function setUp() {
  const server = await echo();
  const proxy = await TcpProxy.open(() => server.port);
  open.push(() => proxy.close());
  return { server, proxy, client: await clientOf(proxy) };
}

test('bytes pass both ways', async () => {
  const { client } = await setUp();
  client.send('hello');
  await expect.poll(() => client.replies).toEqual(['hello']);
});

test('a lost request never reaches the server, and the connection ends', async () => {
  const { server, proxy, client } = await setUp();
  proxy.arm('to-server');
  client.send('lost');
  expect(await client.ended).toBe('ended');
  expect(server.received).toEqual([]);
});

test('a lost reply was executed, and the connection ends', async () => {
  const { server, proxy, client } = await setUp();
  proxy.arm('to-client');
  client.send('executed');
  expect(await client.ended).toBe('ended');
  expect([server.received, client.replies]).toEqual([['executed'], []]);
});

test('a fault that was armed strikes once', async () => {
  const { proxy, client } = await setUp();
  proxy.arm('to-client');
  client.send('executed');
  await client.ended;
  const next = await clientOf(proxy);
  next.send('again');
  await expect.poll(() => next.replies).toEqual(['again']);
});

test('a stall keeps bytes in order, one direction at a time', async () => {
  const { server, proxy, client } = await setUp();
  proxy.stall(['to-client']);
  client.send('one');
  await expect.poll(() => server.received).toEqual(['one']);
  proxy.stall(['to-server']);
  client.send('two');
  proxy.resume();
  await expect.poll(() => client.replies.join('')).toBe('onetwo');
});

test('the end of a connection waits in a stall, too', async () => {
  const { server, proxy, client } = await setUp();
  client.send('first');
  await expect.poll(() => client.replies).toEqual(['first']);
  proxy.stall(['to-server']);
  client.send('last');
  client.socket.end();
  expect(server.received).toEqual(['first']);
  proxy.resume();
  await expect.poll(() => server.received).toEqual(['first', 'last']);
});

test('a cut ends all connections; new ones are accepted', async () => {
  const { proxy, client } = await setUp();
  const other = await clientOf(proxy);
  proxy.cut();
  expect(await Promise.all([client.ended, other.ended])).toEqual(['ended', 'ended']);
  const next = await clientOf(proxy);
  next.send('new');
  await expect.poll(() => next.replies).toEqual(['new']);
});
