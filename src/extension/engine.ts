// What the extension uses of the other layers: in Node a bundle of its own, loaded when needed.
export { LockstepDebugSession } from '../dap/session.ts';
export { checkScenario } from '../scenario/check.ts';
