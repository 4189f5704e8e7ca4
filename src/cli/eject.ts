/**
 * `lockstep eject PROTOCOL DIR`: copies a built-in protocol into files that the user can change.
 */
import { eject as ejecting, type Ejected } from '../code/eject.ts';
import { library } from '../protocols/library.ts';
import { unknownName } from '../scenario/suggest.ts';
import { withHint } from '../scenario/problem.ts';
import { notWritten, textOrNone } from './files.ts';
import { refuse, type Values } from './options.ts';
import { commandOn } from './process/shell-words.ts';
import type { Terminal } from './terminal.ts';

export async function eject(
  [name, folder, ...others]: string[],
  { force }: Values,
  terminal: Terminal,
): Promise<number> {
  if (!folder || others.length > 0) {
    const why = 'eject needs a protocol and a folder: `lockstep eject PROTOCOL DIR`';
    return refuse(why, terminal);
  }
  const known = library.map((protocol) => protocol.name);
  const reading = known.includes(name) ? ejecting(name) : undefined;
  if (reading === undefined) {
    const lacks = 'there is no built-in protocol';
    return refuse(withHint(unknownName('unknown-protocol', lacks, name, known)), terminal);
  }
  const { shipped, write } = terminal;
  if (shipped === undefined || write === undefined) {
    return refuse('files cannot be written here', terminal);
  }
  let next = reading.next();
  while (!next.done) next = reading.next(shipped(next.value));
  return writeFiles(next.value, folder.replace(/[\\/]+$/, ''), force === true, terminal);
}

async function writeFiles(
  { files, entry, scenario, project }: Ejected,
  folder: string,
  force: boolean,
  terminal: Terminal,
): Promise<number> {
  const pathOf = (file: string) => `${folder}/${file}`;
  const changed = [...files].filter(([file, text]) => {
    const present = textOrNone(pathOf(file), terminal);
    return present !== undefined && present !== text;
  });
  const inTheWay = changed.map(([file]) => file).filter((file) => file !== project);
  if (inTheWay.length > 0 && !force) {
    const [first, ...more] = inTheWay.map(pathOf);
    const what = more.length === 0 ? `${first} exists` : `${first} and ${more.length} more exist`;
    const how = 'choose another folder, or use --force to overwrite them';
    return refuse(`${what}, with different content: ${how}`, terminal);
  }
  const keepsProject = changed.some(([file]) => file === project);
  for (const [file, text] of files) {
    if (file === project && keepsProject) continue;
    try {
      terminal.write!(pathOf(file), text);
    } catch (error) {
      return refuse(notWritten(pathOf(file), error), terminal);
    }
    const done = inTheWay.includes(file) ? 'overwrote' : 'wrote';
    await terminal.out(`${done} ${pathOf(file)}\n`);
  }
  if (keepsProject) {
    const why = 'for the editor, its `paths` must map "lockstep" to ./lockstep.d.ts';
    await terminal.out(`kept ${pathOf(project)}: ${why}\n`);
  }
  await terminal.out(
    `\nRun it with \`${commandOn('run', pathOf(scenario))}\`, and change ${pathOf(entry)}.\n`,
  );
  return 0;
}
