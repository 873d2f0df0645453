import { z } from 'zod';
import { loadPrompt } from '../engine/prompt.js';
import { type ItemScope, type Message, type Stage, Unreadable } from '../engine/stage.js';
import { aspectIn, candidatesOf, isBetter, moodIn, replyIn } from './dialogue-turns.js';
import {
  additional,
  type CharacterRecord,
  characterSchema,
  type DialogueRecord,
  type Role,
  type Utterance,
  worry,
} from './records.js';

const prompts = {
  tone: loadPrompt('characterchat', 'tone'),
  memory: loadPrompt('characterchat', 'memory'),
  turn: loadPrompt('characterchat', 'turn'),
  farewell: loadPrompt('characterchat', 'farewell'),
  mood: loadPrompt('characterchat', 'mood'),
};

/** At this turn both say goodbye, however the seeker feels. */
const lastTurn = 19;
const part: Readonly<Record<Role, string>> = {
  seeker:
    'You have had a worry lately and want to talk about it with somebody who means well. When they ask how you are, tell them what it is.',
  supporter:
    'The person you chat with has had a hard time lately. Comfort them and help them as somebody who knows life.',
};
const short = { maxTokens: 200, temperature: 0.9 };
const exact = { maxTokens: 40, temperature: 0 };

interface Side {
  readonly record: CharacterRecord;
  readonly role: Role;
  readonly tones: string;
}

/** Stage 3 (CharacterChat): a pair talks. In: `dial_input` rows, `[seeker, supporter]`; out: `dial_output` rows. */
export const dialogues: Stage<[CharacterRecord, CharacterRecord], DialogueRecord> = {
  name: 'characterchat/dialogues',
  input: z.tuple([characterSchema, characterSchema]),
  idOf: ([seeker, supporter]) => `${seeker.index}-${supporter.index}`,
  idOfResult: ({ seeker_info: a, supporter_info: b }) => `${a.seeker_index}-${b.supporter_index}`,
  usual: { calls: 35, tokensIn: 700, tokensOut: 40 },
  version: Object.values(prompts)
    .map(({ version }) => version)
    .join(' '),
  run: async ([seeker, supporter], scope, index) => {
    const sides = {
      seeker: { record: seeker, role: 'seeker', tones: await toneLines(seeker, scope) },
      supporter: { record: supporter, role: 'supporter', tones: await toneLines(supporter, scope) },
    } as const satisfies Record<Role, Side>;
    return {
      index,
      seeker_info: {
        seeker_index: seeker.index,
        seeker_mbti: seeker.mbti,
        seeker_profile: seeker.profile,
        seeker_profile_trans: seeker.profile_trans,
        seeker_statement: seeker.seeker_statement,
        seeker_tone_sentences: sides.seeker.tones,
      },
      supporter_info: {
        supporter_index: supporter.index,
        supporter_mbti: supporter.mbti,
        supporter_profile: supporter.profile,
        supporter_profile_trans: supporter.profile_trans,
        supporter_statement: supporter.supporter_statement,
        supporter_tone_sentences: sides.supporter.tones,
      },
      dial: await talk(sides, scope),
    };
  },
};

async function talk(sides: Readonly<Record<Role, Side>>, scope: ItemScope): Promise<Utterance[]> {
  const dial: Utterance[] = [];
  const chosen: string[] = [];
  const moods: number[] = [];
  const say = (speaker: Role, utterance: string, aspect = '', content = '') =>
    dial.push({ turn: dial.length, speaker, choose_info: { aspect, content }, utterance });
  say('seeker', 'Hello');
  while (dial.length < lastTurn && !isBetter(moods)) {
    const side = sides[dial.length % 2 === 0 ? 'seeker' : 'supporter'];
    const memory = await memoryFor(side, dial, chosen, scope);
    const text = await reply(side, dial, (line) => turnPrompt(side, line, memory.content), scope);
    say(side.role, text, memory.aspect, memory.content);
    if (side.role === 'supporter') continue;
    const answer = await scope.ask([{ role: 'user', content: prompts.mood.fill({ line: text }) }], exact);
    const mood = moodIn(answer);
    if (mood !== null) moods.push(mood);
  }
  for (const role of ['supporter', 'seeker'] as const)
    say(role, await reply(sides[role], dial, (line) => prompts.farewell.fill({ line }), scope));
  return dial;
}

