import type { PromptFormatName, PromptVariant, Sampling } from '../../config/prompt-format.js';

export type { PromptFormatName, PromptVariant, Sampling };

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
}

/** Body of `POST {base}/completions`; `prompt` is text or token ids. */
export interface CompletionBody extends Sampling {
  readonly model: string;
  readonly prompt: string | readonly number[];
  readonly stop?: readonly string[];
}

/** Body of `POST {base}/chat/completions`. */
export interface ChatBody extends Sampling {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  readonly stop?: readonly string[];
}

/** The exact request that goes to a model server; `rapport prompt --json` prints it. */
export type ModelRequest =
  | { readonly endpoint: 'completions'; readonly body: CompletionBody }
  | { readonly endpoint: 'chat/completions'; readonly body: ChatBody };

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

export type ModelDelta =
  | { readonly type: 'text'; readonly text: string }
  | {
      readonly type: 'done';
      /** `stop`, `length`, or what the server said. */
      readonly finishReason: string;
      /** The stop string that matched (vLLM's `stop_reason`); null or absent where the server does not say. */
      readonly stopReason?: string | null;
      readonly usage?: Usage;
      /** The model thought before it spoke; nothing of that is among the text. */
      readonly thought?: boolean;
      /** The reply was written beforehand, and why it was taken: `told`, `bank`, `act` or `mood`. */
      readonly written?: string;
    };

/** Counts tokens of text the way the model will; `exact: false` is an estimate on the safe side. */
export interface TokenCounter {
  readonly exact: boolean;
  /** Counting is a round trip to the server: the budget asks only where it could matter. */
  readonly remote?: boolean;
  count(text: string): Promise<number>;
}

/** Encodes plain text to the model's token ids, adding no special tokens. */
export interface TokenEncoder {
  encode(text: string): readonly number[];
}

/** What a server has shown of its models, beyond what is configured. */
export interface ModelFacts {
  /** The window of a model, tokens; null where nothing is known. */
  window(model: string): number | null;
  /** The window is at most this large. */
  learnWindow(model: string, tokens: number): void;
  /** The model thinks before it speaks, and the budget of a reply pays for both. */
  thinks(model: string): boolean;
}

/** A model that can be asked. `affinity` (the character id) keeps one character on one endpoint, for its prefix cache. */
export interface ChatModel {
  /**
   * Streams one completion; the last delta is `done`. Aborting the signal ends the iteration with the signal's reason.
   * @throws RapportError RAPPORT_E_MODEL_UNAVAILABLE | _REFUSED | _TIMEOUT | _INTERRUPTED | RAPPORT_E_CONTEXT_OVERFLOW
   */
  stream(
    request: ModelRequest,
    options: { readonly signal: AbortSignal; readonly affinity: string; readonly rank?: RankHints },
  ): AsyncIterable<ModelDelta>;
  /** The counter for this model (its tokenizer, or the server's /tokenize), falling back to an estimate. */
  readonly tokens: TokenCounter;
  /** What has been found out about the servers behind it; absent where there are none. */
  readonly facts?: ModelFacts | undefined;
}

/** What a sample-and-rank model may judge its candidates by; models that answer once ignore it. */
export interface RankHints {
  readonly lastMessage: string;
  readonly persona: string;
  readonly memory: string | null;
  readonly goal: string | null;
  /** Somebody may be in danger: nothing ready-made. */
  readonly gentle?: boolean;
  /** The answer where they ask back what they told of themselves. */
  readonly toldBack?: string | null;
  /** What the character says when it is asked about itself: question → answers. */
  /** Replies of this conversation, and those that this one is to replace: not to be said again. */
  readonly avoid?: readonly string[];
  readonly selfAnswers?: Readonly<Record<string, readonly string[]>>;
}

/** Which model serves a character, and how its text is written. */
export interface ModelRoute {
  /** Name in the routing table, for traces and errors. */
  readonly id: string;
  readonly model: ChatModel;
  /** Model or LoRA name sent to the server. */
  readonly modelName: string;
  readonly format: PromptFormatName;
  /** Overrides the format's decoding defaults. */
  readonly sampling: Sampling;
  /** Window of the model, tokens, prompt and reply together. */
  readonly contextTokens: number;
  /** The checkpoint was trained with goal and strategy tags in its INFO block (ours is). */
  readonly controlTags: boolean;
  /** The small built-in voice: said plainly wherever it speaks. */
  readonly demo: boolean;
  /** A layout other than the format's default; see {@link PromptVariant}. */
  readonly variant?: PromptVariant | undefined;
  /** The endpoint's own tokenizer (`tokenizer` in the configuration): formats of bare text send token ids with it. */
  readonly encoder?: TokenEncoder | undefined;
}

/** character → route, by the configuration's routing table. */
export interface ModelRouter {
  routeFor(character: {
    readonly id: string;
    readonly tags: readonly string[];
    /** There where the character came with a card: its tags are a stranger's. */
    readonly card?: object | undefined;
    readonly model?:
      | {
          readonly format?: PromptFormatName | undefined;
          readonly name?: string | undefined;
          readonly sampling?: Sampling | undefined;
        }
      | undefined;
  }): ModelRoute;
}
