import { describe, expect, test } from 'vitest';
import {
  aspectIn,
  candidatesOf,
  isBetter,
  moodIn,
  replyIn,
} from '../../../lab/pipelines/characterchat/dialogue-turns.js';
import { dialogues } from '../../../lab/pipelines/characterchat/dialogues.js';
import { evaluate } from '../../../lab/pipelines/characterchat/evaluate.js';
import { exportSet, pairs } from '../../../lab/pipelines/characterchat/export.js';
import { profiles } from '../../../lab/pipelines/characterchat/profiles.js';
import type { CharacterRecord, DialogueRecord } from '../../../lab/pipelines/characterchat/records.js';
import { transform } from '../../../lab/pipelines/characterchat/transform.js';
import { Unreadable } from '../../../lab/pipelines/engine/stage.js';
import type { AskedFor, Scripted } from './answering-server.js';
import { fileOf, lastOf, runOver } from './run-stage.js';

const profile = {
  name: 'Ilka Brandvold',
  gender: 'female',
  age: 24,
  region: 'Bergen, Norway',
  tone: 'dry and quick',
  job: 'baker',
  personality: 'curious',
  advantages_and_disadvantages: { good: 'patient', bad: 'stubborn' },
  hobby: ['kites', 'chess'],
  growth_experience: 'Ilka once ran a {stall} alone.',
  family_relationship: 'two brothers',
  working_conditions: 'early mornings',
  social_relationship: 'three close friends',
  emotional_state: 'calm',
  living_conditions: 'a small flat',
  recent_worry_or_anxiety: 'the bakery may close',
  dream: 'an own shop',
};

function character(index: number, memories: Readonly<Record<string, string>> = {}): CharacterRecord {
  return {
    index,
    mbti: 'INTJ',
    profile: { name: `Name${index} Family`, tone: 'dry' },
    seeker_statement: `You are seeker ${index}.`,
    supporter_statement: `You are supporter ${index}.`,
    profile_trans: {
      hobby: 'You fly kites.',
      emotional_state: 'You are calm.',
      recent_worry_or_anxiety: 'Your bakery may close.',
      additional_information: 'You own a bicycle.',
      tone: 'You talk dryly.',
      ...memories,
    },
  };
}

function talker(mood: number, answers: { aspect?: string; reply?: (n: number) => string } = {}) {
  return (asked: AskedFor, n: number): Scripted => {
    const last = lastOf(asked);
    if (last.includes('five examples'))
      return Array.from({ length: 5 }, (_, i) => `${i + 1}. When the other says "a", you say "b"`).join('\n');
    if (last.includes('Reply with its name only')) return answers.aspect ?? 'hobby';
    if (last.includes('Rate the mood')) return `(3) I say ${mood}`;
    return answers.reply?.(n) ?? `line ${n} at 10:30`;
  };
}

describe('characterchat profiles and transform (issue 16 B)', () => {
  test('a profile is read, checked and asked for again; the released commands are used as they are', async () => {
    const answers: Scripted[] = [
      'no object',
      { cut: JSON.stringify(profile) },
      JSON.stringify({ ...profile, hobby: null }),
      `Sure!\n${JSON.stringify(profile)}`,
      JSON.stringify({ ...profile, job: 'master baker' }),
    ];
    const { rows, requests } = await runOver<{ index: number; profile: typeof profile }>(
      profiles,
      [{ mbti: 'INTJ', command_list: ['make one', 'make it rich'] }],
      (_, n) => answers[n - 1] ?? '',
    );
    expect(rows).toEqual([{ index: 0, mbti: 'INTJ', profile: { ...profile, job: 'master baker' } }]);
    expect(requests[0]?.messages).toEqual([{ role: 'user', content: 'make one' }]);
    expect(requests.at(-1)?.messages.map(({ role }) => role)).toEqual(['user', 'assistant', 'user']);
  });

  test('a profile may be the text of one, hold lists, objects, numbers and other keys (bug 3); the rest stays', async () => {
    const { rows } = await runOver<CharacterRecord>(
      transform,
      [
        { index: 7, mbti: 'INTJ', profile: 'unread', filled_profile: JSON.stringify(profile) },
        { index: 3, mbti: 'ISFP', profile: { name: 'Oda', hobby: null } },
        { index: 4, mbti: 'ISFP', profile: 'no JSON' },
      ],
      (_, n) => `You, answer ${n}.`,
    );
    expect(rows.map(({ index }) => index)).toEqual([7, 3]);
    const [full, bare] = rows;
    expect(full?.profile.age).toBe('24');
    expect(full?.profile.hobby).toBe('kites; chess.');
    expect(full?.profile_trans).toMatchObject({
      dream: 'an own shop',
      family_relationship: 'two brothers',
      tone: 'dry and quick',
    });
    expect(full?.profile_trans.growth_experience).toMatch(/^You, answer/);
    expect(full?.profile_trans).not.toHaveProperty('name');
    expect(Object.keys(bare?.profile_trans ?? {})).toEqual(['additional_information']);
  });

  test('braces of a text are only text (bug 12)', async () => {
    const { requests } = await runOver(transform, [{ mbti: 'INTJ', profile }], () => 'You.');
    expect(requests.some((asked) => lastOf(asked).includes('ran a {stall} alone'))).toBe(true);
    expect(requests.some((asked) => lastOf(asked).includes('{{'))).toBe(false);
  });
});

