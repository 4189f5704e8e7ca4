/** What the extension uses of the bundle of the command line, which holds all of it already. */
export { LockstepDebugSession } from '../dap/session.ts';
export { checkScenario } from '../scenario/check.ts';
export { protocolReference } from '../scenario/protocol-reference.ts';
export { CodeFault } from '../session/code-fault.ts';
export { loadProtocol } from '../session/code.ts';
export { entryOf, gather } from '../session/workspace.ts';
