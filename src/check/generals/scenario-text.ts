/** The scenario in which the last of a number of acknowledgements is lost. */

/** With no acknowledgement, the last message is the order itself. */
export function brokenScenario(acknowledgements: number): string {
  const last = acknowledgements === 0 ? 'the order' : `message ${acknowledgements}`;
  const [sender, receiver] = acknowledgements % 2 === 0 ? ['A', 'B'] : ['B', 'A'];
  const lines = [
    `# ${countText(acknowledgements)}, and the last messenger is caught: it carries ${last}.`,
    `# ${sender} cannot know that, and attacks; ${receiver} waits for it, and does not.`,
    `title: "Broken: ${last} is lost"`,
    'protocol: two-generals',
    `options: { acknowledgements: ${acknowledgements} }`,
    'nodes: { A: general, B: general }',
    'seed: 1',
    '',
    'steps:',
    '  - start A order',
    '  - wait until LastMessengerSent',
    `  - drop Messenger                    # ${last} from ${sender} to ${receiver}`,
    '  - wait 60s',
    '',
    'expect:',
    '  - event Attacks at A',
    '  - event Attacks at B',
    '',
    'breakOn: [LastMessengerSent, Attacks, StaysBack]',
    'breaks: Both Or Neither',
  ];
  return `${lines.join('\n')}\n`;
}

export function countText(acknowledgements: number): string {
  const number = acknowledgements === 0 ? 'No' : String(acknowledgements);
  return `${number} acknowledgement${acknowledgements === 1 ? '' : 's'}`;
}
