/** The specifications of a protocol by name. */
import type { Specification, Specifications } from '../../protocol/history.ts';

/** The name of the only specification of a protocol. */
export const onlyName = 'operations';

/** Empty if the protocol has none; one that has a single specification gives it this name. */
export function specificationsOf(protocol: {
  readonly specification?: Specifications;
}): Readonly<Record<string, Specification>> {
  const { specification } = protocol;
  if (specification === undefined) return {};
  return isSpecification(specification) ? { [onlyName]: specification } : specification;
}

function isSpecification(one: Specifications): one is Specification {
  return typeof one.step === 'function';
}
