/** The exception filters in words. */

export const filterWords = {
  violated: {
    label: 'Violated invariants',
    description: 'An invariant of the protocol or an expectation of the scenario does not hold.',
  },
  thrown: {
    label: 'Handlers that throw',
    description: 'A handler of the protocol threw, which ends its process.',
  },
} as const;

export const conditionExample = {
  event: 'A CEL expression, such as event.node == "n1" or state.currentTerm > 2',
  failure: 'A CEL expression, such as node.id == "n1" or time > 2.5',
} as const;

/** An event of a scenario with a `breakOn`, which names the `ticked` events. */
export function tickedText(doc: string, ticked: readonly string[], scenario: string): string {
  return `${doc} (\`breakOn\` of ${scenario}: ${ticked.join(', ')}.)`;
}
