/** What the adapter can do, as it tells its client. */
import type { DebugProtocol } from '@vscode/debugprotocol';
import type { Protocol } from '../protocol/types.ts';

export const brokenFilter = 'broken';
export const thrownFilter = 'thrown';
export const eventPrefix = 'event:';

/** `ticked` are the events that a scenario stops at by itself. */
export function capabilities(
  protocol: Protocol | undefined,
  ticked: readonly string[] = [],
): DebugProtocol.Capabilities {
  return {
    supportsConfigurationDoneRequest: true,
    supportsFunctionBreakpoints: true,
    supportsConditionalBreakpoints: true,
    supportsHitConditionalBreakpoints: true,
    supportsLogPoints: true,
    supportsDataBreakpoints: true,
    supportsBreakpointLocationsRequest: true,
    supportsEvaluateForHovers: true,
    supportsStepBack: true,
    supportsRestartFrame: true,
    supportsGotoTargetsRequest: true,
    supportsStepInTargetsRequest: true,
    supportsCompletionsRequest: true,
    completionTriggerCharacters: ['.', ' '],
    supportsRestartRequest: true,
    supportsTerminateRequest: true,
    supportsExceptionFilterOptions: true,
    supportsExceptionInfoRequest: true,
    supportsDelayedStackTraceLoading: true,
    supportsLoadedSourcesRequest: true,
    exceptionBreakpointFilters: exceptionFilters(protocol, ticked),
  };
}

/** One for each event of the protocol, with its documentation; two for what must never happen. */
export function exceptionFilters(
  protocol: Protocol | undefined,
  ticked: readonly string[],
): DebugProtocol.ExceptionBreakpointsFilter[] {
  const events = Object.entries(protocol?.events ?? {}).map(([name, doc]) => ({
    filter: `${eventPrefix}${name}`,
    label: name,
    // Editors keep ticks by all of this: a stop that a scenario asks for has a tick of its own.
    ...(ticked.includes(name)
      ? { default: true, description: `${doc} (The scenario's \`breakOn\` names it.)` }
      : { description: doc }),
    supportsCondition: true,
    conditionDescription: 'A CEL expression, such as event.node == "n1" or state.currentTerm > 2',
  }));
  const conditionDescription = 'A CEL expression, such as node.id == "n1" or time > 2.5';
  return [
    {
      filter: brokenFilter,
      label: 'Broken invariants',
      description:
        'An invariant of the protocol, or an expectation of the scenario, does not hold.',
      default: true,
      supportsCondition: true,
      conditionDescription,
    },
    {
      filter: thrownFilter,
      label: 'Handlers that throw',
      description: 'A handler of the protocol threw: its process ends there.',
      default: true,
      supportsCondition: true,
      conditionDescription,
    },
    ...events,
  ];
}
