// Checks every part against the types that it may use: one compiler run per tsconfig.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const projects = ['src/tsconfig.pure.json', 'tsconfig.json', 'webview', 'test'];
const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');

let failed = false;
for (const project of projects) {
  const folder = path.join(root, project);
  // The compiler reports a project without files as an error.
  if (existsSync(folder) && !project.endsWith('.json') && !containsTypeScript(folder)) continue;
  const { status } = spawnSync(process.execPath, [compiler, '-p', folder], { stdio: 'inherit' });
  if (status !== 0) {
    console.error(`typecheck: ${project} has errors`);
    failed = true;
  }
}
process.exit(failed ? 1 : 0);

function containsTypeScript(folder) {
  return readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith('.ts'));
}
