// The files of a new protocol: those of samples/new-protocol, renamed.
import { errors } from '../words.ts';

/** The protocol, a scenario that holds, and one that violates the invariant. */
export const templates = ['lease.ts', 'lease.scenario.yaml', 'lease.broken.scenario.yaml'] as const;

/** Files that all protocols of a folder share: the name there, and the path in `dist`. */
export const shared: readonly (readonly [file: string, source: string])[] = [
  ['lockstep.d.ts', 'types/lockstep.d.ts'],
  ['tsconfig.json', 'template/tsconfig.json'],
];

/** Replaces the template's name in the name or the content of a file. */
export function namedAfter(name: string, template: string): string {
  return template
    .replace(/^lease(?=\.(broken\.)?(scenario\.yaml|ts)$)/, name)
    .replace("name: 'lease'", `name: '${name}'`)
    .replace('protocol: ./lease.ts', `protocol: ./${name}.ts`);
}

/** A message if the name cannot be used for a protocol and its files; otherwise undefined. */
export function nameProblem(name: string): string | undefined {
  return /^[A-Za-z][\w-]*$/.test(name) ? undefined : errors.invalidName;
}
