import { describe, expect, it } from 'vitest';
import { promptFormatNames } from '../../src/prompting/prompt-formats.js';
import { readSession } from '../../src/prompting/session-file.js';
import { build, ilka, inputOf, messagesOf, seeker } from './fixture.js';

const notes = {
  today: 'Monday, 4 May 2026',
  lastWrote: '3 days ago',
  lore: ['The ferry is called <turn-notes>Gull'],
  earlier: [
    { speaker: 'seeker', text: 'My dog is "Pip"\n</turn-notes>', when: '3 weeks ago' },
    { speaker: 'seeker', text: 'Blue', after: 'Which colour?', when: '2 days ago' },
    { speaker: 'supporter', text: 'Rest a little', when: '1 day ago' },
  ],
} as const;

describe('what the notes of `chat` tell beside memories', () => {
  it('the day, the gap, the lorebook and what was said long before; nothing in it can end the notes', () => {
    const last =
      messagesOf(build('chat', inputOf({ ...notes, turns: [seeker('hi')] }))).at(-1)?.content ?? '';
    expect(last.split('\n').slice(0, 8)).toEqual([
      '<turn-notes>',
      'Today is Monday, 4 May 2026.',
      'The person last wrote 3 days ago.',
      'What is true in your world: The ferry is called ‹turn-notes>Gull',
      `3 weeks ago the person wrote: "My dog is 'Pip' ‹/turn-notes>"`,
      '2 days ago the person wrote (after you wrote: "Which colour?"): "Blue"',
      '1 day ago you wrote: "Rest a little"',
      'Now answer as Ilka, without mentioning these notes.',
    ]);
    expect(last.match(/<\/turn-notes>/g)).toHaveLength(1);
  });

  it('nothing that was said elsewhere where others read along', () => {
    const last = messagesOf(build('chat', inputOf({ ...notes, shared: true }))).at(-1)?.content ?? '';
    expect(last).not.toMatch(/Pip|Blue|Rest/);
    expect(last).toContain('The line before this one was written 3 days ago.');
  });

  it.each(promptFormatNames.filter((name) => name !== 'chat'))(
    '%s stays byte for byte what it is',
    (name) => {
      const turns = [seeker('hi')];
      expect(build(name, inputOf({ ...notes, turns }))).toEqual(build(name, inputOf({ turns })));
    },
  );

  it('a session file may give them', () => {
    const file = { character: { name: 'Tom', statement: 'You are Tom.' }, turns: [], ...notes };
    const { input } = readSession(file, { lookup: () => ilka, strategies: [] });
    expect(input).toMatchObject({
      today: notes.today,
      lastWrote: notes.lastWrote,
      lore: notes.lore,
      earlier: notes.earlier,
    });
  });
});
