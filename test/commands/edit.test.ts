import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editMessage } from '../../src/commands/edit.js';
import { pausePerson } from '../../src/commands/privacy.js';
import { messageId } from '../../src/ids.js';
import { waits } from '../session/scripted-model.js';
import { ada, gate, talk } from '../session/world.js';
import { type CommandSetting, openSetting } from './setting.js';

const cry = 'i want to die';
const id = messageId('edited');
let setting: CommandSetting;
beforeEach(async () => {
  setting = await openSetting();
  await setting.world.open('maren-voss');
});
afterEach(() => setting.dispose());

const edit = (text: string, person: typeof ada | null = ada) =>
  editMessage(setting.services, {
    session: talk,
    id,
    text,
    person,
    whereabouts: { timeZone: 'Europe/London' },
  });
const shown = async (): Promise<readonly string[]> => {
  await setting.world.sessions.settled(talk);
  return setting.world.platform.visible;
};

describe('a message that is edited', () => {
  it('is answered at once where the edit tells of danger, with the helplines of where its writer is', async () => {
    await setting.world.tell('i want to dye', { id });
    expect(await edit(cry)).toBe('answered');
    expect((await shown()).at(-1)).toContain('116 123');
    expect(await edit(`${cry}!`)).toBe('amended');
    expect((await shown()).filter((text) => text.includes('116 123'))).toHaveLength(1);
  });

  it('is answered in place of what it said before, also while another reply is being written', async () => {
    const { opened, open } = gate();
    setting.world.model.next(waits('Let me', opened));
    await setting.world.post('hello');
    await setting.world.model.asked(1);
    await setting.world.post('and', { id });
    expect(await edit(cry)).toBe('answered');
    open();
    expect((await shown()).some((text) => text.includes('116 123'))).toBe(true);
    expect(setting.world.model.requests).toHaveLength(1);
    expect(await setting.world.lines()).not.toContain('seeker: and');
  });

  it('is otherwise what it says now, while it waits', async () => {
    const { opened, open } = gate();
    setting.world.model.next(waits('Let me', opened, ' think.'));
    await setting.world.post('hello');
    await setting.world.model.asked(1);
    await setting.world.post('and', { id });
    expect(await edit('and more')).toBe('amended');
    expect(await edit('')).toBe('gone');
    open();
    await shown();
    expect(await setting.world.lines()).toContain('seeker: and more');
  });

  it('of another program, or of somebody who has paused, is no new message', async () => {
    await setting.world.tell('hello', { id });
    expect(await edit(cry, null)).toBe('amended');
    await pausePerson(setting.services, ada, true);
    expect(await edit(cry)).toBe('amended');
    expect(await setting.services.store.inbox.count(talk)).toBe(0);
  });
});
