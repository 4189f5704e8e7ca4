/** The lines at which Node's own inspector pauses when it steps into everything. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';


/** Runs in a worker, which keeps running while the main thread is paused. */
const watcher = `
const { parentPort, workerData } = require('node:worker_threads');
const { Session } = require('node:inspector');
const session = new Session();
session.connectToMainThread();
const urls = {};
const stops = [];
let inside = false;
session.on('Debugger.scriptParsed', ({ params }) => { urls[params.scriptId] = params.url; });
session.on('Debugger.paused', ({ params }) => {
  const own = params.callFrames.filter((f) => (urls[f.location.scriptId] || '').endsWith(workerData));
  const top = params.callFrames[0];
  if (own[0] === top && own.length > 0) {
    stops.push({ line: top.location.lineNumber + 1, depth: own.length });
  }
  session.post('Debugger.stepInto');
});
session.post('Debugger.enable');
session.post('Debugger.setBlackboxPatterns', { patterns: ['^node:'] });
parentPort.on('message', (word) => {
  if (word === 'stops') parentPort.postMessage(stops);
});
parentPort.postMessage('ready');
`;

const main = (file: string, name: string) => `
const { Worker } = require('node:worker_threads');
const own = require(${JSON.stringify(file)});
const worker = new Worker(${JSON.stringify(watcher)}, { eval: true, workerData: 'watched.cjs' });
worker.once('message', () => {
  const node = { send() {} };
  debugger;
  own[${JSON.stringify(name)}](node);
  worker.once('message', (stops) => {
    console.log(JSON.stringify(stops));
    process.exit(0);
  });
  worker.postMessage('stops');
});
`;

export interface InspectorStop {
  readonly line: number;
  readonly depth: number;
}

export function inspectorStops(code: string, name: string): Promise<InspectorStop[]> {
  const folder = mkdtempSync(join(tmpdir(), 'lockstep-inspector-'));
  const file = join(folder, 'watched.cjs');
  writeFileSync(file, code);
  writeFileSync(join(folder, 'main.cjs'), main(file, name));
  const child = spawn(process.execPath, [join(folder, 'main.cjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.on('data', (text: Buffer) => (out += text.toString()));
  return new Promise((resolve, reject) => {
    child.once('exit', () => {
      try {
        resolve(JSON.parse(out) as InspectorStop[]);
      } catch (error) {
        reject(error as Error);
      }
    });
  });
}
