/** What the menus of the picture offer, on real sessions: each entry is a command of the console. */
import { describe, expect, test } from 'vitest';
import { consoleCommand } from '../../src/session/console.ts';
import { untilBreakpoint } from '../../src/session/pursuit.ts';
import type { Session } from '../../src/session/session.ts';
import type { Thing } from '../../src/view/act-view.ts';
import { actsOf, answerOnActs, askedOfActs } from '../../src/view/acts.ts';
import { actLabel } from '../../src/view/panel-words/acts.ts';
import { election, sessionOf } from '../session/sessions.ts';

/** After some actions, without those that the scenario would still take. */
function after(steps: number): Session {
  const session = sessionOf(election());
  session.run(untilBreakpoint);
  session.goto(steps);
  return session;
}

function listed(session: Session, type: Thing['type'], name: string): string[] {
  return actsOf(session, { type, name }).map(
    (act) => `${actLabel(act)} \`${act.command}\`${act.why === undefined ? '' : `: ${act.why}`}`,
  );
}

describe('the acts', () => {
  test('of a node are those of the console, each with the reason if it is not possible', () => {
    const session = after(3);
    expect(listed(session, 'node', 'n1')).toMatchInlineSnapshot(`
      [
        "Crash n1 \`crash n1\`",
        "Restart n1 \`restart n1\`: n1 is running",
        "Pause n1 \`pause n1\`",
        "Resume n1 \`resume n1\`: n1 is not paused",
        "Fire timer election of n1 now \`fire n1 election\`",
        "Set the clock of n1… \`clock n1 offset +50ms\`",
        "Let the clock of n1 jump… \`clock n1 jump +1s\`",
        "Change the rate of n1's clock… \`clock n1 drift +200ppm\`",
        "Power off the host of n1 \`power off n1\`",
        "Unplug the host of n1 \`unplug n1\`",
        "Plug in the host of n1 \`plug in n1\`: the host of n1 is plugged in",
        "Slow down the disk of n1… \`disk n1 slow 20ms\`",
        "Stall the disk of n1 \`disk n1 stall\`",
        "End the disk faults of n1 \`disk n1 ok\`",
      ]
    `);
    consoleCommand(session, 'crash n1');
    expect(listed(session, 'node', 'n1').slice(0, 6)).toMatchInlineSnapshot(`
      [
        "Crash n1 \`crash n1\`: n1 is crashed",
        "Restart n1 \`restart n1\`",
        "Pause n1 \`pause n1\`: n1 is crashed",
        "Resume n1 \`resume n1\`: n1 is not paused",
        "Fire timer election of n1 now \`fire n1 election\`: timer election of n1 is not set",
        "Set the clock of n1… \`clock n1 offset +50ms\`",
      ]
    `);
  });

  test('of a client are its operations, with the arguments of the last one like it', () => {
    const session = after(3);
    expect(listed(session, 'node', 'app').slice(0, 3)).toMatchInlineSnapshot(`
      [
        "Invoke put at app \`app put x 1\`",
        "Invoke get at app \`app get x\`",
        "Invoke cas at app \`app cas x 1 1\`",
      ]
    `);
    const menu = () => actsOf(session, { type: 'node', name: 'app' });
    const put = menu().find(({ command }) => command.startsWith('app put'))!;
    expect(put.parameters).toEqual(['key', 'value']);
    expect(put.command.endsWith(` ${put.value}`)).toBe(true);
    consoleCommand(session, 'app put lamp on');
    expect(session.history.at(-1)).toMatchObject({ name: 'put', args: { key: 'lamp', value: 'on' } });
    expect(menu().find(({ command }) => command.startsWith('app put'))).toMatchObject({
      command: 'app put lamp on', value: 'lamp on',
    });
    consoleCommand(session, 'crash app');
    expect(menu().filter(({ type }) => type === 'invoke').every(({ why }) => why === 'app is crashed'))
      .toBe(true);
  });

  test('of a disk are the faults of the console', () => {
    const session = after(3);
    const slow = actsOf(session, { type: 'node', name: 'n1' }).find(({ type }) => type === 'slow')!;
    expect([slow.command, slow.value]).toEqual(['disk n1 slow 20ms', '20ms']);
    consoleCommand(session, slow.command);
    expect(session.moment.node('n1')!.fsync.slow).toBe(20_000);
  });

  test('of a message, a timer and a link', () => {
    const session = after(3);
    const [message] = session.moment.messages;
    const name = `${message.from}->${message.to}#${message.ordinal}`;
    expect(listed(session, 'message', name).map((line) => line.replaceAll(name, 'M')))
      .toMatchInlineSnapshot(`
        [
          "Deliver M now \`deliver M\`",
          "Drop M \`drop M\`",
          "Delay M… \`delay M by 50ms\`",
          "Duplicate M \`duplicate M\`",
        ]
      `);
    const [alarm] = session.moment.nodes[0].alarms;
    expect(listed(session, 'timer', `n1 ${alarm.name}`)).toMatchInlineSnapshot(`
      [
        "Fire timer election of n1 now \`fire n1 election\`",
      ]
    `);
    consoleCommand(session, 'cut n1 -> n2');
    expect(listed(session, 'link', 'n1 n2')).toMatchInlineSnapshot(`
      [
        "Cut n1 → n2 \`cut n1 -> n2\`: n1 → n2 is already cut",
        "Cut n2 → n1 \`cut n2 -> n1\`",
        "Cut n1 ↔ n2 \`partition n1 | n2\`",
        "Heal n1 → n2 \`heal n1 -> n2\`",
        "Heal n2 → n1 \`heal n2 -> n1\`: n2 → n1 is not cut",
        "Heal n1 ↔ n2 \`heal n1 n2 -> n1 n2\`",
      ]
    `);
  });

  test('of what is gone or unknown are none', () => {
    const session = after(3);
    const things: Thing[] = [
      { type: 'node', name: 'n9' },
      { type: 'message', name: 'n1->n2#99' },
      { type: 'message', name: '<b>' },
      { type: 'timer', name: 'n1 no such' },
      { type: 'timer', name: '' },
      { type: 'link', name: 'n1' },
      { type: 'link', name: 'n1 n1' },
      { type: 'link', name: 'n1 n2 n3' },
    ];
    for (const thing of things) expect(actsOf(session, thing)).toEqual([]);
  });

  test('that are possible are taken by their commands as they are, at many moments', () => {
    const whole = sessionOf(election());
    whole.run(untilBreakpoint);
    const session = whole;
    for (let step = 0; step <= whole.length; step += 40) {
      session.goto(step);
      const { nodes, messages } = session.moment;
      const things: Thing[] = [
        ...nodes.map(({ id }): Thing => ({ type: 'node', name: id })),
        ...messages.slice(0, 1).map(({ from, to, ordinal, copy }): Thing => {
          const of = copy === 0 ? '' : `.${copy}`;
          return { type: 'message', name: `${from}->${to}#${ordinal}${of}` };
        }),
        { type: 'link', name: 'n1 app' },
        { type: 'link', name: 'n3 n1' },
      ];
      for (const act of things.flatMap((thing) => actsOf(session, thing))) {
        const fault = session.faultIn(act.command);
        if (act.why === undefined) expect([act.command, fault]).toEqual([act.command, undefined]);
        else if (!act.why.endsWith('cut')) expect([act.command, fault?.code]).toEqual([act.command, 'not-possible-now']);
      }
    }
  });
});

