/** The words of a panel without a picture: what will appear, how to begin, or what went wrong. */
import type { PanelName } from '../panels.ts';

export const willShow: Readonly<Record<PanelName, string>> = {
  cluster:
    'The cluster appears here: each node with its role, term and log, messages in flight, ' +
    'partitions, crashed and paused nodes, and timers.',
  sequence:
    'The last messages of the run appear here as a sequence diagram, with events and faults as ' +
    'notes and the current step marked.',
  spacetime:
    'The whole run appears here on true time: each node as a line, each message as a slope, with ' +
    'what happened before and after the event under the pointer.',
  history:
    'The operations of clients appear here as intervals, from invocation to response, with the ' +
    'verdicts on what the scenario expects of their history.',
  locks:
    'Each lock, lease and leadership appears here as intervals: which node held it, which nodes ' +
    'believed that they did, and which writes storage accepted or refused.',
  logs:
    'The logs of all nodes appear here in one table by index: the term of each entry, what is ' +
    'committed, where logs differ, and what the leader knows of the others.',
  roles:
    'The state machine of a role appears here: what its nodes can be, where each of them is, and ' +
    'the transition just taken.',
};

/** From the beginning of a session to its first stop. */
export const loading = 'The session is loading. The panel is drawn when it first stops.';

/** The file pattern and the key are set in type of their own. */
export const howToBegin = {
  open: 'Open a scenario',
  pattern: '*.scenario.yaml',
  press: 'in the editor and press',
  key: 'F5',
  then: 'The panel is drawn at each stop of the debugger.',
} as const;

/** Between the two is the error's own message. */
export const viewFailed = {
  what: 'This panel cannot show the current step.',
  then:
    'The other panels and the debugger still work: step forward or back, and the panel tries ' +
    'again. The debug console has the details.',
} as const;
