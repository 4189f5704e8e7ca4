// Requests to etcd's JSON gateway: one connection each, as bytes of HTTP over the client's proxy.
import { request, type IncomingMessage } from 'node:http';
import type { Data } from '../../transcripts/adapter.ts';

export type Reply = Readonly<Record<string, unknown>>;

/** The connection ended before the reply was complete. */
export const ended = { connection: 'ended' } as const;

export interface Call {
  /** The reply, or `ended`. */
  readonly reply: Promise<Reply>;
  /** Closes the connection, as the end of the client's process does. */
  abort(): void;
}

/** Sends a request. `line` gets each line of a reply that goes on, as that of a watch does. */
export function call(port: number, path: string, body: object, line?: (one: Reply) => void): Call {
  const text = JSON.stringify(body);
  const sent = request({
    host: '127.0.0.1', port, path, method: 'POST', agent: false,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) },
  });
  const reply = new Promise<Reply>((resolve) => {
    sent.once('error', () => resolve(ended));
    sent.once('response', (response) => resolve(read(response, line)));
  });
  sent.end(text);
  return { reply, abort: () => sent.destroy() };
}

function read(response: IncomingMessage, line?: (one: Reply) => void): Promise<Reply> {
  let text = '';
  response.setEncoding('utf8');
  response.on('data', (part: string) => {
    text += part;
    if (line === undefined) return;
    const lines = text.split('\n');
    text = lines.pop() ?? '';
    for (const one of lines) if (one !== '') line(JSON.parse(one) as Reply);
  });
  return new Promise((resolve) => {
    response.once('close', () => resolve(response.complete ? parsed(text) : ended));
    response.once('error', () => resolve(ended));
  });
}

/** The last line: a stream ends with it, other replies are one line. */
function parsed(text: string): Reply {
  const lines = text.split('\n').filter((one) => one !== '');
  return lines.length === 0 ? ended : (JSON.parse(lines[lines.length - 1]) as Reply);
}

export const encoded = (text: Data | undefined): string =>
  Buffer.from(String(text ?? '')).toString('base64');

export const decoded = (text: unknown): string =>
  typeof text === 'string' ? Buffer.from(text, 'base64').toString('utf8') : '';
