import { asPlayed } from '../../characters/played.js';
import type { Character } from '../../characters/schema.js';
import { formatOfVariant } from '../../config/prompt-format.js';
import { type BudgetedRoute, type FittedPrompt, fitPrompt } from './budget.js';
import type { ModelRoute, PromptFormatName, PromptVariant } from './chat-model.js';
import { promptFormat } from './prompt-formats.js';
import { readSession, type SessionFileNames } from './session-file.js';
import { forSmallModel } from './small-model.js';
import { tokenEstimate } from './token-estimate.js';

export interface SessionPromptOptions extends SessionFileNames {
  /** The route that would serve the character; without one the request is built untrimmed. */
  readonly routeFor?:
    | ((
        character: Character,
      ) => BudgetedRoute & Pick<ModelRoute, 'format'> & Partial<Pick<ModelRoute, 'demo'>>)
    | undefined;
  /** `--format`: wins over the file, the character and the route. */
  readonly format?: PromptFormatName | undefined;
  /** `--variant`: another layout, of the format that it goes with. */
  readonly variant?: PromptVariant | undefined;
  /** `--model`: wins over the route's model name. */
  readonly modelName?: string | undefined;
}

export interface SessionPrompt extends FittedPrompt {
  readonly format: PromptFormatName;
}

/**
 * The exact request that would be sent for the content of a session file. A format that is not the route's own comes
 * with its own decoding defaults and the character's, not with the route's.
 * @throws RapportError as {@link readSession} and {@link fitPrompt}.
 */
export async function promptFromSession(
  file: unknown,
  options: SessionPromptOptions,
): Promise<SessionPrompt> {
  const { input: read, format: wanted } = readSession(file, options);
  const character = asPlayed(read.character, { user: read.seeker.name ?? '', seed: read.character.id });
  const input = { ...read, character };
  const route = options.routeFor?.(character) ?? unrouted(character);
  const { variant } = options;
  const named = variant ? formatOfVariant[variant] : (options.format ?? wanted ?? character.model?.format);
  const name = named ?? route.format;
  const settings: BudgetedRoute = {
    ...route,
    modelName: options.modelName ?? route.modelName,
    ...(name !== route.format && {
      sampling: character.model?.sampling ?? {},
      controlTags: false,
      variant: undefined,
    }),
    ...(variant && { variant }),
  };
  // Who names a format wants what its checkpoints get; who names none gets what the route's model is sent.
  const sent = named === undefined && route.demo ? forSmallModel(input) : input;
  const fitted = await fitPrompt({ format: promptFormat(name), input: sent, route: settings });
  return { ...fitted, format: name };
}

/** Stands in where no model is configured: everything fits. */
function unrouted(character: Character): BudgetedRoute & Pick<ModelRoute, 'format' | 'demo'> {
  return {
    id: 'none',
    modelName: character.model?.name ?? character.id,
    format: character.model?.format ?? 'chat',
    sampling: character.model?.sampling ?? {},
    controlTags: false,
    demo: false,
    contextTokens: Number.MAX_SAFE_INTEGER,
    model: { tokens: tokenEstimate },
  };
}
