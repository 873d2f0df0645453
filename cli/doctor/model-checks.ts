import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { type Check, failedCheck } from '../../adapters/platform.js';
import { createModels } from '../../app/models.js';
import type { LoadedConfig } from '../../config/load.js';
import { resolvePath } from '../../config/root.js';
import type { Config } from '../../config/schema.js';
import { modelPlace } from '../../inference/embedded/model-place.js';
import { needsEmbedded } from '../../inference/model-router.js';
import { readManifest, verifyFiles } from '../../inference/onnx/model-folder.js';
import type { ProbeReport } from '../../inference/remote/endpoint.js';
import type { RemoteModel } from '../../inference/remote/remote-model.js';
import type { ChatModel, ModelRequest } from '../../src/prompting/chat-model.js';
import { promptFormat } from '../../src/prompting/prompt-formats.js';
import { silentLogger } from '../../src/telemetry/logger.js';

/** How long the one-token trial of a model name may take, ms. */
const trialMs = 15_000;

/** Every model server that is configured, and the embedded model where something is served by it. */
export async function modelChecks(loaded: LoadedConfig): Promise<Check[]> {
  const { model } = loaded.config;
  let remotes: ReadonlyMap<string, RemoteModel>;
  try {
    ({ remotes } = createModels(loaded, null, silentLogger));
  } catch (error) {
    return [failedCheck('model', error)];
  }
  const servers = await Promise.all(
    [...remotes].map(async ([name, remote]) => {
      const used = namesServedBy(name, model);
      const reports = await remote.pool.probe();
      return Promise.all(reports.map((report) => serverCheck(name, report, used, remote, model)));
    }),
  );
  return [...servers.flat(), await embeddedCheck(model, remotes)];
}

async function serverCheck(
  endpoint: string,
  { url, ok, models, windowOf, reason }: ProbeReport,
  used: readonly string[],
  remote: ChatModel,
  { default: { format }, endpoints }: Config['model'],
): Promise<Check> {
  const name = `model server ${endpoint}`;
  if (!ok)
    return {
      name,
      state: 'failed',
      detail: `${url}: ${reason}`,
      cure: 'Start the server, or check MODEL_BASE_URL (with /v1) and MODEL_API_KEY.',
    };
  const served = `${url} serves ${models.slice(0, 8).join(', ') || 'no named model'}`;
  const choose =
    models.length > 0 ? `Set MODEL_NAME to one of: ${models.slice(0, 20).join(', ')}.` : 'Set MODEL_NAME.';
  if (used.length === 0)
    return { name, state: 'warning', detail: `${served}; no model name is configured`, cure: choose };
  const unlisted = used.filter((wanted) => !models.includes(wanted));
  for (const wanted of unlisted) {
    const refusal = await refusalOf(wanted, format, remote);
    if (refusal) return { name, state: 'failed', detail: `${served}; "${wanted}": ${refusal}`, cure: choose };
  }
  const configured = endpoints[endpoint]?.contextTokens ?? 0;
  const [narrow] = used.flatMap((wanted) => {
    const window = windowOf(wanted);
    return window !== null && window < configured ? [{ wanted, window }] : [];
  });
  if (narrow)
    return {
      name,
      state: 'warning',
      detail: `${served}; the window of "${narrow.wanted}" is ${narrow.window} tokens, ${configured} are configured`,
      cure: `Set ${endpoint === 'default' ? 'MODEL_CONTEXT_TOKENS' : `model.endpoints.${endpoint}.contextTokens`} to ${narrow.window}, or give the server a larger window.`,
    };
  const note = unlisted.length > 0 ? ` (not listed, but answering: ${unlisted.join(', ')})` : '';
  return { name, state: 'ok', detail: `${served}; asked for ${used.join(', ')}${note}` };
}

/** A name the server does not list may still be served (llama.cpp takes any): one token is asked for. */
async function refusalOf(
  modelName: string,
  format: Config['model']['default']['format'],
  model: ChatModel,
): Promise<string | null> {
  const sampling = { max_tokens: 1 };
  const request: ModelRequest =
    promptFormat(format).endpoint === 'completions'
      ? { endpoint: 'completions', body: { model: modelName, prompt: 'Hello', ...sampling } }
      : {
          endpoint: 'chat/completions',
          body: { model: modelName, messages: [{ role: 'user', content: 'Hello' }], ...sampling },
        };
  try {
    const signal = AbortSignal.timeout(trialMs);
    for await (const delta of model.stream(request, { signal, affinity: 'doctor' }))
      if (delta.type === 'text') break;
    return null;
  } catch (error) {
    return failedCheck('', error).detail;
  }
}

/** The model names that an endpoint is asked for. */
function namesServedBy(endpoint: string, { default: usual, routes }: Config['model']): string[] {
  const names = [
    ...(usual.endpoint === endpoint ? [usual.name] : []),
    ...routes.flatMap((route) => (route.endpoint === endpoint ? [route.name ?? usual.name] : [])),
  ];
  return [...new Set(names)].filter(Boolean);
}

async function embeddedCheck(
  model: Config['model'],
  remotes: ReadonlyMap<string, RemoteModel>,
): Promise<Check> {
  const name = 'embedded model';
  if (!needsEmbedded(model))
    return { name, state: 'off', detail: 'not needed: every character has a model server' };
  try {
    const place = modelPlace(
      existsSync(resolvePath(model.embedded.model))
        ? resolvePath(model.embedded.model)
        : model.embedded.model,
    );
    if ('hubId' in place)
      return {
        name,
        state: 'warning',
        detail: `${place.hubId}, from the hub`,
        cure: 'It is downloaded at first use, which needs a network.',
      };
    if (!existsSync(join(place.folder, 'model.json')))
      return { name, state: 'ok', detail: `${place.folder} (no checksums to compare)` };
    const manifest = readManifest(place.folder, z.looseObject({ demo: z.boolean().default(true) }));
    await verifyFiles(place.folder, manifest);
    const text = `${manifest.name} ${manifest.version}, files intact`;
    if (model.default.name !== '' && !remotes.has(model.default.endpoint))
      return {
        name,
        state: 'warning',
        detail: `${text}; the model name "${model.default.name}" is not used`,
        cure: 'Set MODEL_BASE_URL to the address of the server that serves it (with /v1), or take MODEL_NAME away.',
      };
    if (!manifest.demo) return { name, state: 'ok', detail: text };
    return {
      name,
      state: 'ok',
      detail: `${text}; the built-in voice`,
      cure: 'For good answers set MODEL_BASE_URL and MODEL_NAME (any OpenAI-compatible server).',
    };
  } catch (error) {
    return failedCheck(name, error);
  }
}
