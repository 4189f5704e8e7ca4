/** What the extension uses of this bundle: the command line contains all of it anyway. */
export { LockstepDebugSession } from '../dap/session.ts';
export { checkScenario } from '../check/scenario-check.ts';
export { acknowledgementsLimits, breakAgreement } from '../check/generals/construction.ts';
export { brokenFileName, whyBroken } from '../check/generals/words.ts';
export { protocolReference } from '../scenario/parse/protocol-reference.ts';
export { CodeFault } from '../code/code-fault.ts';
export { loadProtocol } from '../code/code.ts';
export { historyFormats } from '../check/formats/read-history.ts';
export { shippedSpecifications } from '../protocol/specifications/shipped.ts';
export { checkedFile } from '../view/history/of-file.ts';
export { library } from '../protocols/library.ts';
export { eject } from '../code/eject.ts';
export { findHere } from './find/here.ts';
export { exportRun } from './export/export.ts';
export { compare as compareScenarios } from './compare/compare.ts';
export { test as testScenarios } from './test.ts';
export { gather, locate } from '../code/load/workspace-files.ts';
