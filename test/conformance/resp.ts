// A client of Redis's protocol (RESP2): it sends commands and reads replies.
import { connect, type Socket } from 'node:net';
import { integerReply, type Reply } from '../../src/protocols/redis/reply.ts';

export class RespClient {
  private readonly waiting: ((reply: Reply) => void)[] = [];
  private buffer = Buffer.alloc(0);

  private constructor(private readonly socket: Socket) {
    socket.on('data', (data) => {
      this.buffer = Buffer.concat([this.buffer, data]);
      for (;;) {
        const read = readReply(this.buffer, 0);
        if (read === undefined) return;
        this.buffer = this.buffer.subarray(read.end);
        this.waiting.shift()?.(read.reply);
      }
    });
  }

  static open(port: number): Promise<RespClient> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.setNoDelay(true);
        resolve(new RespClient(socket));
      });
    });
  }

  send(args: readonly string[]): Promise<Reply> {
    const words = args.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`);
    return new Promise((resolve) => {
      this.waiting.push(resolve);
      this.socket.write(`*${args.length}\r\n${words.join('')}`);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

interface Read {
  readonly reply: Reply;
  readonly end: number;
}

/** The reply at offset `from`; undefined if it has not arrived completely. */
export function readReply(buffer: Buffer, from: number): Read | undefined {
  const lineEnd = buffer.indexOf('\r\n', from);
  if (lineEnd < 0) return undefined;
  const text = buffer.toString('utf8', from + 1, lineEnd);
  const end = lineEnd + 2;
  switch (String.fromCharCode(buffer[from])) {
    case '+':
      return { reply: { ok: text }, end };
    case '-':
      return { reply: { err: text }, end };
    case ':':
      return { reply: integerReply(BigInt(text)), end };
    case '$': {
      const length = Number(text);
      if (length < 0) return { reply: null, end };
      if (buffer.length < end + length + 2) return undefined;
      return { reply: buffer.toString('utf8', end, end + length), end: end + length + 2 };
    }
    case '*':
      return readArray(buffer, end, Number(text));
    default:
      throw new Error(`not a reply of Redis: ${JSON.stringify(buffer.toString('utf8', from, end))}`);
  }
}

function readArray(buffer: Buffer, from: number, count: number): Read | undefined {
  const items: Reply[] = [];
  let end = from;
  for (let i = 0; i < count; i++) {
    const item = readReply(buffer, end);
    if (item === undefined) return undefined;
    items.push(item.reply);
    end = item.end;
  }
  return { reply: count < 0 ? null : items, end };
}
