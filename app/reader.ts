import { RapportError } from '../config/errors.js';
import { resolvePath } from '../config/root.js';
import type { Config } from '../config/schema.js';
import { CareReader } from '../inference/reader/care-reader.js';
import { MeaningReader } from '../inference/reader/meaning-reader.js';
import { Reader } from '../inference/reader/reader.js';
import type { Logger } from '../src/telemetry/logger.js';

/** The multilingual reader with what it is used for; null what is off or cannot be used (said in the log). */
export interface OpenReader {
  readonly care: CareReader | null;
  /** Loads its weights when it is first asked. */
  readonly meaning: MeaningReader | null;
  close(): Promise<void>;
}

/** What happens without a head. */
const without = {
  care: 'Danger is noticed by explicit rules alone.',
  meaning: 'What is known of people is chosen by shared words alone.',
} as const;
type HeadName = keyof typeof without;

/** Opens the reader for the heads that are configured and fit it; the one for danger begins to load at once. */
export function openReader({ scorers }: Config, logger: Logger): OpenReader {
  const refuse = (name: HeadName, error: unknown): void => {
    if (!(error instanceof RapportError)) throw error;
    logger.warn({ code: error.code, cure: error.cure }, `${error.message} ${without[name]}`);
  };
  const trunk = scorers.reader;
  const wanted: readonly (readonly [HeadName, string])[] = [
    ['care', scorers.careReader],
    ['meaning', scorers.meaning],
  ];
  const heads: Partial<Record<HeadName, string>> = {};
  for (const [name, folder] of wanted) {
    if (trunk === 'off' || folder === 'off') continue;
    try {
      new Reader({ reader: resolvePath(trunk), heads: { [name]: resolvePath(folder) } });
      heads[name] = resolvePath(folder);
    } catch (error) {
      refuse(name, error);
    }
  }
  if (Object.keys(heads).length === 0) return { care: null, meaning: null, close: async () => undefined };
  const reader = new Reader({ reader: resolvePath(trunk), heads });
  const care = heads.care ? new CareReader(reader) : null;
  care?.warm().catch((error) => refuse('care', error));
  return { care, meaning: heads.meaning ? new MeaningReader(reader) : null, close: () => reader.close() };
}