/** The memory of a turn. Of the seeker's first words it is the worry. */
async function memoryFor(
  { record, role }: Side,
  dial: readonly Utterance[],
  chosen: string[],
  scope: ItemScope,
): Promise<{ readonly aspect: string; readonly content: string }> {
  const trouble = record.profile_trans[worry] ?? record.profile[worry];
  if (role === 'seeker' && dial.length === 2 && trouble) return { aspect: worry, content: trouble };
  const candidates = candidatesOf(record, role, chosen);
  const content = prompts.memory.fill({
    line: dial.at(-1)?.utterance ?? '',
    aspects: candidates.map((key) => `- ${key}`).join('\n'),
  });
  const aspect =
    candidates.length === 0
      ? null
      : aspectIn(await scope.ask([{ role: 'user', content }], exact), candidates);
  if (aspect !== null) {
    chosen.push(aspect);
    return { aspect, content: record.profile_trans[aspect] ?? '' };
  }
  const more = record.profile_trans[additional];
  return scope.random() < 0.5 && more ? { aspect: additional, content: more } : { aspect: '', content: '' };
}

function turnPrompt({ record, role }: Side, line: string, memory: string): string {
  const tone = record.profile_trans.tone ?? record.profile.tone;
  return prompts.turn.fill({
    part: part[role],
    line,
    tone: tone ? `- Talk like this: ${tone}\n` : '',
    memory:
      memory === ''
        ? ''
        : `- Where it fits, bring in this part of your own life (yours, not theirs): ${memory}\n`,
  });
}

/** Each side sees its own lines as its answers; only the last line carries the orders of this turn. */
async function reply(
  { record, role, tones }: Side,
  dial: readonly Utterance[],
  prompt: (line: string) => string,
  scope: ItemScope,
): Promise<string> {
  const statement = role === 'seeker' ? record.seeker_statement : record.supporter_statement;
  const other = dial.at(-1)?.utterance ?? '';
  const history: Message[] = dial.slice(0, -1).map(({ speaker, utterance }) => ({
    role: speaker === role ? 'assistant' : 'user',
    content: utterance,
  }));
  if (history[0]?.role === 'assistant') history.unshift({ role: 'user', content: '(The chat begins.)' });
  return scope.askFor(
    [
      { role: 'system', content: tones === '' ? statement : `${statement}\n[Example tone]\n${tones}` },
      ...history,
      { role: 'user', content: prompt(other) },
    ],
    short,
    (answer) => replyIn(answer, nameParts(record), other),
  );
}

function nameParts({ profile: { name = '' } }: CharacterRecord): string[] {
  return [name, ...name.split(/\s+/)].filter((text) => text !== '');
}

/** Five samples of how somebody talks; none where nothing is said of it. */
async function toneLines(record: CharacterRecord, scope: ItemScope): Promise<string> {
  const tone = record.profile_trans.tone ?? record.profile.tone;
  if (!tone) return '';
  return scope.askFor(
    [{ role: 'user', content: prompts.tone.fill({ tone }) }],
    { maxTokens: 600, temperature: 0.9 },
    (answer) => {
      const lines = answer.split('\n').flatMap((line) => line.replace(/^[\s\-*\d.)]+/, '').trim() || []);
      const found = lines.filter((line) => /^when\b/i.test(line));
      return found.length < 5
        ? new Unreadable('five lines are wanted, each beginning with "When"')
        : found.slice(0, 5).join('\n');
    },
  );
}
