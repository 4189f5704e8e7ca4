/** The process around the command line: files, standard output, the exit code. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { availableParallelism } from 'node:os';
import { deflateRawSync } from 'node:zlib';
import { plainPath } from '../code/load/source-paths.ts';
import { lockstep } from './lockstep.ts';
import { serveFind } from './find/serve-thread.ts';
import { findInThread } from './find/start-thread.ts';
import {
  createFile, inodeOf, readWhole, realPath, whyUnwritable, writeNew, writeWhole,
} from './process/disk.ts';
import { serveSeeds, startThread } from './seeds/thread.ts';
import type { Terminal } from './terminal.ts';

// The extension loads this bundle for its exports, and starts it as a process for its commands.
export * from './engine.ts';

const terminal: Terminal = {
  read: readWhole,
  create: createFile,
  whole: (file) => plainPath(path.resolve(file)),
  real: realPath,
  inode: inodeOf,
  write: writeWhole,
  writeNew,
  whyUnwritable,
  shipped: (file) => readFileSync(path.join(__dirname, file), 'utf8'),
  deflated: (text) => deflateRawSync(text, { level: 9 }).toString('base64'),
  scenarios: scenariosBelow,
  threads: {
    count: availableParallelism(),
    start: (job) => startThread(__filename, job),
    walk: (job) => startThread(__filename, job),
    search: (job) => startThread(__filename, job),
    find: findInThread(__filename),
  },
  get program() {
    const build = createHash('sha256').update(readFileSync(__filename)).digest('hex');
    return { file: __filename, build: build.slice(0, 12) };
  },
  version: () => {
    const manifest = readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8');
    return (JSON.parse(manifest) as { version: string }).version;
  },
  out: (text) => written(process.stdout, text),
  error: (text) => written(process.stderr, text),
};

/** Hidden folders and installed packages are not searched. */
function scenariosBelow(most: number, top = '.'): string[] | undefined {
  if (!statSync(top, { throwIfNoEntry: false })?.isDirectory()) return undefined;
  const found: string[] = [];
  const open = [top.replaceAll('\\', '/')];
  while (open.length > 0 && found.length < most) {
    const folder = open.pop()!;
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const file = path.posix.join(folder, entry.name);
      const isSearched = !entry.name.startsWith('.') && entry.name !== 'node_modules';
      if (entry.isDirectory() && isSearched) open.push(file);
      else if (entry.isFile() && /\.scenario\.ya?ml$/.test(entry.name)) found.push(file);
    }
  }
  return found.slice(0, most).sort();
}

/** Waits if the reader is slower than the run. */
function written(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => {
    if (stream.write(text)) resolve();
    else stream.once('drain', resolve);
  });
}

if (!serveSeeds(terminal) && !serveFind() && require.main === module) run();

function run(): void {
  // A reader of the output may stop early, as `head` does.
  process.stdout.on('error', () => process.exit(0));
  lockstep(process.argv.slice(2), terminal).then(
    (code) => {
      process.exitCode = code;
    },
    (error: unknown) => {
      const stack = error instanceof Error ? error.stack : String(error);
      process.stderr.write(`lockstep: Internal error: ${stack}\n`);
      process.exitCode = 70;
    },
  );
}
