import { ComponentType } from 'discord-api-types/v10';
import { characterCard, findCharacters } from '../../../src/commands/characters.js';
import { listLine } from './character-view.js';
import { componentId } from './component-id.js';
import type { Context } from './context.js';
import { plain, shorten, small } from './markup.js';
import { box, type MessageBody, message, text } from './message-body.js';
import { button, row } from './reply-buttons.js';

/** Characters on one page. */
export const pageSize = 8;
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
