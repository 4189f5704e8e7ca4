/** The words of the State Machine panel: standings, transitions and what is not declared. */
import { timeText } from '../../kernel/text/duration.ts';
import type { RolesView, StateView, TransitionView } from '../roles/roles-view.ts';

export const labels = {
  diagram: 'State diagram',
  transitions: 'Transitions',
  role: 'Role',
  allNodes: 'all nodes',
  notDeclared: 'not declared',
  boot: 'boot',
  justTaken: 'just taken',
  takenBefore: 'taken before',
  neverTaken: 'never taken',
  /** Of a diagram without room for the causes of transitions that were never taken. */
  cause: '… its tooltip says the cause',
  centre: 'Centre on the transition that was taken last',
  copyAsMermaid: 'Copy as Mermaid',
  /** Why others hold a node to be something, before they have changed their minds. */
  firstHeardOf: 'first heard of',
  /** Below the diagram of what nodes hold others to be. */
  heldBy: 'n3 (n1): as n1 sees n3',
} as const;

/** The name of a standing; of a node that shows none, its role. */
export function standingName(standing: string, role: string): string {
  return standing === '' ? role : standing;
}

/** Who holds a node to be something: `n3 (n1, n2)`. */
export function heldByText(node: string, by: readonly string[]): string {
  const rest = by.length - heldByMost;
  const shown = by.slice(0, heldByMost).join(', ');
  return `${node} (${rest > 0 ? `${shown} and ${rest} more` : shown})`;
}

const heldByMost = 4;

/** In the list of roles: what its nodes hold others to be. */
export function othersText(role: string): string {
  return `${role}: as others see them`;
}

const nodesMost = 8;

/** The lines in the box of a state: its name, then the nodes that are there. */
export function stateLabel({ standing, isDeclared, nodes }: StateView, role: string): string[] {
  const shown = nodes.slice(0, nodesMost).join(', ');
  const rest = nodes.length - nodesMost;
  return [
    standingName(standing, role),
    ...(isDeclared ? [] : [labels.notDeclared]),
    ...(nodes.length === 0 ? [] : [rest > 0 ? `${shown} and ${rest} more` : shown]),
  ];
}

/** The tooltip of a state: what a node is there, as the protocol explains it. */
export function stateTitle(state: StateView, role: string): string {
  const { standing, doc, isDeclared } = state;
  const name = standingName(standing, role);
  if (!isDeclared) return `${name}: ${labels.notDeclared}`;
  return doc === '' ? name : `${name}: ${doc}`;
}

/** The lines beside the arrow of a transition: its cause, how often it was taken, and by which. */
export function transitionLabel({ cause, isDeclared, count, now, last }: TransitionView): string[] {
  const what = isDeclared ? cause : labels.notDeclared;
  const when = now.length > 0 && last ? [`${now.join(', ')} at ${timeText(last.time)}`] : [];
  return [count === 0 ? what : `${what} × ${count}`, ...when];
}

/** `n2 becomes candidate, was follower: times out, starts election (step 7, 180ms).` */
export function takenText(one: TransitionView, role: string, declares = true): string {
  const { from, to, cause, isDeclared, now, last } = one;
  const name = standingName(to, role);
  const who = now.length > 0 ? now.join(', ') : (last?.node ?? '');
  const verb = now.length > 1 ? 'become' : 'becomes';
  const was = from === null ? 'after its boot' : `was ${standingName(from, role)}`;
  const undeclared = declares ? 'the role does not declare this transition' : '';
  const what = isDeclared ? cause : undeclared;
  const why = what === '' ? '' : `: ${what}`;
  const when = last ? ` (step ${last.step}, ${timeText(last.time)})` : '';
  const isHeardOf = from === null && cause === labels.firstHeardOf;
  if (isHeardOf) return `${who} ${verb} ${name}: ${cause}${when}.`;
  return from === null
    ? `${who} ${verb} ${name} ${was}${isDeclared ? '' : why}${when}.`
    : `${who} ${verb} ${name}, ${was}${why}${when}.`;
}

/** What the last step did to standings. */
export function changeText({ transitions, role, states }: RolesView): string {
  const now = transitions.filter((one) => one.now.length > 0);
  if (now.length === 0) return 'No node changed its standing in this step.';
  // A role that declares nothing says so once, and does not seem to break a declaration.
  const declares = states.some(({ isDeclared }) => isDeclared);
  return now.map((one) => takenText(one, role, declares)).join(' ');
}

/** Where all nodes are: `follower: n1, n3. leader: n2. Not running: n4 (crashed).` */
export function whereText({ states, off, role }: RolesView): string {
  const there = states
    .filter(({ nodes }) => nodes.length > 0)
    .map(({ standing, nodes }) => `${standingName(standing, role)}: ${nodesText(nodes)}.`);
  const gone = off.map(({ node, status }) => `${node} (${status})`).join(', ');
  return [...there, ...(gone === '' ? [] : [`Not running: ${gone}.`])].join(' ');
}

/** All names; of a crowd, those with consecutive numbers as in a scenario: `n1, n3..n100`. */
function nodesText(nodes: readonly string[]): string {
  if (nodes.length <= nodesMost) return nodes.join(', ');
  const ranges: string[][] = [];
  for (const node of nodes) {
    const last = ranges.at(-1);
    if (last !== undefined && node === nameAfter(last.at(-1)!)) last.push(node);
    else ranges.push([node]);
  }
  return ranges
    .flatMap((range) => (range.length < 3 ? range : [`${range[0]}..${range.at(-1)}`]))
    .join(', ');
}

/** `n10` after `n9`; undefined if a name has no number. */
function nameAfter(name: string): string | undefined {
  const [, prefix, number] = /^(.*?)(\d+)$/.exec(name) ?? [];
  return number === undefined ? undefined : `${prefix}${Number(number) + 1}`;
}

/** The name of a transition for assistive tools, and its tooltip. */
export function transitionTitle(one: TransitionView, role: string): string {
  const { from, to, cause, isDeclared, count, last } = one;
  const start = from === null ? labels.boot : standingName(from, role);
  const path = `${start} → ${standingName(to, role)}`;
  const why = from === null && isDeclared ? '' : `: ${isDeclared ? cause : labels.notDeclared}`;
  if (last === undefined) return `${path}${why}. ${capital(labels.neverTaken)}.`;
  const times = count === 1 ? 'Taken once' : `Taken ${count} times`;
  const at = `by ${last.node} in step ${last.step}, at ${timeText(last.time)}`;
  return `${path}${why}. ${times}, last ${at}.`;
}

export function sinceText(since: number): string {
  return `Transitions are counted from step ${since} on.`;
}

/** In a room that is too small for a diagram that can be read. */
export function outOfViewText(states: readonly string[]): string {
  return `Out of view: ${states.join(', ')}. Scroll, or press 0 to see all.`;
}

/** What to write so that the panel has something to draw. */
export function noStandingsText(role: string): string {
  return `The role ${role} shows no standing, so it has no state machine.`;
}

export const howToDeclare =
  'In the protocol, let `look` return a `standing`, and declare the standings in the role: ' +
  "standings: { follower: { doc: '…', to: { leader: 'what causes it' } }, leader: { … } }";

export function undeclaredRoleText(role: string): string {
  return `The role ${role} shows standings, and declares none: what causes them is not known.`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
