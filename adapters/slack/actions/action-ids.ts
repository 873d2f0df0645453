import { z } from 'zod';
import type { MatchReason } from '../../../src/matching/persona-scorer.js';

/** What can be pressed outside replies. Everything a press needs is in its value, so it works after a restart. */
export const actionIds = {
  talk: 'rapport_talk',
  card: 'rapport_card',
  gallery: 'rapport_gallery',
  galleryPage: 'rapport_gallery_page',
  gallerySearch: 'rapport_gallery_search',
  galleryForward: 'rapport_gallery_forward',
  match: 'rapport_match',
  persona: 'rapport_persona',
  remember: 'rapport_remember',
  forget: 'rapport_forget',
  reset: 'rapport_reset',
  export: 'rapport_export',
  erase: 'rapport_erase',
  pause: 'rapport_pause',
  resume: 'rapport_resume',
  settings: 'rapport_settings',
  takeOffer: 'rapport_take_offer',
  declineOffer: 'rapport_decline_offer',
  takeAlert: 'rapport_take_alert',
  defaultCharacter: 'rapport_default_character',
} as const;

/** Forms and other modals. */
export const viewIds = {
  match: 'rapport_match_form',
  persona: 'rapport_persona_form',
  remember: 'rapport_remember_form',
  settings: 'rapport_settings_form',
  ask: 'rapport_ask_form',
  gallery: 'rapport_gallery_view',
  card: 'rapport_card_view',
  suggestions: 'rapport_suggestions_view',
  info: 'rapport_info_view',
} as const;

export const shortcutIds = {
  /** On a message: "Ask a character about this". */
  ask: 'rapport_ask',
  /** On a reply: how it came about. */
  why: 'rapport_why',
  /** Anywhere: find somebody to talk to. */
  match: 'rapport_find',
} as const;

/** A button's value at most, UTF-16 units. */
const longestValue = 2_000;

const talkSchema = z.object({
  c: z.string().min(1).max(64),
  r: z
    .array(z.object({ facet: z.string(), score: z.number(), text: z.string() }))
    .max(10)
    .default([]),
});

/** Value of "Talk to …": the character, and why they were suggested as far as it fits. */
export function talkValue(character: string, reasons: readonly MatchReason[] = []): string {
  const r = [...reasons];
  for (;;) {
    const value = JSON.stringify({ c: character, ...(r.length > 0 && { r }) });
    if (value.length <= longestValue || r.length === 0) return value;
    r.pop();
  }
}

/** Reads {@link talkValue}; null for anything else. */
export function readTalk(
  value: string,
): { readonly character: string; readonly reasons: readonly MatchReason[] } | null {
  const parsed = talkSchema.safeParse(parseJson(value));
  return parsed.success ? { character: parsed.data.c, reasons: parsed.data.r } : null;
}

const pageSchema = z.object({ w: z.string().max(200), o: z.int().min(0) });

/** Value of a paging button: the words looked for and where the page begins. */
export const pageValue = (words: string, offset: number): string =>
  JSON.stringify({ w: words.slice(0, 200), o: offset });

/** Reads {@link pageValue}; the first page of everything for anything else. */
export function readPage(value: string): { readonly words: string; readonly offset: number } {
  const parsed = pageSchema.safeParse(parseJson(value));
  return parsed.success ? { words: parsed.data.w, offset: parsed.data.o } : { words: '', offset: 0 };
}

const quoteSchema = z.object({ text: z.string(), author: z.string() });

/** What the form of "Ask a character about this" carries, at most 3,000 units. */
export const quoteMetadata = (text: string, author: string): string => {
  for (let units = 2_000; ; units -= 200) {
    const metadata = JSON.stringify({
      text: text.slice(0, units).replace(/[\uD800-\uDBFF]$/, ''),
      author: author.slice(0, 80),
    });
    if (metadata.length <= 3_000 || units <= 200) return metadata;
  }
};

export function readQuote(metadata: string): { readonly text: string; readonly author: string } | null {
  return quoteSchema.safeParse(parseJson(metadata)).data ?? null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
