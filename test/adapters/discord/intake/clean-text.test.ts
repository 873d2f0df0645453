import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cleanText, type Mentioned, mentions } from '../../../../adapters/discord/intake/read-message.js';

const names = {
  userId: '1',
  userName: 'Rapport',
  channel: (id: string) => (id === '7' ? 'garden' : undefined),
  somebody: 'somebody',
  aRole: 'a role',
  aChannel: 'a channel',
};
const user = { id: '2', username: 'ada_l', global_name: 'Ada', discriminator: '0', avatar: null };
const mentioned: Mentioned = [user, { ...user, id: '3', member: { nick: 'Countess' } }];
const clean = (text: string): string => cleanText(text, mentioned, names);

describe('cleanText', () => {
  it.each([
    ['<@1> I cannot sleep', 'I cannot sleep'],
    ['<@!1>, hello', 'hello'],
    ['  <@1> <@1>: hello', 'hello'],
    ['are you there <@1>?', 'are you there?'],
    ['thank you, <@1>', 'thank you'],
    ['tell <@1> that I am fine', 'tell @Rapport that I am fine'],
    ['<@2> and <@3> and <@99> argue', '@Ada and @Countess and @somebody argue'],
    ['see <#7> and <#8>, <@&5>', 'see #garden and #a channel, @a role'],
    ['<:wave:123> <a:party:5>', ':wave: :party:'],
    ['try </match now:55>', 'try /match now'],
    ['at <t:0:F> or <t:999999999999999>', 'at 1970-01-01 00:00 UTC or <t:999999999999999>'],
    ['<id:customize> a < b > c', 'a < b > c'],
    ['<@1>', ''],
  ])('%s → %s', (text, expected) => {
    expect(clean(text)).toBe(expected);
  });

  it('leaves no mention of the bot behind, wherever it stands', () => {
    const word = fc.constantFrom('<@1>', '<@!1>', 'word', ' ', '\n', ',', '<@2>', '?');
    fc.assert(
      fc.property(fc.array(word, { maxLength: 20 }), (words) => {
        expect(mentions(clean(words.join('')), '1')).toBe(false);
      }),
    );
  });

  it('changes nothing in text without markup but white space around it', () => {
    fc.assert(
      fc.property(
        fc.string().filter((text) => !text.includes('<')),
        (text) => {
          expect(clean(text)).toBe(text.trim());
        },
      ),
    );
  });
});
