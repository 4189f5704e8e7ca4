/** Bytes that are not messages are reported, and the conversation goes on. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Adapter, openAdapter, startAdapter } from './client.ts';

let adapter: Adapter;

beforeEach(() => {
  adapter = openAdapter();
});

afterEach(async () => {
  adapter.process.kill();
  await adapter.exited;
});

const body = '{"seq":1,"type":"request","command":"threads"}';

test.each([
  ['a body that is not JSON', 'Content-Length: 5\r\n\r\n{"a":', 'not valid JSON'],
  ['a length that is not a number', `Content-Length: all\r\n\r\n${body}`, 'Content-Length: N'],
  ['a negative length', `Content-Length: -5\r\n\r\n${body}`, 'Content-Length: N'],
  ['a huge length', `Content-Length: 999999999999\r\n\r\n${body}`, 'the limit is'],
  ['a header without a length', `Content-Type: x\r\n\r\n${body}`, 'Content-Length: N'],
  ['a length that is too small', `Content-Length: 9\r\n\r\n${body}`, 'not valid JSON'],
  ['a length that is too large', `Content-Length: 60\r\n\r\n${body}`, 'not valid JSON'],
  ['no header', `${body}\r\n\r\n`, 'Content-Length: N'],
  ['bytes before a header', 'hello\r\n', 'Content-Length: N'],
  ['null', 'Content-Length: 4\r\n\r\nnull', 'not a request'],
  ['a list', 'Content-Length: 2\r\n\r\n[]', 'not a request'],
  ['no command', 'Content-Length: 26\r\n\r\n{"seq":1,"type":"request"}', 'not a request'],
])('%s', async (_name, bytes, message) => {
  const { client } = adapter;
  client.writeRaw(bytes);
  await client.ask('initialize', { adapterID: 'lockstep' });
  const [output, ...more] = client.events.filter(({ event }) => event === 'output');
  expect(output.body).toMatchObject({ category: 'stderr' });
  expect(output.body.output).toContain(message);
  expect(more).toEqual([]);
});

test('a message may come in pieces, in any case and with more fields', async () => {
  const { client, process } = startAdapter();
  const json = '{"seq":9,"type":"request","command":"initialize","arguments":{}}';
  const text = `content-length: ${json.length}\r\nContent-Type: json\r\n\r\n${json}`;
  const initialized = client.event('output');
  for (const part of text.match(/.{1,7}/gs)!) client.writeRaw(part);
  client.writeRaw('Content-Length: 4\r\n\r\nnull');
  await initialized;
  expect(await client.send('initialize')).toMatchObject({
    success: false,
    message: expect.stringContaining('already initialized'),
  });
  process.kill();
});
