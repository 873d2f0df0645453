import type { KnownBlock } from '@slack/types';
import { type Character, displayName } from '../../../characters/schema.js';
import { characterCard, findCharacters, namedCharacter } from '../../../src/commands/characters.js';
import { resetConversation } from '../../../src/commands/conversation.js';
import { removeCharacter } from '../../../src/commands/own-characters.js';
import { readPersona } from '../../../src/commands/persona.js';
import { explainLastReply, type ReplyExplanation } from '../../../src/commands/why.js';
import { actionIds } from '../actions/action-ids.js';
import type { Answer } from '../actions/actor.js';
import { escapeText } from '../intake/plain-text.js';
import { actions, button, confirmation, context, header, section } from '../views/block-kit.js';
import { cardBlocks, characterLines, galleryPage, galleryView } from '../views/character-blocks.js';
import { personaView } from '../views/forms.js';
import { askedId } from './conversations.js';
import { type CommandTools, firstWord, type Verb } from './verb.js';

/** `chat TEXT`: says something in the private conversation. */
export const chat: Verb = async ({ actor, words, request }, { services, conversations }) => {
  const { say } = services;
  if (words === '') return { text: say('slack.usage.chat') };
  const admitted = await conversations.ask(actor, words, askedId(request));
  if (admitted.outcome === 'refused') return { text: admitted.notice };
  return { text: say('slack.chat.said') };
};

/** `match`: the form that finds somebody. */
export const match: Verb = async ({ actor }, { services, modals }) => {
  await modals.open(actor, personaView('match', await readPersona(services, actor.person), services.say));
  return null;
};

/** `character`: the gallery; `character NAME`: talk to them; `character info NAME`; `character list WORDS`; `character remove NAME`, one of their own. */
export const character: Verb = async ({ actor, words }, tools) => {
  const { services, modals, conversations } = tools;
  const { say } = services;
  if (words === '') {
    await modals.open(actor, galleryView(findCharacters(services, '', galleryPage), '', 0, say));
    return null;
  }
  const { word, rest } = firstWord(words);
  if (word === 'list') return characterList(rest, tools);
  if (word === 'info' && rest !== '') {
    const named = namedCharacter(services, rest);
    return named ? cardAnswer(named, tools) : unknownCharacter(rest, tools);
  }
  if (word === 'remove' && rest !== '') {
    const named = namedCharacter(services, rest);
    if (!named) return unknownCharacter(rest, tools);
    const removed = removeCharacter(services, actor.person, named.id);
    return { text: say(removed ? 'slack.own.removed' : 'slack.own.notYours', { name: named.name }) };
  }
  const wanted = namedCharacter(services, words.replace(/^(?:pick|with)\s+/i, ''));
  if (!wanted) return unknownCharacter(words, tools);
  const outcome = await conversations.begin(actor, wanted);
  return { text: say(outcome === 'begun' ? 'slack.chat.begun' : 'match.switched', { name: wanted.name }) };
};

/** `why`: how the last reply came about. */
export const why: Verb = async ({ actor }, { services, conversations }) => {
  const { id } = await conversations.of(actor);
  const explanation = await explainLastReply(services, id, actor.person);
  return explanation ? whyAnswer(explanation) : { text: services.say('slack.why.nothing') };
};

/** What a person is told of the end they wished for, by how it went. */
export const resetWords = {
  reset: 'slack.reset.done',
  gone: 'slack.reset.nothing',
  refused: 'slack.reply.notYoursToLead',
} as const;

/** `reset`: begins anew, after a question. */
export const reset: Verb = async ({ actor, words }, { services, conversations }) => {
  const { say, bank } = services;
  const { id, session } = await conversations.of(actor);
  if (!session) return { text: say('slack.reset.nothing') };
  if (firstWord(words).word === 'yes') {
    return { text: say(resetWords[await resetConversation(services, id, actor)]) };
  }
  const found = bank.get(session.characterId);
  const name = found ? displayName(found) : '';
  const text = say('slack.reset.text', { name });
  return {
    text,
    blocks: [
      section(escapeText(text)),
      actions(
        button({
          text: say('slack.reset.yes'),
          action: actionIds.reset,
          style: 'danger',
          confirm: confirmation({
            title: say('slack.reset.title'),
            text,
            yes: say('slack.reset.yes'),
            no: say('slack.cancel'),
            danger: true,
          }),
        }),
      ),
    ],
  };
};

/** An explanation with a heading for each question. */
export function whyAnswer({ sections }: ReplyExplanation): Answer {
  const blocks: KnownBlock[] = sections.flatMap(({ title, lines }) => [
    header(title),
    section(escapeText(lines.join('\n'))),
  ]);
  return { text: sections.map(({ title, lines }) => `${title}\n${lines.join('\n')}`).join('\n\n'), blocks };
}

function characterList(words: string, { services }: CommandTools): Answer {
  const { say } = services;
  const { characters, total } = findCharacters(services, words, 10);
  if (total === 0) return { text: say('slack.gallery.nobody', { words }) };
  const cards = characters.map(characterCard);
  return {
    text: cards.map(({ name }) => name).join(', '),
    blocks: [
      ...cards.map((card) =>
        section(
          characterLines(card),
          button({ text: say('slack.gallery.about'), action: actionIds.card, value: card.id }),
        ),
      ),
      context(say('slack.gallery.count', { first: 1, last: characters.length, total })),
    ],
  };
}

function cardAnswer(found: Character, { services }: CommandTools): Answer {
  const card = characterCard(found);
  return { text: card.name, blocks: cardBlocks(card, services.say) };
}

function unknownCharacter(words: string, tools: CommandTools): Answer {
  const { say } = tools.services;
  const near = findCharacters(tools.services, words, 5);
  if (near.total === 0) return { text: say('slack.character.unknown', { words }) };
  const { text, blocks = [] } = characterList(words, tools);
  const asked = say('slack.character.meant', { words });
  return { text: `${asked} ${text}`, blocks: [section(escapeText(asked)), ...blocks] };
}
