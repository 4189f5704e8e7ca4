// What a new protocol begins with: the files of samples/new-protocol, under a name of one's own.

/** The protocol, the scenario that holds, and the one that the invariant must catch. */
export const templates = ['lease.ts', 'lease.scenario.yaml', 'lease.broken.scenario.yaml'] as const;

/** What all protocols of a folder share: its name there, and where it is in `dist`. */
export const shared: readonly (readonly [file: string, source: string])[] = [
  ['lockstep.d.ts', 'types/lockstep.d.ts'],
  ['tsconfig.json', 'template/tsconfig.json'],
];

/** A file's name, or its text, with the template's own name replaced. */
export function namedAfter(name: string, text: string): string {
  return text
    .replace(/^lease(?=\.(broken\.)?(scenario\.yaml|ts)$)/, name)
    .replace("name: 'lease'", `name: '${name}'`)
    .replace('protocol: ./lease.ts', `protocol: ./${name}.ts`);
}

/** What is wrong with a name, in words for who typed it. */
export function nameFault(name: string): string | undefined {
  if (/^[A-Za-z][\w-]*$/.test(name)) return undefined;
  return 'A name begins with a letter and goes on with letters, digits, - and _.';
}
