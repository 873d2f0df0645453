import { type Character, memoryAspects } from '../schema.js';

type Fields = Readonly<Record<string, unknown>>;

/** The fields of a card that a character says; only these are written over in a card that is kept. */
export function sayingsOf(character: Character): Fields {
  const { name, shortName, supporterStatement, greeting, tags, card, lorebook } = character;
  return {
    name,
    nickname: shortName ?? '',
    description: supporterStatement,
    personality: card?.personality ?? character.persona.personality ?? '',
    scenario: card?.scenario ?? '',
    first_mes: greeting,
    mes_example: card?.examples ?? '',
    creator_notes: card?.notes ?? character.helpsWith,
    system_prompt: card?.systemPrompt ?? '',
    post_history_instructions: card?.postHistory ?? '',
    alternate_greetings: card?.greetings ?? [],
    group_only_greetings: card?.groupGreetings ?? [],
    tags,
    character_book: lorebook ?? null,
  };
}

/** The data of a Character Card V3 for a character that came with none. What has no place in a card is in `extensions.rapport`. */
export function newCardData(character: Character): Fields {
  const { card, licence } = character;
  const { nickname, character_book, ...said } = sayingsOf(character);
  const book = bookOf(character);
  const written = {
    ...said,
    ...(nickname !== '' && { nickname }),
    creator: card?.creator || 'Rapport',
    character_version: card?.version || '1',
    ...(book && { character_book: book }),
  };
  const { id: _, ...rest } = character;
  const kept = Object.fromEntries(
    ['nickname', 'description', 'first_mes', 'tags'].map((key) => [key, (written as Fields)[key]]),
  );
  return {
    ...written,
    creator_notes: [said.creator_notes, licence === 'unstated' ? '' : `Licence: ${licence}`]
      .filter(Boolean)
      .join('\n'),
    extensions: { rapport: { character: rest, written: kept } },
  };
}

/** Its lorebook, else its memories as one: each is told where it is spoken of. */
function bookOf({ lorebook, memory, name }: Character): Fields | null {
  if (lorebook) return lorebook;
  const known: readonly string[] = memoryAspects;
  const told = Object.entries(memory).filter(([aspect, text]) => text !== '' && known.includes(aspect));
  if (told.length === 0) return null;
  return {
    name: `What ${name} remembers`,
    scan_depth: 4,
    token_budget: 400,
    recursive_scanning: false,
    extensions: {},
    entries: told.map(([aspect, content], index) => ({
      keys: [...new Set(aspect.split('_').filter((word) => word.length > 3))],
      content,
      extensions: {},
      enabled: true,
      insertion_order: index,
      use_regex: false,
      case_sensitive: false,
      name: aspect.replaceAll('_', ' '),
    })),
  };
}
