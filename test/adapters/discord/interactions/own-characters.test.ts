import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { base64, chunk, png, v3 } from '../../../characters/cards/make.js';
import { ownLibrary } from '../../../characters/own-library.js';
import { bank } from '../../../session/world.js';
import { openScene, type Scene } from './scene.js';

describe('/character import (issue 16, C)', () => {
  let own: ReturnType<typeof ownLibrary>;
  beforeEach(() => {
    own = ownLibrary(bank);
  });
  let scene: Scene;
  afterEach(async () => {
    await scene.close();
    own.remove();
  });
  const open = async (who: 'off' | 'admins' | 'own'): Promise<Scene> => {
    scene = await openScene({
      services: own.services,
      config: ({ characters }) => ({
        characters: { ...characters, imports: { ...characters.imports, discord: who } },
      }),
    });
    return scene;
  };
  const card = { name: 'mia.png', contentType: 'image/png', bytes: png(chunk.tEXt('ccv3', base64(v3()))) };

  it('brings a character that the person alone can choose, and takes it away again', async () => {
    const { discord, ana, ben, channel } = await open('own');
    const shown = await discord.answered(discord.slash(ana, channel, 'character import', { file: card }));
    expect(shown.ephemeralFor).toBe(ana.id);
    expect(shown.text).toContain('Mia is here, and only you can choose them.');
    expect(shown.text).toContain('Hello you, I am Mia.');
    expect(shown.buttons.map(({ label }) => label)).toContain('Talk to Mia');
    const [character] = own.library.ownedBy(`discord:${ana.id}`);
    const id = character?.character.id ?? '';
    const offered = (user: typeof ana) =>
      discord.autocomplete(user, channel, 'character pick', {
        focused: 'character',
        options: { character: 'Mia' },
      });
    expect((await offered(ana)).map(({ value }) => value)).toContain(id);
    expect((await offered(ben)).map(({ value }) => value)).not.toContain(id);
    const refused = await discord.answered(discord.slash(ben, channel, 'character info', { character: id }));
    expect(refused.text).not.toContain('bees');
    const gone = await discord.answered(discord.slash(ana, channel, 'character remove', { character: id }));
    expect(gone.text).toContain('Mia is removed.');
    expect(own.library.all()).toEqual([]);
  });

  it('row 22: a long greeting is split with its code whole, and says all the same that this is an AI', async () => {
    const { discord, ana } = await open('own');
    const dm = discord.dm(ana);
    const greeting = `${'Word '.repeat(398)}\n\`\`\`\n${'code\n'.repeat(600)}\`\`\`\nEnd of it.`;
    const long = {
      ...card,
      bytes: Buffer.from(JSON.stringify(v3({ first_mes: greeting }))),
      name: 'mia.json',
    };
    await discord.answered(discord.slash(ana, dm, 'character import', { file: long }));
    await discord.answered(discord.slash(ana, dm, 'character pick', { character: 'Mia' }));
    const shown = await discord.until(() => {
      const texts = discord.whatUsersSee(dm).map(({ text }) => text);
      return texts.some((text) => text.includes('End of it.')) && texts;
    });
    const all = shown.join('\n\n');
    expect(all).toContain('AI');
    expect(all.match(/code/g)?.length).toBe(600);
    for (const text of shown) expect((text.match(/```/g) ?? []).length % 2).toBe(0);
  });

  it('a file that is no card is refused in words, and where only admins may, nobody else can', async () => {
    const { discord, ana, mod, channel } = await open('admins');
    const file = { name: 'x.png', contentType: 'image/png', bytes: png() };
    const refused = await discord.answered(discord.slash(mod, channel, 'character import', { file }));
    expect(refused.text).toContain('There is no character in x.png');
    const barred = await discord.answered(discord.slash(ana, channel, 'character import', { file: card }));
    expect(barred.text).toContain('You cannot bring characters of your own here.');
    expect(own.library.all()).toEqual([]);
  });

  it('there is no such command where nobody may', async () => {
    const { discord, ana, channel } = await open('off');
    expect(() => discord.slash(ana, channel, 'character import', { file: card })).toThrow();
  });
});