describe('characterchat dialogues', () => {
  test('hello, forced worry, good moods end it after thirteen; farewells tell no memory (bugs 7, 8)', async () => {
    const { rows, requests } = await runOver<DialogueRecord>(
      dialogues,
      [[character(0), character(1)]],
      talker(5),
    );
    const dial = rows[0]?.dial ?? [];
    expect(dial).toHaveLength(13);
    expect(dial.map(({ speaker }) => speaker[1]).join('')).toBe('eueueueueueue');
    expect(dial[0]).toEqual({
      turn: 0,
      speaker: 'seeker',
      choose_info: { aspect: '', content: '' },
      utterance: 'Hello',
    });
    expect(dial[2]?.choose_info).toEqual({
      aspect: 'recent_worry_or_anxiety',
      content: 'Your bakery may close.',
    });
    expect(dial.slice(-2).map(({ choose_info }) => choose_info.aspect)).toEqual(['', '']);
    expect(dial[1]?.utterance).toContain('10:30');
    expect(requests.at(-1)?.messages[0]?.content).toContain('[Example tone]\nWhen');
    // No order of an earlier turn stands in a later history.
    const history = requests.at(-1)?.messages.slice(1, -1) ?? [];
    expect(history.every(({ content }) => !content.includes('Write'))).toBe(true);
  });

  test('low moods go on to twenty-one; an aspect stands at most three times among five', async () => {
    const { rows } = await runOver<DialogueRecord>(dialogues, [[character(0), character(1)]], talker(2));
    const dial = rows[0]?.dial ?? [];
    expect(dial).toHaveLength(21);
    expect(dial.slice(1, 5).map(({ choose_info }) => choose_info.aspect)).toEqual([
      'hobby',
      'recent_worry_or_anxiety',
      'hobby',
      'hobby',
    ]);
    expect(['', 'additional_information']).toContain(dial[5]?.choose_info.aspect);
  });

  test('a character without tone and worry talks too (bug 11)', async () => {
    const bare = { ...character(0), profile: {}, profile_trans: {} };
    const { rows } = await runOver<DialogueRecord>(dialogues, [[bare, { ...bare, index: 1 }]], talker(5));
    expect(rows[0]?.seeker_info.seeker_tone_sentences).toBe('');
    expect(rows[0]?.dial[2]?.choose_info).toEqual({ aspect: '', content: '' });
  });

  test('a reply loses its label and nothing else; what gives the game away is asked for again', () => {
    expect(replyIn('Ilka: see you at 10:30\nthen', ['Ilka'], 'x')).toBe('see you at 10:30 then');
    expect(replyIn('Dinner is at 18:00. Thank you. Oh, yes.', [], 'x')).toBe(
      'Dinner is at 18:00. Thank you. Oh, yes.',
    );
    expect(replyIn('I SAID it in MAINE', [], 'x')).toBe('I SAID it in MAINE');
    for (const bad of ['As an AI I cannot', 'supporter: ', 'word '.repeat(121), 'I feel so alone'])
      expect(replyIn(bad, [], 'I feel so alone')).toBeInstanceOf(Unreadable);
  });

  test('aspects, moods and the end of low moods are read as they are meant', () => {
    expect(aspectIn('I choose **Emotional State**.', ['hobby', 'emotional_state'])).toBe('emotional_state');
    expect(aspectIn('NONE', ['hobby'])).toBeNull();
    expect([moodIn('(4) 2'), moodIn('9'), moodIn('fine')]).toEqual([2, null, null]);
    expect([isBetter([5, 5, 5, 5]), isBetter([0, 0, 0, 4, 4]), isBetter([5, 5, 5, 3, 5])]).toEqual([
      false,
      true,
      false,
    ]);
    expect(candidatesOf(character(0), 'supporter', [])).toEqual(['hobby', 'emotional_state']);
    expect(candidatesOf(character(0), 'seeker', ['hobby', 'hobby', 'x', 'hobby'])).toEqual([
      'emotional_state',
      'recent_worry_or_anxiety',
    ]);
  });
});

