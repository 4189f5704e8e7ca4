// Runs in the workbench under test: asks the adapter of its session, moves it, and calls commands, for the test.
'use strict';
const { writeFileSync } = require('node:fs');
const { createServer } = require('node:http');
const path = require('node:path');
const vscode = require('vscode');

/** Those who wait for a message of the adapter. */
const waiting = new Set();

exports.activate = ({ subscriptions }) => {
  const [{ uri }] = vscode.workspace.workspaceFolders;
  const server = createServer((request, response) => void answer(request, response));
  server.listen(0, '127.0.0.1', () => {
    writeFileSync(path.join(uri.fsPath, '.probe', 'port'), String(server.address().port));
  });
  const createDebugAdapterTracker = () => ({ onDidSendMessage: hear });
  subscriptions.push(
    vscode.debug.registerDebugAdapterTrackerFactory('lockstep', { createDebugAdapterTracker }),
    { dispose: () => server.close() },
  );
};

function hear(message) {
  for (const one of waiting) {
    try {
      const found = one.found(message);
      if (found === undefined) continue;
      one.resolve(found);
    } catch (error) {
      one.reject(error);
    }
    waiting.delete(one);
  }
}

/** Resolves with the first result of `found` that is not undefined, and rejects with its first error. */
function heard(found) {
  return new Promise((resolve, reject) => waiting.add({ found, resolve, reject }));
}

async function answer(request, response) {
  let text = '';
  for await (const part of request) text += part;
  try {
    const value = (await perform(JSON.parse(text))) ?? null;
    response.end(JSON.stringify({ value }));
  } catch (error) {
    response.end(JSON.stringify({ problem: String(error?.message ?? error) }));
  }
}

async function perform({ type, name, given }) {
  switch (type) {
    case 'request':
      return ask(name, given);
    case 'view':
      return view(name);
    case 'move by request':
      return moved(() => ask(name, given));
    case 'move by command':
      return moved(() => vscode.commands.executeCommand(name));
    case 'debug':
      return moved(() => startSession(given));
    case 'command':
      return void (await vscode.commands.executeCommand(name, ...given));
    case 'show':
      return void (await vscode.window.showTextDocument(vscode.Uri.file(name), given));
    case 'setting':
      return vscode.workspace.getConfiguration().update(name, given, vscode.ConfigurationTarget.Global);
    default:
      throw new Error(`there is no ${type}`);
  }
}

function ask(name, given) {
  return vscode.debug.activeDebugSession.customRequest(name, given);
}

/** A scenario with a mistake is not started: the extension shows a notification instead. */
async function startSession(configuration) {
  const [folder] = vscode.workspace.workspaceFolders;
  const isStarted = await vscode.debug.startDebugging(folder, configuration);
  if (!isStarted) throw new Error('the session was not started');
}

/** Resolves with the moment that the adapter announces after its next stop. */
async function moved(act) {
  let isStopped = false;
  const moment = heard(({ event, body }) => {
    if (event === 'terminated') throw new Error('the session ended instead of stopping');
    if (event === 'stopped') isStopped = true;
    return isStopped && event === 'lockstep/view' && body.type === 'stopped' ? body.moment : undefined;
  });
  // An error of `act` is reported alone.
  moment.catch(() => {});
  await act();
  return moment;
}

/** The adapter computes it anew, whatever the panel has. */
async function view(panel) {
  const shown = heard(({ event, body }) => {
    return event === 'lockstep/view' && body.type === 'stopped' ? body.views[panel] : undefined;
  });
  await ask('lockstep/panel', { type: 'ready', panel });
  return shown;
}
