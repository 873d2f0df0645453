import { z } from 'zod';
import { jurisdictions } from './law.js';
import { isNetwork } from './network.js';
import {
  promptFormatSchema as format,
  samplingSchema,
  promptVariantSchema as variant,
} from './prompt-format.js';

/** An http(s) address. */
export const url = z.url({ protocol: /^https?$/ });
/** A duration, ms. */
export const ms = z.int().min(1);
const days = z.int().min(0).max(36_500);
const weight = z.number().min(0);

/** Who may bring a character of their own to a platform; it is theirs alone. */
const whoImports = z.enum(['off', 'admins', 'own']);

/**
 * What an operator may set in rapport.yaml beside the settings of the platforms; every key has its default in
 * config/default.yaml.
 */
export const configSchema = z.strictObject({
  locale: z.string().regex(/^[a-z]{2}(-[A-Z]{2})?$/),
  server: z.strictObject({
    host: z.string().min(1),
    port: z.int().min(0).max(65_535),
    requestsPerMinute: z.int().min(1),
    maxBodyBytes: z.int().min(1_024),
    maxMessageChars: z.int().min(100),
    allowedHosts: z.array(z.string().min(1)),
    corsOrigins: z.array(
      z
        .string()
        .regex(
          /^[a-z][a-z0-9+.-]*:\/\/[^\s/]+$/i,
          'an origin, as https://chat.example or http://localhost:5173',
        ),
    ),
    trustedProxies: z.array(z.string().refine(isNetwork, 'an IP address, or a network as 10.0.0.0/8')),
  }),
  data: z.strictObject({ dir: z.string().min(1) }),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error', 'silent']) }),
  state: z.strictObject({
    leaseMs: z.int().min(1_000),
    sweepMs: z.int().min(100),
    transcriptCap: z.int().min(20),
    dedupeHours: z.number().min(1),
    synchronous: z.enum(['normal', 'full']),
  }),
  characters: z.strictObject({
    paths: z.array(z.string().min(1)).min(1),
    adult: z.boolean(),
    imports: z.strictObject({
      page: whoImports,
      discord: whoImports,
      slack: whoImports,
      perPerson: z.int().min(1).max(1_000),
    }),
  }),
  matching: z.strictObject({
    offerMargin: z.number().min(0).max(1),
    offerAfterTurns: z.int().min(1),
    weights: z
      .strictObject({
        learnedFit: weight,
        experience: weight,
        sharedGround: weight,
        temperament: weight,
        memories: weight,
      })
      .refine((weights) => Object.values(weights).some((value) => value > 0), 'at least one above 0'),
    learning: z.strictObject({ enabled: z.boolean(), minRatings: z.int().min(1) }),
  }),
  memory: z.strictObject({
    perTurn: z.int().min(0).max(5),
    factsPerTurn: z.int().min(0).max(100),
    factUnits: z.int().min(0),
    factsForSmallModels: z.int().min(0).max(100),
    historyLines: z.int().min(1).max(20),
    repeatWindow: z.int().min(1),
    repeatMax: z.int().min(1),
    maxFacts: z.int().min(1),
    summaries: z.boolean(),
    summaryMs: z.int().min(100).max(600_000),
    lorebooks: z.record(z.string().min(1).max(200), z.string().min(1)),
    automatic: z.strictObject({
      offered: z.boolean(),
      idleMinutes: z.number().min(0.1).max(10_080),
      timeLimitMs: z.int().min(100).max(600_000),
      linesPerReading: z.int().min(1).max(200),
      factsPerReading: z.int().min(1).max(20),
      maxProposals: z.int().min(1).max(100),
    }),
  }),
  turn: z.strictObject({
    historyTurns: z.int().min(2),
    thinkingRetries: z.int().min(0).max(10),
    showThoughts: z.boolean(),
    maxEmoji: z.int().min(0),
    stageDirections: z.boolean(),
    modelRetries: z.int().min(0).max(5),
    maxCoalesced: z.int().min(1),
  }),
  delivery: z.strictObject({
    flushMs: ms,
    flushChars: z.int().min(1),
    avatarUrl: z.union([url, z.literal('')]),
  }),
  model: z.strictObject({
    timeouts: z.strictObject({ firstTokenMs: ms, betweenTokensMs: ms, replyMs: ms, queueMs: ms }),
    breaker: z.strictObject({ failures: z.int().min(1), halfOpenAfterMs: ms }),
    endpoints: z.record(
      z.string().min(1),
      z.strictObject({
        urls: z.array(url),
        contextTokens: z.int().min(128),
        maxConcurrent: z.int().min(0).default(0),
        tokenizer: z.string().optional(),
      }),
    ),
    default: z.strictObject({
      endpoint: z.string(),
      name: z.string(),
      format,
      variant: variant.optional(),
      sampling: samplingSchema,
    }),
    routes: z.array(
      z.strictObject({
        match: z
          .strictObject({ characters: z.array(z.string()), tags: z.array(z.string()), format })
          .partial()
          .refine((match) => Object.keys(match).length > 0, 'name at least one of characters, tags, format'),
        endpoint: z.string(),
        characterModel: z.boolean().default(false),
        name: z.string().optional(),
        format: format.optional(),
        variant: variant.optional(),
        sampling: samplingSchema.default({}),
        controlTags: z.boolean().default(false),
      }),
    ),
    embedded: z.strictObject({
      model: z.string().min(1),
      candidates: z.int().min(1).max(32),
      threads: z.int().min(0),
      /** Replies to what is commonly said: a folder or `off`. */
      answers: z.string().min(1),
    }),
  }),
  scorers: z.strictObject({
    encoder: z.string().min(1),
    personaScore: z.strictObject({
      kind: z.enum(['rapport', 'characterchat-ckpt']),
      path: z.string().min(1),
    }),
    /** CharacterChat's own, converted: a folder or `off`. */
    characterchatSelector: z.string().min(1),
    /** The encoder that the trained scorers below read; each is a folder or `off`. */
    supportEncoder: z.string().min(1),
    memorySelector: z.string().min(1),
    strategyPlanner: z.string().min(1),
    emotion: z.string().min(1),
    replyRanker: z.string().min(1),
    /** The multilingual reader and its care head: folders or `off`. */
    reader: z.string().min(1),
    careReader: z.string().min(1),
    meaning: z.string().min(1),
    knownFacts: z.string().min(1),
  }),
  limits: z.strictObject({
    dailyReplies: z.int().min(0),
    /** Tokens of the model, prompt and reply; 0: no limit. */
    dailyTokens: z.int().min(0),
    dailyTokensPerCommunity: z.int().min(0),
    /** Ids of people and communities who are not answered. */
    blocked: z
      .array(z.string().regex(/^[a-z-]+:\S+$/, 'an id such as discord:1234, or slack:T0123'))
      .max(10_000),
    /** Replies another program gets an hour in a community, where other programs are answered at all. */
    botRepliesAnHour: z.int().min(1),
    attachmentBytes: z.int().min(0).max(1_048_576),
  }),
  /** After how many days something is removed; 0: never. */
  privacy: z.strictObject({
    keepDays: z.strictObject({ conversations: days, facts: days, personas: days }),
  }),
  care: z.strictObject({
    /** By which law people are told things, and what is kept from minors. */
    jurisdiction: z.enum(jurisdictions),
    disclosureEveryHours: z.number().min(0).max(8_760),
    /** The operator's own contacts; they come before those of config/helplines. */
    helplines: z.array(z.strictObject({ region: z.string(), name: z.string(), contact: z.string() })),
    /** Where people are of whom nothing else tells it (ISO 3166, two letters); '' where that is not known. */
    country: z.string().regex(/^([A-Z]{2})?$/),
    /** From what probability on a message counts as a risk. */
    threshold: z.number().gt(0).lt(1),
    /** The configured model as a second reader of what the first is unsure of: from what probability on it is asked. */
    secondReader: z.strictObject({
      enabled: z.boolean(),
      from: z.number().gt(0).lt(1),
      timeLimitMs: z.int().min(50).max(10_000),
    }),
    /** Whether what a model says is judged, sentence by sentence, before it is shown. */
    spoken: z.boolean(),
    /** People of the operator's who are told that somebody asks for a human being. */
    humans: z.strictObject({
      /** One after the other, until somebody takes it. */
      to: z.array(
        z.union([
          z.strictObject({
            discord: z.string().regex(/^\d{15,21}$/, 'the id of a channel'),
            role: z
              .string()
              .regex(/^\d{15,21}$/, 'the id of a role')
              .optional(),
          }),
          z.strictObject({
            slack: z.string().regex(/^[CG][A-Z0-9]{2,}$/, 'the id of a channel'),
            team: z.string().regex(/^[TE][A-Z0-9]{2,}$/, 'the id of a workspace'),
            group: z
              .string()
              .regex(/^S[A-Z0-9]{2,}$/, 'the id of a user group')
              .optional(),
          }),
          z.strictObject({ webhook: url }),
        ]),
      ),
      /** Whether what they write behind `!human` is passed on; nothing else they wrote ever is. */
      note: z.boolean(),
      escalateMinutes: z.number().min(1).max(1_440),
    }),
  }),
});

/** Settings of the platforms by name: each declares its own (`declare module`, adapters/<name>/platform.ts). */
// biome-ignore lint/suspicious/noEmptyInterface: what stands in it is declared by the platforms
export interface PlatformSettings {}

export type Config = z.infer<typeof configSchema> & PlatformSettings;
