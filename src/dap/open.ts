/** Opens what a launch names: reads the scenario and its protocol, and sets its own breakpoints. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Output } from '../session/breakpoints/output.ts';
import { basesOf, type Category, counting, Debuggee } from './debuggee.ts';
import { foresee, loadScenario, type ReadFile } from './load.ts';
import type { Task } from './motion/tasks.ts';
import type { AdapterOptions } from './options.ts';
import { capabilities } from './capabilities.ts';
import type { LaunchArguments } from './requests/arguments.ts';
import { twinOf } from '../view/spacetime/twin.ts';
import { pathsFor } from './requests/sources.ts';
import { type TimeLimit, withoutLimit } from './time-limit.ts';
import { noLinesText } from './words/problems.ts';

/** Where lines go: those of the adapter, and those of the session. */
export interface Outputs {
  readonly print: (line: string, category?: Category) => void;
  readonly output: Output;
}

export interface Host {
  readonly readFile: ReadFile;
  readonly protocolRoot?: string;
  readonly limit?: TimeLimit;
}

export async function openDebuggee(
  launched: LaunchArguments,
  { readFile, protocolRoot, limit = withoutLimit }: Host,
  client: Partial<DebugProtocol.InitializeRequestArguments>,
  { print: printed, output }: Outputs,
  task: Task,
): Promise<Debuggee> {
  const paths = pathsFor(client.pathFormat, protocolRoot);
  const own = { ...launched, program: paths.fromClient(launched.program) };
  // A load that was cancelled may go on until its present part ends.
  const print: Outputs['print'] = (line, category) =>
    task.isCancelled ? undefined : printed(line, category);
  const { pace } = task;
  const report = (line: string) => print(line, 'stderr');
  const loaded = await loadScenario(own, readFile, report, limit, pace);
  const counterpart = await existing(twinOf(own.program), readFile);
  const { whyNoLines, protocol } = loaded.code;
  if (whyNoLines) print(noLinesText(protocol.name, whyNoLines));
  const { line, column } = basesOf(client);
  const counts = { lines: counting(line), columns: counting(column) };
  const open = () => {
    const debuggee = new Debuggee(own, loaded, paths, counts, output);
    debuggee.session.counterpart = counterpart;
    debuggee.breakpoints.setPresets(own.noDebug ? [] : own.breakOn, debuggee.ticked);
    return debuggee;
  };
  if (loaded.code.root === undefined) return open();
  // The nodes of a workspace protocol boot here.
  await pace.before({ type: 'boot' }, true);
  return limit(open);
}

/** What a client may be offered before the launch: its scenario may be known by then. */
export async function foreseenCapabilities(
  { scenario, readFile, root, trusted = false, limit = withoutLimit }: AdapterOptions,
): Promise<DebugProtocol.Capabilities> {
  if (!scenario) return capabilities(undefined);
  const { protocol, ticked } = await foresee(scenario, readFile, trusted, limit, root);
  return capabilities(protocol, { events: ticked, scenario });
}

/** The file if it can be read: nothing is offered that is not there. */
async function existing(file: string, readFile: ReadFile): Promise<string> {
  if (file === '') return '';
  return readFile(file).then(() => file, () => '');
}
