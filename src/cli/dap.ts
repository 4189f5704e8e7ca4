/** `lockstep dap`: the debug adapter, over standard input and output or a port. */
import type { Terminal } from './terminal.ts';

export async function dap(
  _files: string[],
  values: Record<string, string | boolean | undefined>,
  terminal: Terminal,
): Promise<number> {
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && !(Number.isInteger(port) && port >= 0 && port < 65_536)) {
    await terminal.error(
      `lockstep: a port is a number from 0 to 65535, not \`${String(values.port)}\`\n`,
    );
    return 2;
  }
  const scenario = typeof values.scenario === 'string' ? values.scenario : undefined;
  const workspace = typeof values.workspace === 'string' ? values.workspace : undefined;
  // Loaded for this command alone: a run of a scenario needs none of it.
  const { startAdapter } = await import('../dap/server.ts');
  try {
    await startAdapter({
      ...(port !== undefined && { port }),
      ...(scenario !== undefined && { scenario }),
      ...(workspace !== undefined && { workspace }),
    });
  } catch (error) {
    await terminal.error(`lockstep: cannot listen on port ${port}: ${(error as Error).message}\n`);
    return 2;
  }
  return 0;
}
