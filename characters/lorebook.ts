import { z } from 'zod';

/** Keys of one kind that an entry may have; the others are left out. */
const mostKeys = 300;

const list = z
  .union([z.array(z.union([z.string(), z.number()])), z.string(), z.null()])
  .transform((given) =>
    given === null ? [] : typeof given === 'string' ? given.split(',') : given.map(String),
  )
  .transform((keys) =>
    keys
      .map((key) => key.trim())
      .filter(Boolean)
      .slice(0, mostKeys),
  )
  .default([]);
const flag = z.boolean().nullish().catch(undefined);
const amount = z.number().finite().nullish().catch(undefined);
const foreign = z.looseObject({}).nullish().catch(undefined);

/** One entry of a lorebook, in the names of Character Card V3; what it does not know of other programs' is kept as it is. */
const loreEntrySchema = z.looseObject({
  keys: list,
  secondary_keys: list,
  content: z.string().default(''),
  enabled: z.boolean().default(true).catch(true),
  insertion_order: z.number().finite().default(100).catch(100),
  /** In every prompt, within the budget. */
  constant: flag,
  /** Needs one of the secondary keys as well; where it is not said, it does where there are some. */
  selective: flag,
  case_sensitive: flag,
  use_regex: flag,
  /** The lowest go first where the budget is too small. */
  priority: amount,
  name: z.string().nullish().catch(undefined),
  /** `before_char`, `after_char`; SillyTavern's numbers. */
  position: z.union([z.string(), z.number()]).nullish().catch(undefined),
  /** In how many of a hundred turns it may be told. */
  probability: amount,
  extensions: foreign,
});

export const lorebookSchema = z.looseObject({
  name: z.string().nullish().catch(undefined),
  /** Lines that are searched for keys, the newest. */
  scan_depth: amount,
  /** Tokens, counted as four characters each. */
  token_budget: amount,
  /** Whether entries are searched for keys of others. */
  recursive_scanning: flag,
  extensions: foreign,
  entries: z.array(loreEntrySchema).max(2_000).default([]),
});

/** What a character, or the world around it, is known for, told where it is spoken of (Character Card V3, `character_book`). */
export type Lorebook = z.infer<typeof lorebookSchema>;
export type LoreEntry = Lorebook['entries'][number];
