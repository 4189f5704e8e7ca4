/** What the extension uses of the bundle of the command line, which holds all of it already. */
export { LockstepDebugSession } from '../dap/session.ts';
export { checkScenario } from '../scenario/check.ts';
export { protocolReference } from '../scenario/parse/protocol-reference.ts';
export { CodeFault } from '../code/code-fault.ts';
export { loadProtocol } from '../code/code.ts';
export { entryOf, gather } from '../code/load/workspace-files.ts';