const spoken = (turn: number, speaker: string, aspect: string, utterance: string) => ({
  turn,
  speaker,
  choose_info: { aspect, content: aspect && `You: ${aspect}` },
  utterance,
});
const dialogue = {
  index: 4,
  seeker_info: {
    seeker_index: 0,
    seeker_statement: 'S',
    seeker_profile_trans: { hobby: 'You: hobby', recent_worry_or_anxiety: 'You: worry' },
  },
  supporter_info: {
    supporter_index: 1,
    supporter_statement: 'P',
    supporter_profile_trans: {
      hobby: 'You: hobby',
      dream: 'You: dream',
      tone: 't',
      recent_worry_or_anxiety: 'w',
    },
  },
  dial: [
    spoken(0, 'seeker', '', 'Hello'),
    spoken(1, 'supporter', 'hobby', 'Hi.'),
    spoken(2, 'seeker', 'recent_worry_or_anxiety', 'A (worry)?'),
    spoken(3, 'supporter', '', 'Tell me.'),
    spoken(4, 'seeker', 'hobby', 'Kites.'),
  ],
};
const rating = {
  'Does the conversation improve the mood of the seeker': 5,
  "Did the suggestion made by the supporter in the conversation solve seeker's problem": 3,
  'Is the seeker actively participating in the conversation': 4,
  'Rating Reason': 'r',
};

describe('characterchat evaluate and export', () => {
  test('a rating in other letters is read, one out of range is asked for again; the dialogue is as it was said (bug 9)', async () => {
    const capital = Object.fromEntries(
      Object.entries(rating).map(([key, value]) => [`${key.replace('seeker', 'Seeker')}`, value]),
    );
    const { rows, requests } = await runOver(
      evaluate,
      [dialogue, { index: 5, dial: 'seeker: Hello\n' }],
      (_, n) =>
        n === 1
          ? JSON.stringify({ ...rating, 'Rating Reason': 'r', [Object.keys(rating)[0] as string]: 7 })
          : JSON.stringify(capital),
    );
    const dial = 'seeker: Hello\nsupporter: Hi.\nseeker: A (worry)?\nsupporter: Tell me.\nseeker: Kites.\n';
    expect(rows).toEqual([
      { index: 4, dial, rating },
      { index: 5, dial: 'seeker: Hello\n', rating },
    ]);
    expect(lastOf(requests[0] as AskedFor)).toContain('A (worry)?');
    expect(requests).toHaveLength(3);
  });

  test('the sets have the released rows; every dialogue of the file is in them (bug 6)', async () => {
    const file = fileOf([dialogue, { ...dialogue, index: 5 }]);
    const set = (name: string, more = {}) => exportSet({ in: file, set: name, seed: 1, ...more });
    const system = { seeker: 'S', supporter: 'P' };
    const from = (speaker: string, value: string) => ({ from: speaker, value });
    expect((await set('supporter')).slice(0, 2)).toEqual([
      { conversations: { system, history: [], info: 'You: hobby', utterance: 'Hi.' } },
      {
        conversations: {
          system,
          history: [from('supporter', 'Hi.'), from('seeker', 'A (worry)?')],
          info: '',
          utterance: 'Tell me.',
        },
      },
    ]);
    expect(await set('supporter')).toHaveLength(4);
    // The seeker's rows hold the seeker's lines (bug 10).
    expect((await set('seeker')).slice(0, 2)).toEqual([
      {
        conversations: { system, history: [], info: 'You: recent_worry_or_anxiety', utterance: 'A (worry)?' },
      },
      {
        conversations: {
          system,
          history: [from('seeker', 'A (worry)?'), from('supporter', 'Tell me.')],
          info: 'You: hobby',
          utterance: 'Kites.',
        },
      },
    ]);
    expect((await set('info_selecter')).slice(0, 4)).toEqual([
      { conversations: { history: '', info: 'You: hobby', label: 1 } },
      { conversations: { history: '', info: 'You: dream', label: 0 } },
      { conversations: { history: 'supporter: Hi. ', info: 'You: recent_worry_or_anxiety', label: 1 } },
      { conversations: { history: 'supporter: Hi. ', info: 'You: hobby', label: 0 } },
    ]);
    const rated = fileOf([{ index: 5, dial: '', rating }]);
    expect(await set('persona_score', { with: rated })).toEqual([
      { conversations: { seeker_statement: 'S', supporter_statement: 'P', rating: 4 } },
    ]);
    await expect(set('persona_score')).rejects.toMatchObject({ code: 'RAPPORT_E_USAGE' });
  });

  test('base rows come from ESConv files and rows with turns', async () => {
    const file = fileOf([
      { dialog: [{ speaker: 'seeker', content: 'a', annotation: {} }] },
      { turns: [{ speaker: 'supporter', text: 'b' }] },
    ]);
    expect(await exportSet({ in: file, set: 'base', seed: 1 })).toEqual([
      { conversations: [{ from: 'seeker', value: 'a' }] },
      { conversations: [{ from: 'supporter', value: 'b' }] },
    ]);
  });

  test('pairs: ten others each, never oneself, by the seed', async () => {
    const file = fileOf(Array.from({ length: 14 }, (_, index) => character(index)));
    const drawn = (seed: number) =>
      pairs({ in: file, seed }) as Promise<[CharacterRecord, CharacterRecord][]>;
    const made = await drawn(1);
    expect(made).toHaveLength(140);
    expect(made.every(([a, b]) => a.index !== b.index)).toBe(true);
    expect(new Set(made.map(([a, b]) => `${a.index}-${b.index}`)).size).toBe(140);
    expect(await drawn(1)).toEqual(made);
    expect(await drawn(2)).not.toEqual(made);
  });
});
