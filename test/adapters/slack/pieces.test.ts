import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  pageValue,
  quoteMetadata,
  readPage,
  readQuote,
  readTalk,
  talkValue,
} from '../../../adapters/slack/actions/action-ids.js';
import { readSlackPerson, slackPerson, slackSession } from '../../../adapters/slack/address.js';
import { MethodLimits } from '../../../adapters/slack/api/call-pace.js';
import { firstWord, nearest } from '../../../adapters/slack/commands/verb.js';
import {
  feedbackValue,
  nonceOfBlock,
  readFeedback,
  readTurn,
  replyBlockId,
} from '../../../adapters/slack/delivery/reply-blocks.js';
import { TokenCipher } from '../../../adapters/slack/install/installation-store.js';
import { isSlackAddress } from '../../../adapters/slack/intake/files.js';
import { escapeText, mentionedUsers, plainText } from '../../../adapters/slack/intake/plain-text.js';
import { cut } from '../../../adapters/slack/views/block-kit.js';
import { nonceOf } from '../../../src/delivery/nonce.js';
import { messageId, turnId } from '../../../src/ids.js';
import { FakeClock } from '../../doubles/fake-clock.js';

describe('tokens at rest', () => {
  const key = randomBytes(32);
  const cipher = new TokenCipher(key.toString('base64'));

  it('come back as they were, under their own name only', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string(), (token, name) => {
        const sealed = cipher.encrypt(token, name);
        expect(cipher.decrypt(sealed, name)).toBe(token.toWellFormed());
        expect(() => cipher.decrypt(sealed, `${name}x`)).toThrowError(/damaged/);
      }),
    );
  });

  it('never look the same twice, and any change is noticed', () => {
    const sealed = cipher.encrypt('xoxb-1', 'a');
    expect(cipher.encrypt('xoxb-1', 'a')).not.toBe(sealed);
    expect(sealed).not.toContain('xoxb');
    const [head = '', id = '', data = ''] = sealed.split('.');
    for (let at = 0; at < data.length; at += 7) {
      const changed = `${data.slice(0, at)}${data[at] === 'A' ? 'B' : 'A'}${data.slice(at + 1)}`;
      expect(() => cipher.decrypt(`${head}.${id}.${changed}`, 'a')).toThrowError(/damaged/);
    }
    for (const broken of ['', 'v1.x.y', 'v2.00000000.AAAA', `v1.${id}.AAAA`])
      expect(() => cipher.decrypt(broken, 'a')).toThrowError();
  });

  it('survive a change of keys, and say when theirs is gone', () => {
    const other = randomBytes(32).toString('hex');
    const sealed = cipher.encrypt('xoxb-1', 'a');
    expect(new TokenCipher(`${other}, ${key.toString('base64')}`).decrypt(sealed, 'a')).toBe('xoxb-1');
    expect(() => new TokenCipher(other).decrypt(sealed, 'a')).toThrowError(/another key/);
    for (const secret of ['', 'short', randomBytes(16).toString('base64'), '!'.repeat(44)])
      expect(() => new TokenCipher(secret)).toThrowError(
        expect.objectContaining({ code: 'RAPPORT_E_SLACK_KEY' }),
      );
  });
});

describe('what buttons carry', () => {
  it('comes back, and fits Slack’s limits', () => {
    const reason = fc.record({
      facet: fc.string(),
      score: fc.double({ noNaN: true, noDefaultInfinity: true }),
      text: fc.string(),
    });
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9-]{1,64}$/),
        fc.array(reason, { maxLength: 9 }),
        (id, reasons) => {
          const value = talkValue(id, reasons);
          expect(value.length).toBeLessThanOrEqual(2_000);
          expect(readTalk(value)?.character).toBe(id);
        },
      ),
    );
    const long = Array.from({ length: 9 }, () => ({ facet: 'experience', score: 1, text: 'x'.repeat(900) }));
    expect(readTalk(talkValue('maren', long))?.reasons).toHaveLength(2);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(), (words, offset) => {
        expect(readPage(pageValue(words, offset))).toEqual({ words: words.slice(0, 200), offset });
      }),
    );
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 9_000 }),
        fc.string({ maxLength: 300 }),
        (text, who) => {
          const metadata = quoteMetadata(text, who);
          expect(metadata.length).toBeLessThanOrEqual(3_000);
          expect(text.startsWith(readQuote(metadata)?.text.slice(0, 50) ?? '?')).toBe(true);
        },
      ),
    );
  });

  it('is nothing when it is anything else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect([null, 'up', 'down']).toContain(readFeedback(text)?.feedback ?? null);
        if (!/^slack:/.test(text)) expect(readTurn(text)).toBeNull();
        expect(readPage(text).offset).toBeGreaterThanOrEqual(0);
      }),
    );
    expect(readTalk('{"c":5}')).toBeNull();
    expect(readQuote('null')).toBeNull();
  });

  it('names turns, feedback and nonces', () => {
    const session = slackSession('T1', 'C1', '123.456');
    const turn = turnId(session, 7);
    expect(readTurn(turn)).toEqual({ turn, session });
    expect(readFeedback(feedbackValue('down', turn))).toEqual({ turn, feedback: 'down' });
    const nonce = nonceOf(turn, messageId('m'), 0);
    expect(nonceOfBlock(replyBlockId(nonce))).toBe(nonce);
    expect(nonceOfBlock('something')).toBeNull();
  });
});

