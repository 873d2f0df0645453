import { readFileSync } from 'node:fs';
import { createModels } from '../app/models.js';
import { loadConfig } from '../app/settings.js';
import { configuredBank } from '../characters/bank.js';
import { RapportError, reasonOf } from '../config/errors.js';
import { formatOfVariant } from '../config/prompt-format.js';
import { loadStrategies } from '../config/strategies.js';
import type {
  ModelRequest,
  ModelRoute,
  PromptFormatName,
  PromptVariant,
} from '../src/prompting/chat-model.js';
import { promptFromSession, type SessionPrompt } from '../src/prompting/session-prompt.js';
import { tokenEstimate } from '../src/prompting/token-estimate.js';
import { silentLogger } from '../src/telemetry/logger.js';
import { printJson, printLine, printNote } from './output.js';

export interface PromptOptions {
  readonly session: string;
  readonly format?: PromptFormatName;
  readonly variant?: PromptVariant;
  readonly model?: string;
  readonly json?: boolean;
}

/** Prints the request for a session file, fitted to the window of the model that would serve its character. */
export async function prompt(options: PromptOptions): Promise<void> {
  const { format, variant } = options;
  if (format && variant && formatOfVariant[variant] !== format)
    throw new RapportError('RAPPORT_E_USAGE', {
      reason: `The variant ${variant} goes with the format ${formatOfVariant[variant]} only.`,
      command: 'prompt',
    });
  const file = readSessionJson(options.session);
  const loaded = loadConfig();
  const bank = configuredBank(loaded.config);
  const models = createModels(loaded, null, silentLogger);
  try {
    const fitted = await promptFromSession(file, {
      lookup: (id) => bank.get(id),
      strategies: loadStrategies().strategies,
      routeFor: (character) => {
        try {
          return models.router.routeFor(character);
        } catch (error) {
          if (!(error instanceof RapportError)) throw error;
          printNote(`${error.code}: ${error.message} The request is shown for a window of unknown size.`);
          return withoutModel(loaded.config.model.default.name, loaded.config.model.default.format);
        }
      },
      format,
      variant,
      modelName: options.model,
    });
    if (options.json) printJson({ endpoint: fitted.request.endpoint, body: fitted.request.body });
    else printLine(readable(fitted));
  } finally {
    await models.close();
  }
}

/** Stands in for a model that cannot be used. */
function withoutModel(
  modelName: string,
  format: PromptFormatName,
): Omit<ModelRoute, 'model' | 'demo'> & {
  readonly model: Pick<ModelRoute['model'], 'tokens'>;
} {
  return {
    id: 'none',
    modelName,
    format,
    sampling: {},
    controlTags: false,
    contextTokens: 1_000_000,
    model: { tokens: tokenEstimate },
  };
}

function readable({ request, format, promptTokens, exact, droppedTurns, floor }: SessionPrompt): string {
  const { endpoint, body } = request;
  const { head, settings } = parts(request);
  const trimmed = droppedTurns > 0 ? `, ${droppedTurns} oldest turns left out` : '';
  return [
    `POST {base}/${endpoint}  (format ${format}, model ${body.model || 'of the server'})`,
    `${promptTokens} tokens${exact ? '' : ' (estimated)'}${trimmed}${floor ? ', cut to persona and last message' : ''}`,
    '',
    head,
    '',
    settings,
  ].join('\n');
}

function parts(request: ModelRequest): { readonly head: string; readonly settings: string } {
  if (request.endpoint === 'completions') {
    const { prompt: text, model: _, ...rest } = request.body;
    return { head: typeof text === 'string' ? text : text.join(' '), settings: JSON.stringify(rest) };
  }
  const { messages, model: _, ...rest } = request.body;
  return {
    head: messages.map(({ role, content }) => `[${role}]\n${content}`).join('\n\n'),
    settings: JSON.stringify(rest),
  };
}

/**
 * The unchecked content of a session file.
 * @throws RapportError RAPPORT_E_FILE_UNREADABLE; RAPPORT_E_INPUT_INVALID where it is not JSON.
 */
export function readSessionJson(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new RapportError('RAPPORT_E_FILE_UNREADABLE', { file, reason: reasonOf(error) }, error);
  }
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new RapportError(
      'RAPPORT_E_INPUT_INVALID',
      { problems: `${file} is not JSON: ${reasonOf(error)}` },
      error,
    );
  }
}
