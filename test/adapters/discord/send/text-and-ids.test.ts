import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readReceiptId, receiptId } from '../../../../adapters/discord/address.js';
import { createdAt, isLater, snowflakeAt, userOf } from '../../../../adapters/discord/ids.js';
import { textUnits, webhookName, withName } from '../../../../adapters/discord/send/message-text.js';
import { threadName } from '../../../../adapters/discord/threads.js';
import type { OutgoingMessage } from '../../../../src/delivery/adapter.js';

const snowflake = fc.bigInt(1n, 2n ** 63n).map(String);

describe('receipt ids', () => {
  it('come back as they were', () => {
    const placed = fc.oneof(
      fc.record({ kind: fc.constant('message' as const), channel: snowflake, message: snowflake }),
      fc.record({
        kind: fc.constant('message' as const),
        channel: snowflake,
        message: snowflake,
        webhook: snowflake,
      }),
      fc.record({ kind: fc.constant('response' as const), channel: snowflake, message: snowflake }),
    );
    fc.assert(
      fc.property(placed, (place) => {
        expect(readReceiptId(receiptId(place))).toEqual(place);
      }),
    );
  });

  it.each(['', 'm:1', 'x:1:2', 'm:1:2:three'])('refuse %j', (id) => {
    expect(() => readReceiptId(id)).toThrow(TypeError);
  });
});

describe('names and texts', () => {
  it('keep every message within 2,000 units, whoever speaks', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (name) => {
        const text = 'x'.repeat(textUnits);
        const message = { speaker: { name }, text } as OutgoingMessage;
        expect(withName(message).length).toBeLessThanOrEqual(2_000);
        expect(withName(message).isWellFormed()).toBe(name.isWellFormed());
      }),
    );
  });

  it('take the Markdown out of a name', () => {
    const message = { speaker: { name: '*Ada* _L_' }, text: 'hi' } as OutgoingMessage;
    expect(withName(message)).toBe('**\\*Ada\\* \\_L\\_**\nhi');
  });

  it('are names Discord takes for a webhook', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (name) => {
        const shown = webhookName(name);
        expect(shown.length).toBeGreaterThan(0);
        expect(shown.length).toBeLessThanOrEqual(80);
        expect(shown).not.toMatch(/discord|clyde/i);
      }),
    );
    expect(webhookName('DiscordClyde')).toBe('D.iscordC.lyde');
    expect(webhookName('  ')).toBe('Rapport');
  });

  it('name a thread after the first words', () => {
    expect(threadName('  I lost\nmy job ', 'A conversation')).toBe('I lost my job');
    expect(threadName('', 'A conversation')).toBe('A conversation');
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 400, unit: 'grapheme' }), (text) => {
        const name = threadName(text, 'A conversation');
        expect(name.isWellFormed()).toBe(true);
        expect([...name].length).toBeGreaterThan(0);
        expect([...name].length).toBeLessThanOrEqual(60);
      }),
    );
  });
});

describe('snowflakes', () => {
  it('hold the time of their creation', () => {
    // The example of Discord's own documentation.
    expect(createdAt('175928847299117063')).toBe(Date.UTC(2016, 3, 30, 11, 18, 25, 796));
    fc.assert(
      fc.property(fc.integer({ min: 1_420_070_400_000, max: 4_000_000_000_000 }), (at) => {
        expect(createdAt(snowflakeAt(at))).toBe(at);
      }),
    );
    expect(isLater('100', '99')).toBe(true);
    expect(isLater('99', '100')).toBe(false);
  });

  it('are read out of a person only on Discord', () => {
    expect(userOf('discord:5')).toBe('5');
    expect(userOf('slack:T:5')).toBeNull();
    expect(userOf('discord:5:6')).toBeNull();
  });
});