describe('ids', () => {
  it('a direct message is one conversation, a thread is one', () => {
    expect(slackSession('T1', 'D1', '1.2')).toBe('slack:T1:D1');
    expect(slackSession('T1', 'C1', '1.2')).toBe('slack:T1:C1:1.2');
    expect(readSlackPerson(slackPerson('T1', 'U1'))).toEqual({ team: 'T1', user: 'U1' });
    for (const other of ['discord:1', 'slack:T1', 'slack:T1:U1:x', ''])
      expect(readSlackPerson(other)).toBeNull();
  });
});

describe('Slack’s text', () => {
  const names = (user: string): string | undefined => (user === 'U1' ? 'Ada' : undefined);

  it('becomes what a person reads', () => {
    for (const [slack, plain] of [
      ['<@UBOT> hello <@U1>', 'hello @Ada'],
      ['<@U2|ben> and <@U3>', '@ben and @someone'],
      ['in <#C1|random> or <#C2>', 'in #random or #channel'],
      ['<!here> <!subteam^S1|@team> <!date^1^{date}|today>', '@here @team today'],
      ['<https://x.org>', 'https://x.org'],
      ['<https://x.org|https://x.org>', 'https://x.org'],
      ['<https://x.org/a|this>', 'this (https://x.org/a)'],
      ['<mailto:a@b.c|a@b.c>', 'a@b.c'],
      ['1 &lt; 2 &amp;&amp; 3 &gt; 2', '1 < 2 && 3 > 2'],
      ['&amp;lt;', '&lt;'],
      ['  a   b \n\n c ', 'a b\n\n c'],
    ])
      expect(plainText(slack ?? '', 'UBOT', names)).toBe(plain);
    expect(mentionedUsers('<@U1> <@U2|x> <@U1> <@nobody> @U3')).toEqual(['U1', 'U2']);
  });

  it('is never in the way: any text comes back from its escaped form', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(plainText(escapeText(text), 'UBOT', names)).toBe(plainText(escapeText(text), '', names));
        expect(escapeText(text)).not.toMatch(/[<>]/);
      }),
    );
    const clean = fc.stringMatching(/^[a-z<>&;@#!|]{0,40}$/);
    fc.assert(
      fc.property(clean, (text) => {
        expect(plainText(escapeText(text), 'UBOT', names)).toBe(text);
      }),
    );
  });
});

describe('hosts that get the token', () => {
  it('are Slack’s and nobody else’s', () => {
    const api = 'https://slack.com/api/';
    for (const good of ['https://files.slack.com/a', 'https://slack.com/files', 'https://x.slack-gov.com/f'])
      expect(isSlackAddress(good, api)).toBe(true);
    for (const bad of [
      'http://files.slack.com/a',
      'https://files.slack.com.evil.example/a',
      'https://evilslack.com/a',
      'https://slack.com@evil.example/',
      'file:///etc/passwd',
      'not a url',
      '',
    ])
      expect(isSlackAddress(bad, api)).toBe(false);
    expect(isSlackAddress('http://127.0.0.1:5/files/a', 'http://127.0.0.1:5/api/')).toBe(true);
  });
});

describe('words behind /rapport', () => {
  it('are read as people type them', () => {
    expect(firstWord('  Chat   hello  there ')).toEqual({ word: 'chat', rest: 'hello  there' });
    expect(firstWord('--help')).toEqual({ word: 'help', rest: '' });
    expect(firstWord('Steer: music')).toEqual({ word: 'steer', rest: 'music' });
    expect(firstWord('')).toEqual({ word: '', rest: '' });
    expect(nearest('pers', ['persona', 'privacy'])).toBe('persona');
    expect(nearest('privaci', ['persona', 'privacy'])).toBe('privacy');
    expect(nearest('xylophone', ['persona', 'privacy'])).toBeNull();
  });
});

describe('what is remembered for a while', () => {
  it('lets a limited method rest, posts by channel', async () => {
    const clock = new FakeClock();
    const limits = new MethodLimits(clock);
    limits.rest('users.info', undefined, 3_000);
    limits.rest('chat.postMessage', 'C1', 1_000);
    expect(limits.waitMs('users.info', undefined)).toBe(3_000);
    expect(limits.waitMs('views.open', undefined)).toBe(0);
    expect(limits.waitMs('chat.postMessage', 'C1')).toBe(1_000);
    expect(limits.waitMs('chat.postMessage', 'C2')).toBe(0);
    await clock.advance(3_000);
    expect(limits.waitMs('users.info', undefined)).toBe(0);
  });

  it('cuts texts between characters', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 1, max: 60 }), (text, units) => {
        const short = cut(text, units);
        expect(short.length).toBeLessThanOrEqual(Math.max(units, 1));
        if (text.isWellFormed()) expect(short.isWellFormed()).toBe(true);
      }),
    );
  });
});
