/** Words of a command as a user would type them in a shell. */

/** Quoted if a shell would read more into it. */
export function shellWord(word: string): string {
  // A file whose name begins with a dash would be an option.
  const safe = word.startsWith('-') ? `./${word}` : word;
  return /^[\w@%+=:,./-]+$/.test(safe) ? safe : `'${safe.replaceAll("'", String.raw`'\''`)}'`;
}

/** A command of Lockstep on a file; the folder with its protocol as the user gave it. */
export function commandOn(subcommand: string, file: string, root?: unknown): string {
  const option = typeof root === 'string' ? ` --root ${shellWord(root)}` : '';
  return `lockstep ${subcommand} ${shellWord(file)}${option}`;
}
