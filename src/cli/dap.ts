/** `lockstep dap`: the debug adapter, over standard input and output or a port. */
import { wholeNumber } from '../kernel/text/whole-number.ts';
import { refuse, type Values, wrong } from './options.ts';
import type { Terminal } from './terminal.ts';

export async function dap(_files: string[], values: Values, terminal: Terminal): Promise<number> {
  const port = wholeNumber(values.port, 0, 65_535);
  if (values.port !== undefined && port === undefined) {
    return refuse(wrong('port', values.port, 'an integer from 0 to 65535'), terminal);
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
