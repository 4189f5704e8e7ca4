/** The Mermaid text of a sequence: one line per item, and no label that Mermaid reads as syntax. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Outcome, SequenceItem } from '../../src/view/contract.ts';
import { escapeLabel, sequenceToMermaid } from '../../src/view/mermaid.ts';

const two = [
  { id: 'n1', about: ['leader', 'term 2'] },
  { id: 'end', about: [] },
];

function message(label: string, outcome: Outcome): SequenceItem {
  return {
    type: 'message',
    id: 'n1->end#1',
    from: 'n1',
    to: 'end',
    label,
    fields: '',
    outcome,
    step: 3,
    current: false,
  };
}

describe('sequenceToMermaid', () => {
  it('draws each outcome with its own arrow, events and faults as notes', () => {
    const text = sequenceToMermaid(two, [
      message('RequestVote term 2', 'delivered'),
      message('RequestVote term 2', 'in-flight'),
      message('RequestVote term 2', 'lost'),
      message('RequestVote term 2', 'refused'),
      { type: 'event', node: 'end', name: 'TermChanged', fields: '1 → 2', step: 4, current: true },
      { type: 'fault', nodes: ['end', 'n1'], text: 'partition n1 | end', step: 5, current: false },
      { type: 'fault', nodes: [], text: 'heal', step: 6, current: false },
      { type: 'fault', nodes: ['n1'], text: 'n1 threw: out of luck', step: 7, current: false },
    ]);
    expect(text).toBe(`sequenceDiagram
    participant p0 as n1<br/>leader<br/>term 2
    participant p1 as #101;nd
    p0->>p1: RequestVote term 2
    p0--)p1: RequestVote term 2
    p0-xp1: RequestVote<br/>term 2 (lost)
    p0--xp1: RequestVote<br/>term 2 (refused)
    Note over p1: TermChanged<br/>1 → 2
    Note over p0,p1: partition n1 | #101;nd
    Note over p0,p1: heal
    Note over p0: n1 threw: out of luck
`);
  });

  it('never names a participant like another node', () => {
    const hostile = [
      'p0', 'p1', 'P2', 'end', 'END', 'participant', 'actor', 'loop', 'Note', 'note over', 'box',
      'create', 'destroy', 'autonumber', 'sequenceDiagram', 'as', '->>', 'n1-xn2', 'ñ1', '节点',
      '\u202ep3', '%%', 'a;b', '#p4;', 'constructor', '__proto__', '',
    ];
    const name = fc.oneof(fc.constantFrom(...hostile), fc.string(), fc.stringMatching(/^p\d$/));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 12 }), (ids) => {
        const events = ids.map((node): SequenceItem => {
          return { type: 'event', node, name: 'E', fields: '', step: 1, current: false };
        });
        const listed = ids.slice(ids.length / 2).map((id) => ({ id, about: [] }));
        const text = sequenceToMermaid(listed, events);
        const keys = [...text.matchAll(/^ {4}participant (\S+) as /gm)].map(([, key]) => key);
        expect(new Set(keys).size).toBe(ids.length);
        const names = ids.map((id) => id.toLowerCase());
        for (const key of keys) expect(names).not.toContain(key);
        // Each event stands at the node that reported it.
        const notes = [...text.matchAll(/^ {4}Note over (\S+): /gm)].map(([, key]) => key);
        const order = [...listed.map(({ id }) => id), ...ids];
        const keyOf = new Map([...new Set(order)].map((id, index) => [id, keys[index]]));
        expect(notes).toEqual(ids.map((id) => keyOf.get(id)));
      }),
    );
  });

  it('adds nodes that only items name, and accepts an empty diagram', () => {
    const event: Extract<SequenceItem, { type: 'event' }> = {
      type: 'event',
      node: 'n9',
      name: 'E',
      fields: '',
      step: 1,
      current: false,
    };
    expect(sequenceToMermaid([], [event])).toContain('participant p0 as n9');
    const named: SequenceItem = { ...event, name: 'LeaderElected', fields: 'term 3' };
    expect(sequenceToMermaid([], [named])).toContain(': LeaderElected<br/>term 3\n');
    expect(sequenceToMermaid([], [])).toBe('sequenceDiagram\n    participant p0 as no nodes\n');
  });
});

describe('escapeLabel', () => {
  it.each([
    ['a;b', 'a#59;b'],
    ['a#b', 'a#35;b'],
    ['#lt;', '#35;lt#59;'],
    ['<img src=x onerror=alert(1)>', '#60;img src=x<br/>onerror=alert(1)#62;'],
    ['%%{init: {}}%%', '#37;#37;#123;init: #123;#125;#125;#37;#37;'],
    ['one\ntwo\r\n\u2028three', 'one two three'],
    ['wrap: x', 'wrap#58; x'],
    ['style a:b', 'style a#58;b'],
    ['key: value', 'key: value'],
    ['the end.', 'the #101;nd.'],
    ['ending', 'ending'],
    ['\\n "q" `c` $$x$$ &lt', '#92;n #34;q#34; #96;c#96; #36;#36;x#36;#36; #38;lt'],
    ['ﬂ°°60¶ß', '#64258;°°60#182;ß'],
    ['\u202eevil\u200b', 'evil'],
    ['', '–'],
  ])('%j', (label, escaped) => {
    expect(escapeLabel(label, 22)).toBe(escaped);
  });

  it('breaks evenly, never within a word that fits a line, and cuts long labels', () => {
    expect(escapeLabel('AppendEntriesReply term 3, match 7', 22)).toBe(
      'AppendEntriesReply<br/>term 3, match 7',
    );
    expect(escapeLabel('x'.repeat(30), 22)).toBe(`${'x'.repeat(22)}<br/>${'x'.repeat(8)}`);
    expect(escapeLabel('word '.repeat(60), 22).split('<br/>')).toHaveLength(6);
  });

  it('leaves nothing of any string that Mermaid could read as syntax', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.integer({ min: 4, max: 40 }),
        (label, width) => {
          const bare = escapeLabel(label, width).replaceAll('<br/>', ' ').replace(/#\d+;/g, '');
          expect(bare).not.toMatch(/[#;<>%{}&"`$\\\n\r\u2028\u2029ﬂ¶]/u);
          expect(bare).not.toMatch(/\bend\b/i);
        },
      ),
    );
  });
});
