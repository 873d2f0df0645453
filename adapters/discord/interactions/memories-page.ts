import { ComponentType } from 'discord-api-types/v10';
import type { Say } from '../../../config/locale.js';
import type { UserMemory } from '../../../src/memory/profile.js';
import { componentId } from './component-id.js';
import { plain, shorten, small } from './markup.js';
import { box, type MessageBody, message, text } from './message-body.js';

/** Facts a menu offers to forget: the latest. */
const mostOptions = 25;
const optionUnits = 100;
/** All the facts shown, UTF-16 units. */
const listUnits = 3_500;

/** What is remembered about a person, with a menu to forget one. */
export function memoriesPage(facts: readonly UserMemory[], say: Say): MessageBody {
  if (facts.length === 0) return message(text(say('memory.nothing')));
  const lines = facts.map(({ text: fact, at }) => `- ${plain(fact)} <t:${Math.floor(at / 1_000)}:d>`);
  const latest = facts.slice(-mostOptions).reverse();
  return message(
    box(
      text(`### ${say('discord.memory.title')}`),
      text(shorten(lines.join('\n'), listUnits)),
      text(small(say('discord.memory.use'))),
    ),
    {
      type: ComponentType.ActionRow,
      components: [
        {
          type: ComponentType.StringSelect,
          custom_id: componentId({ do: 'forget' }),
          placeholder: say('discord.memory.forget'),
          options: latest.map(({ id, text: fact }) => ({
            label: shorten(fact.replace(/\s+/g, ' '), optionUnits),
            value: id,
          })),
        },
      ],
    },
  );
}
