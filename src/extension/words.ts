// Every text that the extension shows. A golden text lists them all.
import type { ReloadCursor, ReloadResult } from '../dap/reload-result.ts';
import { reloadText } from '../dap/words/reload.ts';

const howToDebug =
  'Open a scenario, a file named *.scenario.yaml, and press F5, or set "program" in launch.json ' +
  'to one.';

const tsconfigKept =
  'tsconfig.json existed already and was not changed. For completion and type checks, add ' +
  '"paths": { "lockstep": ["./lockstep.d.ts"] } to its "compilerOptions".';

/** A sentence about a process, with what it wrote to its standard error. */
function withErrors(sentence: string, errors: string): string {
  return errors === '' ? `${sentence}.` : `${sentence}: ${errors}`;
}

/** Error messages. */
export const errors = {
  noScenarioOpen: 'There is no scenario to start. Open a file named *.scenario.yaml first.',
  nothingToDebug: howToDebug,
  notAScenario: (file: string) => `${file} is not a scenario. ${howToDebug}`,
  noSuchScenario: (program: string) =>
    `The scenario ${program} does not exist. Fix "program" in launch.json.`,
  cannotStart: (file: string, line: number, column: number, message: string, more: number) => {
    const others = more === 0 ? '' : ` ${more} more ${more === 1 ? 'problem' : 'problems'}.`;
    return `${file}:${line}:${column}: ${message}.${others} Fix this and start the scenario again.`;
  },
  showProblems: 'Show Problems',
  filesExist: (files: readonly string[]) =>
    `${files.join(', ')} ${files.length === 1 ? 'exists' : 'exist'} already, so nothing was ` +
    'changed. Choose another name or folder.',
  notCreated: (reason: string) => `The protocol could not be created: ${reason}`,
  notCopied: (reason: string) => `The protocol could not be copied: ${reason}`,
  notWritten: (file: string, reason: string) => `${file} could not be written: ${reason}`,
  noSuchSample: (name: string) =>
    `There is no sample ${name}. \`Lockstep: Open Samples…\` lists all of them.`,
  samplesNotCopied: (reason: string) => `The samples could not be copied: ${reason}`,
  noSuchProtocol: (name: string) =>
    `There is no built-in protocol ${name}. \`lockstep list\` shows all of them.`,
  invalidName: 'A protocol name starts with a letter and contains only letters, digits, - and _.',
};

/** Messages in the Problems view that no other layer words. */
export const problems = {
  protocolFault: (file: string, line: number, column: number, message: string) =>
    `${file}:${line}:${column}: ${message}`,
  notLoaded: (file: string, reason: string) => `${file} cannot be loaded: ${reason}`,
};

/** The dialogs and the result of `Lockstep: New Protocol…`. */
export const newProtocol = {
  title: 'New Protocol',
  namePrompt: 'Name of the protocol, its files and its scenarios',
  created: (name: string) => `${name} is a small protocol that works. Press F5 to debug it.`,
  openScenario: 'Open Scenario',
  tsconfigKept,
  launchJsonBroken: (line: number, column: number) =>
    '.vscode/launch.json was not changed: it has a syntax error in line ' +
    `${line}, column ${column}. Fix it, then add a configuration for the new scenario.`,
  launchJsonWithoutList:
    '.vscode/launch.json was not changed: it has no list "configurations". Add the list and a ' +
    'configuration for the new scenario.',
};

/** The dialogs and the result of `Lockstep: Copy Protocol into Workspace…`. */
export const copyProtocol = {
  title: 'Copy Protocol into Workspace',
  protocolPlaceholder: 'Choose the protocol to copy',
  copied: (protocol: string, folder: string) =>
    `${protocol} was copied into ${folder}. Press F5 to debug the copy, and change it as you like.`,
  projectKept: tsconfigKept,
};

/** The dialogs of `Lockstep: Break N Acknowledgements…`. */
export const generals = {
  title: 'Break N Acknowledgements',
  prompt: 'How many acknowledgements the two generals exchange',
  outsideLimits: (min: number, max: number) => `Type a whole number from ${min} to ${max}`,
};

/** The dialogs and the result of `Lockstep: Open Samples…`. */
export const samples = {
  title: 'Open Samples',
  placeholder: 'Choose the samples to copy into a folder',
  folderName: 'lockstep-samples',
  copied(names: readonly string[], linked: number, folder: string) {
    const were = names.length === 1 ? 'was' : 'were';
    const copied = `${names.join(', ')} ${were} copied into ${folder}`;
    const others = linked === 1 ? '1 sample' : `${linked} samples`;
    const linkedToo = linked === 0 ? '' : `, with ${others} that the lessons link to`;
    return `${copied}${linkedToo}. Open a scenario and press F5.`;
  },
  openFolder: 'Open Folder',
};

