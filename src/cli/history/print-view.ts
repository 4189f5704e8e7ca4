/** `lockstep history FILE --view`: what the editor shows of a history, one report a line. */
import { stepsOfCheck } from '../../view/history/history-view.ts';
import { checkedFile } from '../../view/history/of-file.ts';
import { readText } from '../files.ts';
import { refuse, type Values } from '../options.ts';
import type { Terminal } from '../terminal.ts';

/** The editor starts this in a process of its own, which it can end. Returns 0; 2 for bad input. */
export async function printView(
  file: string,
  { format, specification, steps }: Values,
  terminal: Terminal,
): Promise<number> {
  const choice = {
    ...(typeof format === 'string' && { format }),
    ...(typeof specification === 'string' && { specification }),
    steps: typeof steps === 'string' ? Number(steps) : stepsOfCheck,
  };
  const read = readText(file, terminal);
  if ('problem' in read) return refuse(read.problem, terminal);
  for (const report of checkedFile(read.text, choice)) {
    await terminal.out(`${JSON.stringify(report)}\n`);
    await terminal.rest?.();
  }
  return 0;
}
