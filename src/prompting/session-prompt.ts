import type { Character } from '../../characters/schema.js';
import { type BudgetedRoute, type FittedPrompt, fitPrompt } from './budget.js';
import type { PromptFormatName } from './chat-model.js';
import { promptFormat } from './prompt-formats.js';
import { readSession } from './session-file.js';
import { tokenEstimate } from './token-estimate.js';

export interface SessionPromptOptions {
  /** The bank. */
  readonly lookup: (id: string) => Character | undefined;
  /** The route that would serve the character; without one the request is built untrimmed. */
  readonly routeFor?:
    | ((character: Character) => BudgetedRoute & { readonly format: PromptFormatName })
    | undefined;
  /** `--format`: wins over the file, the character and the route. */
  readonly format?: PromptFormatName | undefined;
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
  const { input, format: wanted } = readSession(file, options.lookup);
  const { character } = input;
  const route = options.routeFor?.(character) ?? unrouted(character);
  const name = options.format ?? wanted ?? character.model?.format ?? route.format;
  const settings: BudgetedRoute = {
    ...route,
    modelName: options.modelName ?? route.modelName,
    ...(name !== route.format && {
      sampling: character.model?.sampling ?? {},
      controlTags: false,
      variant: undefined,
    }),
  };
  const fitted = await fitPrompt({ format: promptFormat(name), input, route: settings });
  return { ...fitted, format: name };
}

/** Stands in where no model is configured: everything fits. */
function unrouted(character: Character): BudgetedRoute & { readonly format: PromptFormatName } {
  return {
    id: 'none',
    modelName: character.model?.name ?? character.id,
    format: character.model?.format ?? 'chat',
    sampling: character.model?.sampling ?? {},
    controlTags: false,
    contextTokens: Number.MAX_SAFE_INTEGER,
    model: { tokens: tokenEstimate },
  };
}
