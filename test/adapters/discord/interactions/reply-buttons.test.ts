import { ButtonStyle } from 'discord-api-types/v10';
import { describe, expect, it } from 'vitest';
import { readComponentId } from '../../../../adapters/discord/interactions/component-id.js';
import {
  markOf,
  nonceIn,
  offerRow,
  type ReplyRow,
  rowFor,
} from '../../../../adapters/discord/interactions/reply-buttons.js';
import { loadLocale } from '../../../../app/settings.js';

const { say } = loadLocale('en');
const reply = (change: Partial<ReplyRow> = {}) =>
  rowFor({
    sessionId: 'discord:thread:123',
    turnId: 'discord:thread:123#4',
    nonce: 'abc123',
    state: 'done',
    say,
    ...change,
  });
const actions = (row: ReturnType<typeof rowFor>) =>
  row.components.map(({ custom_id }) => readComponentId(custom_id));

describe('the buttons of a reply', () => {
  it('can stop it while it is written', () => {
    expect(actions(reply({ state: 'streaming' }))).toEqual([
      { do: 'stop', session: 't123', turn: '4', nonce: 'abc123' },
    ]);
  });

  it('carry only the nonce where the reply goes on below', () => {
    const marker = reply({ state: 'marker' });
    expect(marker.components).toHaveLength(1);
    expect(marker.components[0]?.disabled).toBe(true);
    expect(nonceIn([marker])).toBe('abc123');
  });

  it('judge it and ask for another at its end', () => {
    expect(actions(reply()).map((action) => action?.do)).toEqual(['regenerate', 'feedback', 'feedback']);
  });

  it('show the thumb that was pressed, which then takes the feedback back', () => {
    const [, up, down] = reply({ feedback: 'up' }).components;
    expect(up?.style).toBe(ButtonStyle.Success);
    expect(down?.style).toBe(ButtonStyle.Secondary);
    expect(readComponentId(up?.custom_id ?? '')).toMatchObject({ do: 'feedback', value: 'none' });
    expect(readComponentId(down?.custom_id ?? '')).toMatchObject({ do: 'feedback', value: 'down' });
  });

  it.each(['discord:user:1:2', 'discord:channel:2:1'])(
    'open a form where nobody can type below: %s',
    (id) => {
      const row = reply({ sessionId: id, turnId: `${id}#1` });
      expect(actions(row).map((action) => action?.do)).toEqual([
        'write',
        'regenerate',
        'feedback',
        'feedback',
      ]);
      expect(row.components.length).toBeLessThanOrEqual(5);
    },
  );

  it('have ids of their own in every state, and hold the longest session', () => {
    const longest = '18446744073709551615';
    const id = `discord:user:${longest}:${longest}`;
    for (const state of ['streaming', 'marker', 'done'] as const) {
      const row = reply({ sessionId: id, turnId: `${id}#999999999`, nonce: 'z'.repeat(25), state });
      const ids = row.components.map(({ custom_id }) => custom_id);
      expect(new Set(ids).size).toBe(ids.length);
      expect(Math.max(...ids.map((one) => one.length))).toBeLessThanOrEqual(100);
      expect(nonceIn([row])).toBe('z'.repeat(25));
    }
  });

  it('of a message without a nonce do not pretend to have one', () => {
    const { nonce: _, ...rest } = { nonce: '', sessionId: 'discord:dm:1', turnId: 'discord:dm:1#1', say };
    expect(nonceIn([rowFor({ ...rest, state: 'done' })])).toBeNull();
    expect(nonceIn(undefined)).toBeNull();
  });

  it('tell one offered character from another', () => {
    const row = offerRow({
      sessionId: 'discord:dm:1',
      character: { id: 'maya', name: 'Maya Example', shortName: 'Maya' },
      say,
    });
    expect(actions(row)).toEqual([
      { do: 'offer', session: 'd1', mark: markOf('maya'), answer: 'take' },
      { do: 'offer', session: 'd1', mark: markOf('maya'), answer: 'decline' },
    ]);
    expect(markOf('maya')).not.toBe(markOf('mayb'));
  });
});
