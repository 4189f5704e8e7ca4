/** `lockstep generals N`: constructs the run in which N acknowledgements are not enough. */
import {
  acknowledgementsLimits, breakAgreement, type BrokenAgreement,
} from '../check/generals/construction.ts';
import { brokenLine, brokenFileName, headOf, whyBroken } from '../check/generals/words.ts';
import { notWritten, textOrNone } from './files.ts';
import { refuse, type Values } from './options.ts';
import { commandOn } from './process/shell-words.ts';
import type { Terminal } from './terminal.ts';

export async function generals(
  [count, ...others]: string[],
  { output }: Values,
  terminal: Terminal,
): Promise<number> {
  const { min, max } = acknowledgementsLimits;
  const number = Number(count);
  if (count === undefined || others.length > 0) {
    const why = 'generals needs one number of acknowledgements: `lockstep generals 25`';
    return refuse(why, terminal);
  }
  if (!/^\d+$/.test(count) || number < min || number > max) {
    const limits = `a whole number from ${min} to ${max}`;
    const why = `the number of acknowledgements must be ${limits}, not \`${count}\``;
    return refuse(why, terminal);
  }
  const broken = breakAgreement(number);
  const file = output === undefined ? undefined : String(output);
  const problem = file === undefined ? undefined : written(file, broken.scenario, terminal);
  if (problem !== undefined) return refuse(problem, terminal);
  await terminal.out(`${headOf(broken)}\n\n${whyBroken(broken)}\n\n${induction(broken)}\n`);
  const how = file === undefined
    ? `Write the scenario with \`lockstep generals ${number} -o ${brokenFileName(broken)}\`.`
    : `wrote ${file}\nRun it with \`${commandOn('run', file)}\`, or open it and press F5.`;
  await terminal.out(`\n${how}\n`);
  return 0;
}

/** How many lines of the argument are shown at its beginning and at its end. */
const shownLines = 4;

/** Leave the last message out, and the one before is the last; down to the order itself. */
function induction(first: BrokenAgreement): string {
  const lines: string[] = [];
  const { acknowledgements } = first;
  for (let number = acknowledgements; number >= 0; number--) {
    const isShown = number < shownLines || number > acknowledgements - shownLines;
    if (isShown) {
      lines.push(brokenLine(number === acknowledgements ? first : breakAgreement(number)));
    } else if (number === shownLines) lines.push('      …');
  }
  return [
    'Leave the last message out, and the one before it is the last. Each line is a run:',
    '',
    'number of acknowledgements',
    ...lines,
    '',
    'Leave the order out, too, and there is no agreement. No number of acknowledgements is enough.',
  ].join('\n');
}

/** Writes the scenario; returns why it cannot be written. */
function written(file: string, text: string, terminal: Terminal): string | undefined {
  if (terminal.write === undefined) return 'files cannot be written here';
  if (!/\.broken\.scenario\.ya?ml$/.test(file)) {
    return `the name of the scenario must end in .broken.scenario.yaml, not \`${file}\``;
  }
  const present = textOrNone(file, terminal);
  if (present !== undefined && present !== text) {
    return `${file} exists, with different content: choose another name`;
  }
  try {
    terminal.write(file, text);
    return undefined;
  } catch (error) {
    return `--output: ${notWritten(file, error)}`;
  }
}
