/**
 * The packages that keep jobs in Redis. They are not in the bundle: `--queue` loads them from where
 * they are installed, beside Lockstep or in the working directory.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as Bullmq from 'bullmq';
import type { Redis } from 'ioredis';

export interface QueueLibrary {
  readonly bullmq: typeof Bullmq;
  readonly Redis: typeof Redis;
}

/** With these major versions it is tested. */
const packages = { bullmq: 6, ioredis: 6 } as const;

export const installCommand = `npm install ${Object.entries(packages)
  .map(([name, major]) => `${name}@${major}`)
  .join(' ')}`;

/** The packages, or why they cannot be used. `program` is the file of the command line. */
export function loadLibrary(
  program: string,
  folder: string = process.cwd(),
): QueueLibrary | { readonly problem: string } {
  const loaded: Record<string, unknown> = {};
  for (const [name, major] of Object.entries(packages)) {
    const found = loadPackage(name, [program, path.join(folder, 'lockstep.js')]);
    if (found === undefined) {
      const where = 'beside Lockstep or in the working directory';
      return { problem: `--queue needs the npm package ${name} ${where}: ${installCommand}` };
    }
    if (Number.parseInt(found.version, 10) !== major) {
      const has = `${found.version} is installed`;
      return { problem: `--queue needs ${name} ${major}, and ${has}: ${installCommand}` };
    }
    loaded[name] = found.exports;
  }
  const { Redis: client } = loaded['ioredis'] as { Redis: typeof Redis };
  return { bullmq: loaded['bullmq'] as typeof Bullmq, Redis: client };
}

function loadPackage(
  name: string,
  places: readonly string[],
): { readonly version: string; readonly exports: unknown } | undefined {
  for (const place of places) {
    const require = createRequire(place);
    try {
      const { version } = require(`${name}/package.json`) as { version: string };
      return { version, exports: require(name) };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    }
  }
  return undefined;
}
