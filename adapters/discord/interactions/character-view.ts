import {
  type APIComponentInContainer,
  type APIMessageTopLevelComponent,
  ComponentType,
} from 'discord-api-types/v10';
import { type Character, displayName } from '../../../characters/schema.js';
import type { Say } from '../../../config/locale.js';
import { characterCard, findCharacters } from '../../../src/commands/characters.js';
import { avatarOf, faceUrl } from '../../../src/delivery/face-url.js';
import { splitText } from '../../../src/delivery/split.js';
import type { TranscriptEntry } from '../../../src/state/session.js';
import { componentId } from './component-id.js';
import type { Context } from './context.js';
import { box, type MessageBody, message, plain, quoted, shorten, small, text } from './message-body.js';
import { type ButtonRow, button, labelUnits, row } from './reply-buttons.js';

/** The longest of each text of a card, UTF-16 units. */
const cardUnits = { line: 300, greeting: 600 } as const;

type ViewContext = Pick<Context, 'services' | 'say' | 'place'>;

/** Who a character is, in a box, with buttons to talk to them. */
export function characterBox(
  context: ViewContext,
  character: Character,
  more: { readonly reasons?: readonly string[]; readonly greeting?: boolean } = {},
): APIMessageTopLevelComponent {
  const { say } = context;
  const { name, who, personality, helpsWith, tags, greeting } = characterCard(character);
  const lines = [
    `### ${plain(name)}`,
    plain(who),
    personality &&
      !more.reasons &&
      say('discord.card.personality', { text: plain(firstSentence(personality)) }),
    helpsWith && say('discord.card.helpsWith', { text: plain(shorten(helpsWith, cardUnits.line)) }),
    ...(more.reasons ?? []).map((reason) => `- ${plain(shorten(reason, cardUnits.line))}`),
    more.reasons || tags.length === 0 ? '' : small(plain(shorten(tags.join(' · '), cardUnits.line))),
  ];
  const said = more.greeting && greeting ? [text(quoted(plain(shorten(greeting, cardUnits.greeting))))] : [];
  return box(
    withFace(context, character, lines.filter(Boolean).join('\n')),
    ...said,
    talkRow(context, character),
  );
}

/** Buttons that begin a conversation with a character. */
function talkRow({ say, place }: Pick<Context, 'say' | 'place'>, character: Character): ButtonRow {
  const name = displayName(character);
  const here = say('discord.buttons.talk', { name });
  const open = (where: 'here' | 'dm'): string => componentId({ do: 'open', character: character.id, where });
  return row(
    button(shorten(here, labelUnits), '💬', open('here'), 1),
    ...(place.kind === 'dm' ? [] : [button(say('discord.buttons.talkInPrivate'), '✉️', open('dm'))]),
  );
}

/** What a conversation begins with: who speaks, what the platform has to say first, the greeting, and that this is an AI. */
export function openingBox(
  context: Pick<Context, 'services' | 'say'>,
  character: Character,
  opening: readonly TranscriptEntry[],
): APIMessageTopLevelComponent[] {
  const { name, who } = characterCard(character);
  const [first] = spokenPieces(opening);
  const notices = opening.filter(({ role }) => role === 'notice');
  // The disclosure is small print below; care is not.
  const [disclosure, ...care] = notices;
  return [
    ...care.map((entry) => text(entry.text)),
    box(
      withFace(context, character, [`### ${plain(name)}`, plain(who)].filter(Boolean).join('\n')),
      ...(first === undefined ? [] : [text(first)]),
      ...(disclosure ? [text(small(disclosure.text))] : []),
    ),
  ];
}

/** What a character begins with beyond the first message: long greetings of cards. */
export function openingRest(opening: readonly TranscriptEntry[]): MessageBody[] {
  return spokenPieces(opening)
    .slice(1)
    .map((piece) => message(text(piece)));
}

/** A box holds the name, the disclosure and so much beside them. */
const greetingRules = { maxChars: 1_900, fences: true };
const maxPieces = 8;

function spokenPieces(opening: readonly TranscriptEntry[]): string[] {
  return opening
    .flatMap(({ role, text: said }) => (role === 'supporter' ? splitText(said, greetingRules) : []))
    .map((piece) => piece.text)
    .filter((piece) => piece !== '')
    .slice(0, maxPieces);
}

/** What follows tells a model how to play the character. */
function firstSentence(text: string): string {
  const end = text.search(/[.!?](?=\s)/);
  return shorten(end === -1 ? text : text.slice(0, end + 1), cardUnits.line);
}

/** Text beside a character's picture, where there is one. */
function withFace(
  { services }: Pick<Context, 'services'>,
  character: Character,
  content: string,
): APIComponentInContainer {
  const template = services.config.delivery.avatarUrl;
  const url = faceUrl(avatarOf(character, template), template);
  if (url === null) return text(content);
  return {
    type: ComponentType.Section,
    components: [text(content)],
    accessory: { type: ComponentType.Thumbnail, media: { url }, description: shorten(character.name, 200) },
  };
}

/** One line about a character in a list. */
function listLine(character: Character, say: Say): string {
  const { name, who, helpsWith } = characterCard(character);
  const first = say('discord.gallery.line', { name: plain(name), who: plain(who) });
  return [first, helpsWith && small(plain(shorten(helpsWith.replace(/\s+/g, ' '), 160)))]
    .filter(Boolean)
    .join('\n');
}

/** Characters on one page. */
const pageSize = 8;
const optionUnits = 100;

/** A page of the characters that fit `words`, with a menu to look at one, and buttons to the other pages. */
export function galleryPage(
  { services, say }: Pick<Context, 'services' | 'say'>,
  words: string,
  wanted: number,
): MessageBody {
  const asked = findCharacters(services, words, pageSize, wanted * pageSize);
  const { total } = asked;
  const pages = Math.max(1, Math.ceil(total / pageSize));
  const page = Math.min(wanted, pages - 1);
  const { characters } = page === wanted ? asked : findCharacters(services, words, pageSize, page * pageSize);
  const title =
    words === ''
      ? say('discord.gallery.title', { total })
      : say('discord.gallery.found', { total, words: plain(words) });
  const to = (emoji: string, target: number) =>
    button(null, emoji, componentId({ do: 'gallery', page: String(target), words }));
  const navigation = row(
    { ...to('◀️', Math.max(0, page - 1)), disabled: page === 0 },
    { ...to('▶️', page + 1), disabled: page + 1 >= pages },
    button(say('discord.buttons.search'), '🔎', componentId({ do: 'search' })),
  );
  if (characters.length === 0)
    return message(text(say('discord.gallery.nobody', { words: plain(words) })), navigation);
  return message(
    box(
      text(`### ${title}`),
      ...characters.map((character) => text(listLine(character, say))),
      text(small(say('discord.gallery.page', { page: page + 1, pages }))),
    ),
    {
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.StringSelect,
          custom_id: componentId({ do: 'browse', page: String(page), words }),
          placeholder: say('discord.gallery.choose'),
          options: characters.map((character) => {
            const { who } = characterCard(character);
            return {
              label: shorten(character.name, optionUnits),
              value: character.id,
              ...(who && { description: shorten(who, optionUnits) }),
            };
          }),
        },
      ],
    },
    navigation,
  );
}
