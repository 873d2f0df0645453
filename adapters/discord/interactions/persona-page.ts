import type { Say } from '../../../config/locale.js';
import type { SeekerPersona } from '../../../src/memory/profile.js';
import { componentId } from './component-id.js';
import { plain, quoted, small } from './markup.js';
import { box, type MessageBody, message, text } from './message-body.js';
import { button, row } from './reply-buttons.js';

/** Who a person has said they are, with buttons to change it and to be matched. */
export function personaPage({ name, facts, mbti, worry }: SeekerPersona, say: Say): MessageBody {
  const part = (key: string, content: string): string =>
    content && `**${say(`discord.personaPage.${key}`)}**\n${content}`;
  const parts = [
    part('name', plain(name ?? '')),
    part('worry', worry ? quoted(plain(worry)) : ''),
    part('facts', facts.map((fact) => `- ${plain(fact)}`).join('\n')),
    part('mbti', mbti ?? ''),
  ].filter(Boolean);
  return message(
    box(
      text(`### ${say('discord.personaPage.title')}`),
      text(parts.length > 0 ? parts.join('\n\n') : say('discord.personaPage.empty')),
      text(small(say('discord.personaPage.use'))),
    ),
    row(
      button(say('discord.buttons.edit'), '✏️', componentId({ do: 'persona' })),
      button(say('discord.buttons.match'), '🧭', componentId({ do: 'match' })),
    ),
  );
}
