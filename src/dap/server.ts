/** Runs the adapter as a process, over standard input and output or for clients of a port. */
import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { framed } from './framing.ts';
import { type TimeLimit, withTimeLimit } from './time-limit.ts';
import { actionMsMax } from '../kernel/text/execution-limits.ts';
import { type AdapterOptions, LockstepDebugSession } from './session.ts';

export interface ServerOptions {
  /** The port to listen on; undefined for standard input and output. */
  readonly port?: number;
  readonly host?: string;
  /** The scenario that will be launched, so that its events are known beforehand. */
  readonly scenario?: string;
  /** The folder that contains its protocol and all that this imports. */
  readonly root?: string;
  /** Whether code of the workspace may run before a launch says so. */
  readonly trusted?: boolean;
  /** The folder with the protocols' sources; by default `protocols` beside the program. */
  readonly protocolRoot?: string;
}

/** Returns the listening server, if there is a port. */
export async function startAdapter(options: ServerOptions = {}): Promise<Server | undefined> {
  const builtIn = options.protocolRoot ?? path.join(programFolder(), 'protocols');
  const adapterOptions: AdapterOptions = {
    readFile: (file) => readFile(file, 'utf8'),
    limit,
    trusted: options.trusted ?? false,
    ...(options.scenario === undefined ? {} : { scenario: options.scenario }),
    ...(options.root === undefined ? {} : { root: options.root }),
    ...(existsSync(builtIn) ? { protocolRoot: builtIn } : {}),
  };
  if (options.port !== undefined) return listen(adapterOptions, options.port, options.host);
  const session = new LockstepDebugSession(adapterOptions);
  process.on('SIGTERM', () => session.shutdown());
  session.start(messagesOf(process.stdin, session), process.stdout);
  return undefined;
}

const limit: TimeLimit = (act) => withTimeLimit(actionMsMax, 'action-time-limit', act);

function messagesOf(input: Readable, session: LockstepDebugSession): Readable {
  const output = framed((problem) => session.ignored(problem));
  // The end of a connection and its errors are passed on as well.
  input.on('error', (error) => output.destroy(error));
  input.on('close', () => output.end());
  return input.pipe(output);
}

/** The folder of the bundle, even if it was started by a link. */
function programFolder(): string {
  const program = process.argv[1];
  return program && existsSync(program) ? path.dirname(realpathSync(program)) : '.';
}

/** Each connection is a separate conversation; the server outlives them. */
function listen(options: AdapterOptions, port: number, host = '127.0.0.1'): Promise<Server> {
  const server = createServer((socket) => {
    const session = new LockstepDebugSession(options);
    session.setRunAsServer(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => session.disconnect());
    session.start(messagesOf(socket, session), socket);
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      const actual = typeof address === 'object' && address ? address.port : port;
      console.error(`Lockstep listens for debug clients on ${host}:${actual}`);
      resolve(server);
    });
  });
}
