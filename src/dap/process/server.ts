/** Runs the adapter as a process, over standard input and output or for clients of a port. */
import { existsSync, realpathSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import path from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { serve } from './connection.ts';
import { framed } from './framing.ts';
import { type TimeLimit, withTimeLimit } from '../time-limit.ts';
import { actionMsMax } from '../../kernel/text/execution-limits.ts';
import type { Finder } from '../find/finder.ts';
import type { AdapterOptions } from '../options.ts';
import { LockstepDebugSession } from '../session.ts';

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
  /** Searches for schedules in other threads. */
  readonly find?: Finder;
}

/** Returns the listening server, if there is a port. */
export async function startAdapter(options: ServerOptions = {}): Promise<Server | undefined> {
  if (options.port !== undefined) return listen(options, options.port, options.host);
  const { stdin, stdout } = process;
  const session = openSession(options, programFolder(), stdin, stdout);
  process.on('SIGTERM', () => session.shutdown());
  return undefined;
}

/** A session for the client at the other end of two streams; `folder` is that of the bundle. */
export function openSession(
  options: ServerOptions, folder: string, input: Readable, output: Writable,
): LockstepDebugSession {
  const builtIn = path.join(folder, 'protocols');
  const adapterOptions: AdapterOptions = {
    readFile: (file) => readFile(file, 'utf8'),
    limit,
    trusted: options.trusted ?? false,
    ...(options.scenario === undefined ? {} : { scenario: options.scenario }),
    ...(options.root === undefined ? {} : { root: options.root }),
    ...(options.find === undefined ? {} : { find: options.find }),
    ...(existsSync(builtIn) ? { protocolRoot: builtIn } : {}),
  };
  const session = new LockstepDebugSession(adapterOptions);
  session.start(messagesOf(input, session), output);
  return session;
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
function listen(options: ServerOptions, port: number, host = '127.0.0.1'): Promise<Server> {
  const { scenario, root, trusted } = options;
  const settings = [
    ...(scenario === undefined ? [] : ['--scenario', scenario]),
    ...(root === undefined ? [] : ['--root', root]),
    ...(trusted ? ['--trusted'] : []),
  ];
  const server = createServer((socket) => serve(socket, process.argv[1], settings));
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
