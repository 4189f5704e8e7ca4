// The smoke test in the web worker host: a session starts there, with its adapter inline, and stops.
import * as vscode from 'vscode';
import { commands } from '../../src/extension/names.ts';
import { converse, sampleScenario } from './conversation.ts';

export async function run(): Promise<void> {
  if (typeof process !== 'undefined' && process.versions?.node) {
    throw new Error('this suite is meant for the web worker host, but runs in Node');
  }
  const extension = vscode.extensions.getExtension('lockstep.lockstep');
  if (!extension) throw new Error('the worker host does not know the extension');
  await extension.activate();
  const folder = vscode.workspace.workspaceFolders![0]!;
  const program = folder.uri.with({ path: (await sampleScenario()).path }).path;
  const conversation = await converse({ program, breakOn: ['TermChanged'] });
  const stop = await conversation.nextStop();
  const frames = await conversation.frames(stop.threadId);
  // The line that reports the event shows that the protocol's source was loaded and run in the worker.
  const [top] = frames;
  if (!top?.source?.name?.includes('raft') || top.line < 2) {
    throw new Error(`the stop is not on a line of the protocol: ${JSON.stringify(frames)}`);
  }
  await conversation.end();
  console.log(`web worker host: stopped (${stop.reason}) with ${frames.length} frames`);
  await compareInline();
  await debugNewProtocol(folder.uri.with({ path: `/tmp/lockstep-worker-${crypto.randomUUID()}` }));
}

/** Without a process to run them, the extension host runs the scenarios itself. */
async function compareInline(): Promise<void> {
  const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.compareScenarios, await sampleScenario());
  const table = vscode.workspace.textDocuments.find((one) => one.uri.toString() === uri?.toString())?.getText() ?? '';
  if (!/^\| \[first-election\]\(/m.test(table)) throw new Error(`no table of the scenario: ${table}`);
  await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
}

/** Creates a protocol on a file system that is not this host's disk, and debugs it from its source. */
async function debugNewProtocol(folder: vscode.Uri): Promise<void> {
  try {
    const created = await vscode.commands.executeCommand(commands.newProtocol, { name: 'ours', folder });
    if (!created) throw new Error('no protocol was created in the worker');
    const scenario = vscode.Uri.joinPath(folder, 'ours.scenario.yaml');
    const conversation = await converse({ program: scenario.toString() });
    const stop = await conversation.nextStop();
    const [top] = await conversation.frames(stop.threadId);
    if (!top?.source?.path?.endsWith('/ours.ts') || top.line < 2) {
      throw new Error(`the stop is not on a line of the new protocol: ${JSON.stringify(top)}`);
    }
    await conversation.end();
    console.log(`web worker host: a new protocol stopped at line ${top.line} of ${top.source.path}`);
  } finally {
    await vscode.workspace.fs.delete(folder, { recursive: true });
  }
}
