/** The part of the help of `lockstep explore` on counts of states that are published elsewhere. */
export const countingStates = `\
To count the states of a model as TLC does: each choice is a timer that its node sets while the
choice is possible; a client operation is a step with \`start\`, or a timer of the client. A
network is a bag of messages with \`network: { reorder: true }\`, and a set that only grows with
duplicates=any. A state is what the nodes, their timers, the messages and the memories of
invariants are; a scenario with steps adds the step that it is at.
States that differ only in the order in which the keys of an object were added, also in \`memory\`,
are two. So are those that differ only in who sent a message: if a model forgets its sender, or
shares variables, let one node have them all, with a timer for each choice, named by its key.
A message that the model leaves where it is, because its receiver is not ready, stays with
--skip-idle; a handler that ignores a message for good then reports an event. On a link that keeps
its order, a duplicate goes to the end. Choose among several initial states in the handler of a
timer, which adds one state. States outside --inside are counted, unlike those outside TLC's
CONSTRAINT: subtract the number that the verdict names.`;
