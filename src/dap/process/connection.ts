/**
 * Serves a client of a port in a process of its own: code that keeps one client's process busy, or
 * that exhausts its memory, does not affect the other clients.
 */
import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { framed } from './framing.ts';
import { processEndedText } from '../words/console.ts';

/** `program` is the bundle of the command line, and `settings` are its options for a session. */
export function serve(socket: Socket, program: string, settings: readonly string[]): void {
  const child = spawn(process.execPath, [program, 'dap', ...settings], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let isOpen = true;
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    isOpen = false;
    // There is nothing to save, and a busy process would not notice that its input closed.
    child.kill('SIGKILL');
  });
  const closing = (why: string | undefined) => {
    if (!isOpen) return;
    if (why !== undefined) socket.write(endingMessages(why));
    socket.end();
  };
  // The process may end at any time. Its end is reported below, so a failed write is not.
  pipeline(socket, child.stdin, () => undefined);
  // Forwards only whole messages, so that the report of the process's end can follow them.
  child.stdout.pipe(framed(() => undefined)).pipe(socket, { end: false });
  child.once('error', ({ message }) => closing(message));
  child.once('close', (code, signal) => {
    const why = code === 0 ? undefined : `${signal ?? `exit code ${code}`}`;
    closing(why);
  });
}

/** The messages that end a session whose process stopped unexpectedly. */
function endingMessages(why: string): string {
  const output = { category: 'stderr', output: `${processEndedText(why)}\n` };
  return [
    { seq: 0, type: 'event', event: 'output', body: output },
    { seq: 0, type: 'event', event: 'terminated' },
  ]
    .map((message) => JSON.stringify(message))
    .map((json) => `Content-Length: ${Buffer.byteLength(json)}\r\n\r\n${json}`)
    .join('');
}
