/** The Mermaid text of a sequence: one line per item, and no label that Mermaid reads as syntax. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { escapeLabel, sequenceToMermaid } from '../../src/view/sequence/mermaid.ts';
import type { Outcome, SequenceItem } from '../../src/view/sequence/sequence-view.ts';

const two = [
  { id: 'n1', about: ['leader', 'term 2'] },
  { id: 'end', about: [] },
];

function when(step: number) {
  return { step, at: step * 1_000, current: false };
}

function message(label: string, outcome: Outcome): SequenceItem {
  return {
    type: 'message',
    id: 'n1->end#1',
    from: 'n1',
    to: 'end',
    messageType: 'RequestVote',
    label,
    fields: '',
    outcome,
    ...when(3),
  };
}

describe('sequenceToMermaid', () => {
  it('draws each outcome with its own arrow, events and faults as notes', () => {
    const text = sequenceToMermaid(two, [
      message('RequestVote term 2', 'delivered'),
      message('RequestVote term 2', 'in-flight'),
      message('RequestVote term 2', 'lost'),
      message('RequestVote term 2', 'refused'),
      { type: 'event', node: 'end', name: 'TermChanged', fields: '1 → 2', ...when(4) },
      { type: 'fault', nodes: ['end', 'n1'], text: 'partition n1 | end', ...when(5) },
      { type: 'fault', nodes: [], text: 'heal', ...when(6) },
      { type: 'fault', nodes: ['n1'], text: 'n1 threw: out of luck', ...when(7) },
    ]);
    expect(text).toBe(`sequenceDiagram
    participant p0 as n1<br/>leader<br/>term 2
    participant p1 as #101;nd
    rect rgba(127, 127, 127, 0.1)
      p0->>p1: RequestVote term 2
    end
    p0--)p1: RequestVote term 2
    rect rgba(127, 127, 127, 0.1)
      p0-xp1: RequestVote<br/>term 2 (lost)
      p0--xp1: RequestVote<br/>term 2 (refused)
    end
    rect rgba(127, 127, 127, 0.1)
      Note over p1: TermChanged 1 → 2
    end
    rect rgba(127, 127, 127, 0.1)
      Note over p0,p1: partition n1 | #101;nd
    end
    rect rgba(127, 127, 127, 0.1)
      Note over p0,p1: heal
    end
    rect rgba(127, 127, 127, 0.1)
      Note over p0: n1 threw: out of luck
    end
`);
  });

  it('has a band for each action, activations, named gaps, and what is recorded after now', () => {
    const text = sequenceToMermaid(two, [
      { type: 'operation', nodes: ['n1'], operation: '7', text: 'n1 invokes put x', ...when(1) },
      message('Put x', 'delivered'),
      { type: 'timer', node: 'end', timer: 'sync', ...when(4) },
      { type: 'event', node: 'end', name: 'Stored', fields: 'x', ...when(4) },
      { type: 'answer', node: 'n1', operation: '7', ok: true, text: 'OK', ...when(200), folded: 2 },
      { type: 'answer', node: 'end', operation: '3', ok: false, text: 'late', ...when(201) },
      { ...message('Bye', 'delivered'), ...when(202), future: true },
    ]);
    expect(text.split('\n').slice(3)).toEqual([
      '    activate p1',
      '    rect rgba(127, 127, 127, 0.1)',
      '      Note over p0: invokes put x',
      '      activate p0',
      '    end',
      '    rect rgba(127, 127, 127, 0.1)',
      '      p0->>p1: Put x',
      '    end',
      '    rect rgba(127, 127, 127, 0.1)',
      '      Note over p1: sync timer fires<br/>Stored x',
      '    end',
      '    Note over p0,p1: … 196 ms, 2 folded messages …',
      '    rect rgba(127, 127, 127, 0.1)',
      '      Note over p0: answered: OK',
      '      deactivate p0',
      '    end',
      '    rect rgba(127, 127, 127, 0.1)',
      '      Note over p1: failed: late',
      '      deactivate p1',
      '    end',
      '    Note over p0,p1: now',
      '    rect rgba(127, 127, 127, 0.1)',
      '      p0->>p1: Bye',
      '    end',
      '',
    ]);
  });

  it('puts all that a note says on one line, without the details that have no room', () => {
    const events = ['TermChanged', 'VoteGranted'].map((name): SequenceItem => {
      return { type: 'event', node: 'n1', name, fields: 'from 1 to 2', ...when(1) };
    });
    const line = (width: number) =>
      sequenceToMermaid(two, events, { message: () => 9, note: () => width, linesMax: 1 })
        .split('\n')
        .find((one) => one.includes('Note'))!
        .trim();
    expect(line(60)).toBe('Note over p0: TermChanged from 1 to 2 · VoteGranted from 1 to 2');
    expect(line(40)).toBe('Note over p0: TermChanged from 1 to 2 · VoteGranted');
    expect(line(30)).toBe('Note over p0: TermChanged · VoteGranted');
    expect(line(15)).toBe('Note over p0: TermChanged ·…');
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
          return { type: 'event', node, name: 'E', fields: '', ...when(1) };
        });
        const listed = ids.slice(ids.length / 2).map((id) => ({ id, about: [] }));
        const text = sequenceToMermaid(listed, events);
        const keys = [...text.matchAll(/^ {4}participant (\S+) as /gm)].map(([, key]) => key);
        expect(new Set(keys).size).toBe(ids.length);
        const names = ids.map((id) => id.toLowerCase());
        for (const key of keys) expect(names).not.toContain(key);
        // Each event stands at the node that reported it.
        const notes = [...text.matchAll(/^ {6}Note over (\S+): /gm)].map(([, key]) => key);
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
      ...when(1),
    };
    expect(sequenceToMermaid([], [event])).toContain('participant p0 as n9');
    const named: SequenceItem = { ...event, name: 'LeaderElected', fields: 'term 3' };
    expect(sequenceToMermaid([], [named])).toContain(': LeaderElected term 3\n');
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
