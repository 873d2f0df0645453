import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base64, chunk, png, v3 } from '../../characters/cards/make.js';
import { ownLibrary } from '../../characters/own-library.js';
import { bank } from '../../session/world.js';
import { SlackSetting } from './slack-world.js';

describe('a character sent to the app (issue 16, C)', () => {
  let own: ReturnType<typeof ownLibrary>;
  beforeEach(() => {
    own = ownLibrary(bank);
  });
  let setting: SlackSetting;
  afterEach(async () => {
    await setting.close();
    own.remove();
  });

  it.each([
    ['own', false, /Mia is here, and only you can choose them/],
    ['admins', true, /Mia is here/],
    ['admins', false, /You cannot bring characters of your own here/],
  ] as const)('%s, administrator: %s', async (who, isAdmin, answer) => {
    setting = await SlackSetting.open({
      services: own.services,
      config: (config) => ({
        ...config,
        characters: { ...config.characters, imports: { ...config.characters.imports, slack: who } },
      }),
    });
    const { slack, process } = setting;
    const ada = slack.user('ada');
    ada.isAdmin = isAdmin;
    const dm = slack.dm(ada);
    const file = slack.file(slack.team, 'mia.png', png(chunk.tEXt('ccv3', base64(v3()))), 'image/png');
    slack.say(ada, dm, 'import', { files: [file] });
    const text = await slack.until(() => {
      const said = slack
        .replies(dm, {})
        .map((reply) => reply.text)
        .join('\n');
      return answer.test(said) && said;
    }, 'an answer');
    expect(text).toMatch(answer);
    expect(process.model.requests).toHaveLength(0);
    expect(own.library.all().map(({ character }) => character.name)).toEqual(
      text.includes('cannot') ? [] : ['Mia'],
    );
  });
});
