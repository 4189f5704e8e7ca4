/** What the adapter can do, as it tells its client, and the exception filters of a protocol. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Capabilities } from '../kernel/seam/movement.ts';
import type { Protocol } from '../protocol/types.ts';
import { simulated } from '../session/simulation.ts';
import { conditionExample, filterWords, tickedText } from './words/filters.ts';

export const violatedFilter = 'violated';
export const thrownFilter = 'thrown';
export const eventPrefix = 'event:';

/** The events in the scenario's `breakOn`. */
export interface Ticked {
  readonly events: readonly string[];
  /** The file of the scenario. */
  readonly scenario: string;
}

export function capabilities(
  protocol: Protocol | undefined,
  ticked: Ticked = { events: [], scenario: '' },
  { back }: Capabilities = simulated,
): DebugProtocol.Capabilities {
  const canGoBack = back !== 'impossible';
  return {
    supportsConfigurationDoneRequest: true,
    supportsFunctionBreakpoints: true,
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
    supportsDataBreakpoints: true,
    supportsBreakpointLocationsRequest: true,
    supportsEvaluateForHovers: true,
    supportsStepBack: canGoBack,
    supportsRestartFrame: canGoBack,
    supportsGotoTargetsRequest: canGoBack,
    supportsStepInTargetsRequest: true,
    supportsCompletionsRequest: true,
    completionTriggerCharacters: ['.', ' '],
    supportsRestartRequest: true,
    supportsTerminateRequest: true,
    supportsExceptionFilterOptions: true,
    supportsExceptionInfoRequest: true,
    supportsDelayedStackTraceLoading: true,
    supportsLoadedSourcesRequest: true,
    supportsCancelRequest: true,
    exceptionBreakpointFilters: exceptionFilters(protocol, ticked),
  };
}

/** One for each event of the protocol, and two for what must never happen. */
function exceptionFilters(
  protocol: Protocol | undefined,
  { events: ticked, scenario }: Ticked,
): DebugProtocol.ExceptionBreakpointsFilter[] {
  const events = Object.entries(protocol?.events ?? {}).map(([name, doc]) => ({
    filter: `${eventPrefix}${name}`,
    label: name,
    // Editors remember whether a filter is ticked by all of these fields. So the stops of each
    // scenario have filters of their own, which do not affect the next scenario. All change at
    // once: VS Code appends a changed filter, which would move it behind those that stayed.
    ...(ticked.includes(name) && { default: true }),
    description: ticked.length === 0 ? doc : tickedText(doc, ticked, fileName(scenario)),
    supportsCondition: true,
    conditionDescription: conditionExample.event,
  }));
  const failures = [violatedFilter, thrownFilter] as const;
  return [
    ...failures.map((filter) => ({
      filter,
      ...filterWords[filter],
      default: true,
      supportsCondition: true,
      conditionDescription: conditionExample.failure,
    })),
    ...events,
  ];
}

function fileName(file: string): string {
  return file.replace(/^.*[\\/]/, '');
}
