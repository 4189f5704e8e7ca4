/** `lockstep dap`: the debug adapter, over standard input and output or a port. */
import type { Terminal } from './terminal.ts';

export async function dap(_files: string[], values: Record<string, string | boolean | undefined>, terminal: Terminal): Promise<number> {
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    await terminal.error(`lockstep: a port is a number from 0 to 65535, not \`${String(values.port)}\`\n`);
    return 2;
  }
  await terminal.error('lockstep: this build has no debug adapter\n');
  return 2;
}
