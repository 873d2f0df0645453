import { z } from 'zod';

/** What the manifest of the reader adds to the common part of model.json. */
export const readerManifestSchema = z.looseObject({ hidden: z.int().min(1), pieces: z.int().min(1) });

/** What the manifest of every head adds: the version of the reader whose vectors it was taught on. */
export const headManifestSchema = z.looseObject({ reader: z.string().min(1) });

/** A head that makes one vector of a text; each side of a comparison is written behind its own words. */
export const vectorManifestSchema = z.looseObject({
  reader: z.string().min(1),
  dimension: z.int().min(1),
  sides: z.record(z.string().min(1), z.string()),
});
