/** `lockstep dap`: the debug adapter, over standard input and output or a port. */
import { refuse, type Values } from './options.ts';
import type { Terminal } from './terminal.ts';

export async function dap(_files: string[], values: Values, terminal: Terminal): Promise<number> {
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    const found = String(values.port);
    return refuse(`--port must be an integer from 0 to 65535, not \`${found}\``, terminal);
  }
  const scenario = typeof values.scenario === 'string' ? values.scenario : undefined;
  const root = typeof values.root === 'string' ? values.root : undefined;
  // Loaded only for this command, because no other needs it.
  const { startAdapter } = await import('../dap/process/server.ts');
  try {
    await startAdapter({
      trusted: values.trusted === true,
      ...(port !== undefined && { port }),
      ...(scenario !== undefined && { scenario }),
      ...(root !== undefined && { root }),
      ...(terminal.threads?.find && { find: terminal.threads.find }),
    });
  } catch (error) {
    return refuse(`cannot listen on port ${port}: ${(error as Error).message}`, terminal);
  }
  return 0;
}
