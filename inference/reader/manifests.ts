import { z } from 'zod';

/** What the manifest of the reader adds to the common part of model.json. */
export const readerManifestSchema = z.looseObject({ hidden: z.int().min(1), pieces: z.int().min(1) });

/** What the manifest of the care head adds: the version of the reader whose vectors it was taught on. */
export const careManifestSchema = z.looseObject({ reader: z.string().min(1) });
