/** A protocol of the workspace, run with a bound on how long each of its functions may take. */
import type { Protocol, Role } from '../protocol/types.ts';
import { beginningsMost, type Recorder } from './recorder.ts';

/** The same protocol, each of its functions with a fresh bound when it is called. */
export function bounded(protocol: Protocol, recorder: Recorder): Protocol {
  const wrap = <Code>(code: Code): Code => {
    if (typeof code !== 'function') return code;
    const wrapped = (...given: unknown[]) => {
      recorder.left = beginningsMost;
      for (const pattern of recorder.patterns) pattern.lastIndex = 0;
      return (code as unknown as (...given: unknown[]) => unknown)(...given);
    };
    return wrapped as Code;
  };
  const each = <Part extends object>(parts: Part, change: (one: Part[keyof Part]) => unknown) =>
    Object.fromEntries(
      Object.entries(parts).map(([name, one]) => [name, change(one as Part[keyof Part])]),
    ) as Part;
  const roleOf = (role: Role<any>): Role<any> => ({
    ...each(role, wrap),
    messages: each(role.messages, wrap),
    timers: each(role.timers, wrap),
    ...(role.operations ? { operations: each(role.operations, (one) => each(one, wrap)) } : {}),
  });
  return {
    ...each(protocol, wrap),
    roles: each(protocol.roles, roleOf),
    invariants: each(protocol.invariants, (one) => each(one, wrap)),
    ...(protocol.facts ? { facts: each(protocol.facts, (one) => each(one, wrap)) } : {}),
  };
}
