import { z } from 'zod';
import { RapportError } from '../../config/errors.js';
import type { PersonId } from '../ids.js';
import { mostPinned } from '../memory/fact-list.js';
import type { UserMemory } from '../memory/profile.js';
import { stripControls } from '../text/strip-controls.js';
import type { CommandServices } from './command-services.js';
import { memoryUnits } from './memory.js';
import type { ExportFile } from './privacy.js';

/** The longest file that is read, UTF-16 units. */
export const factFileUnits = 1_000_000;
const dayMs = 24 * 3_600_000;

const factSchema = z.union([
  z.string().transform((text) => ({ text })),
  z.object({
    text: z.string(),
    at: z.number().finite().optional().catch(undefined),
    pinned: z.boolean().optional().catch(undefined),
  }),
]);
/** What {@link exportFacts} writes, a list, or the export of all of a person's data. */
const fileSchema = z.union([
  z.object({ facts: z.array(factSchema) }).transform(({ facts }) => facts),
  z.object({ memories: z.array(factSchema) }).transform(({ memories }) => memories),
  z.array(factSchema),
]);

/** What a person asked to be remembered, as a file to keep, and to read in again by {@link importFacts}. */
export async function exportFacts(
  { store, clock }: Pick<CommandServices, 'store' | 'clock'>,
  person: PersonId,
): Promise<ExportFile> {
  const facts = (await store.people.memories(person)).map(({ text, at, pinned }) => ({
    text,
    at,
    ...(pinned && { pinned }),
  }));
  return {
    name: `rapport-facts-${new Date(clock.now()).toISOString().slice(0, 10)}.json`,
    contentType: 'application/json',
    text: `${JSON.stringify({ facts }, null, 2)}\n`,
  };
}

/**
 * Adds the facts of a file to a person's, as far as the list has room: JSON as {@link exportFacts} writes it, a person's whole export,
 * a list of texts, or plain lines. What is known word for word is passed over.
 * @returns how many were added. @throws RapportError RAPPORT_E_INPUT_TOO_LARGE beyond {@link factFileUnits}.
 */
export async function importFacts(
  { store, config, clock, random }: Pick<CommandServices, 'store' | 'config' | 'clock' | 'random'>,
  person: PersonId,
  file: string,
): Promise<number> {
  if (file.length > factFileUnits)
    throw new RapportError('RAPPORT_E_INPUT_TOO_LARGE', { size: file.length, limit: factFileUnits });
  const known = await store.people.memories(person);
  const texts = new Set(known.map(({ text }) => text));
  let room = config.memory.maxFacts - known.length;
  let pins = mostPinned - known.filter(({ pinned }) => pinned).length;
  const now = clock.now();
  const { facts: days } = config.privacy.keepDays;
  // What is older than facts are kept would go with the next sweep: it counts as told anew.
  const oldest = days > 0 ? now - days * dayMs : 0;
  // Behind what is known, also where that came in the same moment.
  const from = known.reduce((latest, { at }) => Math.max(latest, at + 1), now);
  let added = 0;
  for (const { text: given, at, pinned } of factsIn(file)) {
    const text = stripControls(given).replace(/\s+/g, ' ').trim().slice(0, memoryUnits).toWellFormed().trim();
    if (text === '' || texts.has(text) || room <= 0) continue;
    texts.add(text);
    room -= 1;
    const pin = pinned === true && pins > 0;
    if (pin) pins -= 1;
    const memory: UserMemory = {
      id: random.id(),
      personId: person,
      text,
      // In the order of the file, where it names no times.
      at: at !== undefined && at > oldest && at <= now ? at : from + added,
      ...(pin && { pinned: true }),
    };
    await store.people.addMemory(memory);
    added += 1;
  }
  return added;
}

function factsIn(file: string): readonly {
  readonly text: string;
  readonly at?: number | undefined;
  readonly pinned?: boolean | undefined;
}[] {
  const text = file.replace(/^\uFEFF/, '').trim();
  try {
    const parsed = fileSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : [];
  } catch {
    // A broken export is not read as lines of braces.
    if (/^[[{]/.test(text)) return [];
    return text.split(/\r?\n/).map((line) => ({ text: line.replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '') }));
  }
}