/** The dialogs, the progress and the document of `Lockstep: Compare Scenarios…`. */
export const comparing = {
  title: 'Compare Scenarios',
  placeholder: 'Choose the scenarios to compare in one table',
  progress: 'Comparing scenarios',
  running: (number: number, of: number, file: string) => `${number} of ${of}: ${file}`,
  noFolder: 'No folder is open. Open one that contains scenarios, files named *.scenario.yaml.',
  noScenarios: (place: string) =>
    `There is no *.scenario.yaml in ${place}. Choose scenarios, or a folder that contains some.`,
  workspace: 'the workspace',
  selection: 'the selection',
  tooMany: (count: string, most: number) =>
    `These are ${count} scenarios, and one table compares at most ${most}. Choose fewer of them.`,
  failed: (reason: string) => `The scenarios could not be compared: ${reason}`,
  processEnded: (errors: string) =>
    withErrors('the process that runs them ended before its result', errors),
  document: (table: string, problems: readonly string[]) => {
    const note =
      'Latencies are those of operations that ended well. Of models that imply each other, the ' +
      "strongest is shown. A broken twin's row says what it violates.";
    const list = problems.map((problem) => `    ${problem}\n`).join('');
    const below = list === '' ? '' : `\n## Problems\n\n${list}`;
    return `# Comparison of scenarios\n\n${table}\n${note}\n${below}`;
  },
};

/** The Runs view: the branches of a session. */
export const runs = {
  first: 'First run',
  branch: (number: number) => `Branch ${number}`,
  named: (number: number, name: string) => `${name} (${number})`,
  actions: (count: number) => (count === 1 ? '1 action' : `${count} actions`),
  step: (step: number, time: string) => `from step ${step}, ${time}`,
  here: 'here',
  event: (label: string, node: string) => `${label} at ${node}`,
  violated: (name: string) => `✗ ${name}`,
  threw: (node: string) => `✗ ${node} threw`,
  stale: 'stale',
  // Sentences of the tooltip, and of what a screen reader says.
  current: (step: number) => `The debugger is here, after step ${step}.`,
  parted: (parent: string, step: number, time: string) =>
    `Parted from ${parent} after step ${step}, at ${time}.`,
  began: (sentence: string) => `Begins with: ${sentence}.`,
  firstEvent: (event: string, step: number) => `First different event: ${event}, step ${step}.`,
  instead: (event: string, step: number, parent: string) =>
    `In its place, ${parent} has ${event}, step ${step}.`,
  violatedAt: (name: string, step: number, why: string) =>
    `${name} is violated in step ${step}: ${why}.`,
  threwAt: (node: string, step: number, why: string) => `${node} threw in step ${step}: ${why}.`,
  inherited: 'That was before it parted.',
  notPossible: (act: string, step: number) => `Stale: ${act} is not possible in step ${step} now.`,
  noParent: (parent: number) => `Stale: branch ${parent}, its parent, could not be repeated.`,
  parentShorter: (parent: number, length: number) =>
    `Stale: branch ${parent}, from which it parted, has only ${length} steps now.`,
  parentDiffers: (parent: number, step: number) =>
    `Stale: branch ${parent}, from which it parted, has another action in step ${step} now.`,
  waiting: 'not repeated yet',
  waitingLong: 'Not repeated yet: branches are repeated while the session is paused.',
  interrupted: 'Stale: repeating stopped before this branch.',
  // Dialogs and messages.
  noSession: 'There are no runs: no debug session is paused. Debug a scenario first.',
  chooseTitle: 'Runs',
  choose: 'Choose a run',
  chooseBranch: 'Choose a branch',
  noOther: 'There is only the first run. Take another action than the next one to begin a branch.',
  nameTitle: (run: string) => `Name of ${run}`,
  namePrompt: 'An empty name takes the name away',
  confirmDelete: (run: string, others: number) => {
    if (others === 0) return `Delete ${run}?`;
    const what = others === 1 ? 'the branch' : `the ${others} branches`;
    return `Delete ${run} and ${what} that parted from it?`;
  },
  cannotUndo: 'Its actions are lost. Save it as a trace or as a scenario to keep them.',
  delete: 'Delete',
  saveTrace: 'Save as Trace',
  saveScenario: 'Save as Scenario',
  traces: 'Traces of Lockstep',
  scenarios: 'Scenarios',
  saved: (file: string) => `Saved ${file}`,
  notSaved: (file: string, why: string) => `${file} cannot be saved: ${why}`,
  nearest: (run: string, change: string) => `${run} does not break it: ${change}.`,
  noNearest: (tried: number) =>
    `None of ${tried} runs that differ in the place of one action keeps the promise to the end.`,
  before: (action: string, other: string, step: number) =>
    `${action} happens before ${other}, not after it (step ${step})`,
  last: (action: string, step: number) => `${action} happens after all the others (step ${step})`,
  leftOut: (action: string, step: number) => `${action} does not happen (step ${step})`,
  lost: (action: string, step: number) => `${action} is lost (step ${step})`,
  goThere: 'Go There',
  compare: 'Compare in Space-Time',
};

/** The editor of history files. */
export const twins = {
  title: 'Compare with Twin',
  noSession: 'There is nothing to compare: no debug session is running. Debug a scenario first.',
  twin: 'Broken twin',
  story: 'Story',
  scenarios: 'Scenarios',
  choose: 'Choose the scenario whose run Space-Time shows below the present one',
  none: 'There is no other scenario in this workspace.',
};