describe('a question of a panel', () => {
  test('is checked before it is answered', () => {
    const good = { type: 'acts', of: { type: 'node', name: 'n1' } } as const;
    expect(askedOfActs(good)).toEqual(good);
    expect(askedOfActs({ type: 'fault', command: 'crash n1' })).toBeDefined();
    const bad = [
      null, 7, 'acts', {}, { type: 'acts' }, { type: 'acts', of: null }, { type: 'fault', command: 7 },
      { type: 'acts', of: { type: 'cable', name: 'n1' } }, { type: 'acts', of: { type: 'node' } },
    ];
    for (const value of bad) expect(askedOfActs(value)).toBeUndefined();
  });

  test('about a value has the error of the command language', () => {
    const session = after(3);
    const fault = (command: string) => {
      const answer = answerOnActs(session, { type: 'fault', command });
      return answer.type === 'fault' ? answer.fault : answer;
    };
    expect(fault('clock n1 jump +1s')).toBe('');
    expect(fault('clock n1 jump later')).toMatchInlineSnapshot(`"\`later\` is not a duration (write a duration, such as \`+5ms\`)"`);
    expect(fault('clock n1 drift much')).toMatchInlineSnapshot(`"\`drift\` must be a rate, such as \`200ppm\`, not \`much\`"`);
    expect(fault('nonsense')).toMatchInlineSnapshot(`"\`nonsense\` is not a command"`);
  });
});
