import type { Config } from '../config/schema.js';
import type { ChatModel, ModelRoute, ModelRouter, TokenEncoder } from '../src/prompting/chat-model.js';
import type { EmbeddedChatModel } from './embedded/embedded-chat-model.js';

type RoutedCharacter = Parameters<ModelRouter['routeFor']>[0];
type RouteRule = Config['model']['routes'][number];

/** A model behind an endpoint, with its tokenizer where the configuration names one. */
export interface ServedModel extends ChatModel {
  readonly encoder?: TokenEncoder | undefined;
}

export interface RouterOptions {
  readonly config: Config['model'];
  /** The model behind a named endpoint that has addresses; null for one without. */
  readonly remote: (endpoint: string) => ServedModel | null;
  /** Created when first needed. */
  readonly embedded: () => EmbeddedChatModel;
}

/** Whether any character is served by the model in this process: an endpoint without addresses is. */
export function needsEmbedded({ default: usual, routes, endpoints }: Config['model']): boolean {
  return [usual, ...routes].some(({ endpoint }) => (endpoints[endpoint]?.urls.length ?? 0) === 0);
}

/**
 * The routing table: the first rule that matches a character serves it, else the default model. An endpoint without
 * addresses is served by the embedded model.
 */
export function createModelRouter({ config, remote, embedded }: RouterOptions): ModelRouter {
  const route = (
    id: string,
    endpoint: string,
    wanted: Pick<ModelRoute, 'modelName' | 'format' | 'variant' | 'sampling' | 'controlTags'>,
  ): ModelRoute => {
    const settings = config.endpoints[endpoint];
    const model = remote(endpoint);
    if (model && settings) {
      const { contextTokens } = settings;
      return { id, model, contextTokens, demo: false, encoder: model.encoder, ...wanted };
    }
    const own = embedded();
    const { name, format, contextTokens, controlTags, demo, sampling } = own;
    // The embedded model has its own format and decoding defaults; those of the configuration are a server's.
    return {
      id: 'embedded',
      model: own,
      modelName: name,
      format,
      sampling,
      contextTokens,
      controlTags,
      demo,
    };
  };
  return {
    routeFor: (character) => {
      const index = config.routes.findIndex((rule) => matches(rule, character));
      const rule = config.routes[index];
      const own = character.model?.sampling ?? {};
      if (!rule) {
        const { endpoint, name, format, variant, sampling } = config.default;
        return route('default', endpoint, {
          modelName: name,
          format,
          variant,
          sampling: { ...sampling, ...own },
          controlTags: false,
        });
      }
      const hinted = rule.characterModel ? character.model : undefined;
      const format = hinted?.format ?? rule.format ?? config.default.format;
      return route(`routes.${index}`, rule.endpoint, {
        modelName: hinted?.name ?? rule.name ?? config.default.name,
        format,
        variant: rule.variant ?? (format === config.default.format ? config.default.variant : undefined),
        sampling: { ...rule.sampling, ...own },
        controlTags: rule.controlTags,
      });
    },
  };
}

/** The tags of a card are a stranger's words and choose no model. */
function matches({ match }: RouteRule, { id, tags, model, card }: RoutedCharacter): boolean {
  return (
    (match.characters === undefined || match.characters.includes(id)) &&
    (match.tags === undefined || (card === undefined && match.tags.some((tag) => tags.includes(tag)))) &&
    (match.format === undefined || match.format === model?.format)
  );
}
