import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { LoadedConfig } from '../config/load.js';
import { resolvePath } from '../config/root.js';
import type { AnswerBank } from '../inference/embedded/answer-bank.js';
import { createEmbeddedModel, type EmbeddedChatModel } from '../inference/embedded/embedded-chat-model.js';
import type { Feel } from '../inference/embedded/written-reply.js';
import { createModelRouter } from '../inference/model-router.js';
import { createRemoteModel, type RemoteModel } from '../inference/remote/remote-model.js';
import { systemClock } from '../src/clock.js';
import type { EmotionClassifier } from '../src/emotion/emotion-classifier.js';
import type { ModelRouter } from '../src/prompting/chat-model.js';
import { tokenEstimate } from '../src/prompting/token-estimate.js';
import type { Logger } from '../src/telemetry/logger.js';
import type { Scorers } from './scorers.js';

export interface Models {
  readonly router: ModelRouter;
  /** Remote models by endpoint name, for doctor. */
  readonly remotes: ReadonlyMap<string, RemoteModel>;
  /** The embedded model, created when first asked for. */
  readonly embedded: () => EmbeddedChatModel;
  /** Asks every model server what it serves, so that its window is known and a dead address is said in the log at once. */
  greet(): Promise<void>;
  close(): Promise<void>;
}

/** A remote model for every endpoint that has an address, the embedded one when first asked for, and who answers whom. */
export function createModels(
  { config, secrets }: LoadedConfig,
  ranking:
    | (Pick<Scorers, 'encoder' | 'replyRanker' | 'emotion'> & { readonly answers: AnswerBank | null })
    | null,
  logger: Logger,
): Models {
  const { model } = config;
  const remotes = new Map<string, RemoteModel>();
  for (const [name, { urls, maxConcurrent, tokenizer }] of Object.entries(model.endpoints)) {
    if (urls.length === 0) continue;
    remotes.set(
      name,
      createRemoteModel({
        name,
        urls,
        apiKey: secrets.MODEL_API_KEY,
        timeouts: model.timeouts,
        breaker: model.breaker,
        maxConcurrent,
        tokenizer: tokenizer === undefined ? undefined : resolvePath(tokenizer),
        tokenizerModel: model.default.name || undefined,
        fallback: tokenEstimate,
        logger,
      }),
    );
  }
  let own: EmbeddedChatModel | null = null;
  const embedded = (): EmbeddedChatModel => {
    const { model: place, candidates, threads } = model.embedded;
    const folder = resolvePath(place);
    own ??= createEmbeddedModel({
      model: existsSync(folder) ? folder : place,
      dataDir: resolve(config.data.dir),
      candidates,
      threads,
      encoder: ranking?.encoder ?? undefined,
      ranker: ranking?.replyRanker ?? undefined,
      answers: ranking?.answers ?? undefined,
      feel: feelingOf(ranking?.emotion ?? null),
      logger,
      clock: systemClock,
    });
    return own;
  };
  const router = createModelRouter({ config: model, remote: (name) => remotes.get(name) ?? null, embedded });
  const greet = async (): Promise<void> => {
    const reports = [...remotes].map(async ([endpoint, remote]) => {
      for (const { url, ok, reason } of await remote.pool.probe())
        if (!ok)
          logger.warn(
            { endpoint, url, reason },
            'the model server does not answer: nobody can be answered by it (check MODEL_BASE_URL; rapport doctor says more)',
          );
    });
    await Promise.all(reports);
  };
  return { router, remotes, embedded, greet, close: async () => own?.close() };
}

/** How pleasant a message is, as the emotion classifier reads it; a reading that fails leaves it open. */
function feelingOf(emotion: EmotionClassifier | null): Feel | undefined {
  if (!emotion) return undefined;
  return async (text) => {
    const reading = await emotion.classify(text).catch(() => null);
    return reading?.valence ?? null;
  };
}