/** Playing by a command. `noPanel`: the page of a panel has the player. */
export const playing = {
  noPanel: 'No panel is visible to play the session in. Open one, such as Cluster, first.',
  speedTitle: 'Playing Speed',
  speedAbout: '100× is the real time of the cluster',
  speed: (speed: number) => `${speed}×`,
  present: 'now',
};

export const exporting = {
  title: 'Export',
  noPanel: 'No panel is open, so there is no picture to export. Open one, such as Cluster, first.',
  runTitle: 'Export Run as HTML',
  ofSession: 'The present session, with the actions that were taken',
  ofScenario: (file: string) => `${file}, run from its start`,
  nothingToExport:
    'There is no run to export. Start a session, or open a file named *.scenario.yaml first.',
  running: 'Exporting the run …',
  failed: (why: string) => `The run could not be exported: ${why}`,
  processEnded: (reason: string) => withErrors('The run ended without a result', reason),
  saved: (names: readonly string[]) => `Saved ${names.join(' and ')}`,
  notSaved: (file: string, why: string) => `${file} cannot be saved: ${why}`,
};

export const history = {
  openTitle: 'Open History File',
  files: 'Histories',
  noScenario: (scenario: string) =>
    `The scenario ${scenario} does not exist. The history names it from its own folder: move one ` +
    'of them back, or export the history again.',
  processEnded: (errors: string) =>
    withErrors('The process that checks the history ended before its result', errors),
};

/** The choice of a folder for files that a command writes. */
export const folders = {
  placeholder: 'Choose the folder for its files',
  inNew: (parent: string, name: string) => `$(folder) ${parent}/${name}`,
  inNewDescription: 'new folder',
  inExisting: (folder: string) => `$(folder) ${folder}`,
  inExistingDescription: 'beside the existing files',
  another: '$(folder) Another Folder…',
  dialogTitle: 'Choose the Folder',
  createHere: 'Create Here',
};

/** Names in launch.json and in the list of launch configurations. */
export const configurations = {
  openScenario: 'The open scenario',
  thisScenario: 'Debug this scenario',
  broken: (name: string) => `${name} (broken)`,
};

export const trust = { manage: 'Manage Workspace Trust' };

/** Above the first line of a scenario. */
export const codeLens = {
  debug: '$(debug-alt) Debug',
  debugTooltip: 'Step through this scenario (F5)',
  run: '$(run) Run',
  runTooltip: 'Run this scenario to its end and check its expectations',
  find: '$(search) Find a Schedule That Breaks It…',
  findTooltip: 'Search for an order of messages, timers and faults that breaks a promise',
  breakGenerals: '$(zap) Break N Acknowledgements…',
  breakGeneralsTooltip: 'Constructs the run in which the last of any number of messages is lost',
  copy: '$(repo-clone) Built-in and read-only: Copy Protocol into Workspace…',
  copyTooltip: 'A copy in the workspace can be changed, and is reloaded when it is saved',
};

/** The Testing view. */
export const testing = {
  title: 'Lockstep',
  run: 'Run',
  debug: 'Debug',
  coverage: 'Run with Coverage',
  neverTested: (promise: string, protocol: string) =>
    `${promise} of ${protocol} was never put to the test: its condition was never true.`,
  neverOccurred: (events: string, protocol: string) => `Never occurred in ${protocol}: ${events}`,
  mustFail: (file: string) => `${file} (must fail)`,
  output: (name: string, output: string) => `${name}\n${output}\n`,
  processEnded: (errors: string) =>
    withErrors('The process that runs the tests ended without a result', errors),
};

/** A panel whose page VS Code could not load, several times. */
export const panelNotLoaded =
  'This panel could not be loaded. Close it, and open it again by its command.';

/** The status bar. */
export const status = {
  name: 'Lockstep',
  stopped: (step: string, time: string) => `$(debug) ${step} · ${time}`,
  running: '$(sync~spin) Running',
  ended: (summary: string, isViolated: boolean) =>
    isViolated ? `$(error) Ended: ${summary}` : `$(check) Ended: ${summary}`,
};

/** After a protocol was saved while its session is paused: a notification shows the first line. */
export const reload = {
  same: (file: string) => `$(check) ${file} reloaded: the run is the same`,
  different: (file: string, result: ReloadResult) => `${repeated(result)} ${file} was reloaded.`,
  interrupted: (result: ReloadResult) => repeated(result),
  refused: (file: string, reason: string) =>
    `${reason} ${file} was not reloaded, and the session continues with the earlier code.`,
};

/** After a scenario was saved while its session is paused. */
export const saved = {
  appliesAfterRestart: (file: string) =>
    `The change to ${file} applies after a restart. The paused session continues with the ` +
    'scenario as it was when it started.',
  restart: 'Restart',
};

const repeated = (result: ReloadResult) => `${reloadText(result)} ${cursorSentence(result.at)}`;

function cursorSentence({ step, inside }: ReloadCursor): string {
  const outside = step === 0 ? 'at the start' : `after step ${step}`;
  return `The debugger is now ${inside ? `inside step ${step + 1}` : outside}.`;
}
