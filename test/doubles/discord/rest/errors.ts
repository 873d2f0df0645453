import type { z } from 'zod';

/** A refusal as Discord words it: an HTTP status and `{code, message}`. */
export class DiscordError extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: object | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly extra: Readonly<Record<string, unknown>>;

  constructor(
    status: number,
    code: number,
    message: string,
    more: {
      readonly errors?: object;
      readonly headers?: Readonly<Record<string, string>>;
      readonly extra?: Readonly<Record<string, unknown>>;
    } = {},
  ) {
    super(message);
    this.name = 'DiscordError';
    this.status = status;
    this.code = code;
    this.errors = more.errors;
    this.headers = more.headers ?? {};
    this.extra = more.extra ?? {};
  }

  /** The body that goes over the wire. */
  get body(): object {
    return {
      message: this.message,
      code: this.code,
      ...(this.errors ? { errors: this.errors } : {}),
      ...this.extra,
    };
  }
}

/** The refusals that more than one route has. */
export const refusals = {
  unauthorized: () => new DiscordError(401, 0, '401: Unauthorized'),
  notFound: () => new DiscordError(404, 0, '404: Not Found'),
  methodNotAllowed: () => new DiscordError(405, 0, '405: Method Not Allowed'),
  unknownChannel: () => new DiscordError(404, 10_003, 'Unknown Channel'),
  unknownGuild: () => new DiscordError(404, 10_004, 'Unknown Guild'),
  unknownMember: () => new DiscordError(404, 10_007, 'Unknown Member'),
  unknownMessage: () => new DiscordError(404, 10_008, 'Unknown Message'),
  unknownUser: () => new DiscordError(404, 10_013, 'Unknown User'),
  unknownWebhook: () => new DiscordError(404, 10_015, 'Unknown Webhook'),
  unknownInteraction: () => new DiscordError(404, 10_062, 'Unknown interaction'),
  unknownCommand: () => new DiscordError(404, 10_063, 'Unknown application command'),
  missingAccess: () => new DiscordError(403, 50_001, 'Missing Access'),
  notYourMessage: () => new DiscordError(403, 50_005, 'Cannot edit a message authored by another user'),
  emptyMessage: () => new DiscordError(400, 50_006, 'Cannot send an empty message'),
  cannotDm: () => new DiscordError(403, 50_007, 'Cannot send messages to this user'),
  notText: () => new DiscordError(400, 50_008, 'Cannot send messages in a non-text channel'),
  missingPermissions: () => new DiscordError(403, 50_013, 'Missing Permissions'),
  invalidWebhookToken: () => new DiscordError(401, 50_027, 'Invalid Webhook Token'),
  threadArchived: () => new DiscordError(400, 50_083, 'Thread is archived'),
  lockedAndArchived: () => new DiscordError(403, 50_083, 'Thread is archived'),
  threadLocked: () => new DiscordError(403, 160_005, 'Thread is locked'),
  cannotReply: () =>
    new DiscordError(403, 160_002, 'Cannot reply without permission to read message history'),
  threadExists: () => new DiscordError(400, 160_004, 'A thread has already been created for this message'),
  followUpLimit: () =>
    new DiscordError(400, 40_094, 'This interaction has hit the maximum number of follow up messages'),
  alreadyAcknowledged: () => new DiscordError(400, 40_060, 'Interaction has already been acknowledged.'),
} as const;

export interface FieldError {
  readonly path: readonly (string | number)[];
  readonly code: string;
  readonly message: string;
}

/** 50035: which fields of the body are wrong, nested as the body is. */
export function invalidForm(errors: readonly FieldError[]): DiscordError {
  const root: Record<string, unknown> = {};
  for (const { path, code, message } of errors) {
    let node = root;
    for (const key of path) {
      const inner = (node[key] ?? {}) as Record<string, unknown>;
      node[key] = inner;
      node = inner;
    }
    const list = (node._errors ?? []) as object[];
    node._errors = [...list, { code, message }];
  }
  return new DiscordError(400, 50_035, 'Invalid Form Body', { errors: root });
}

/** Parses a body. @throws DiscordError 50035 naming every wrong field. */
export function parseForm<T>(schema: z.ZodType<T>, body: unknown): T {
  const parsed = schema.safeParse(body ?? {});
  if (parsed.success) return parsed.data;
  throw invalidForm(parsed.error.issues.map(fieldError));
}

function fieldError(issue: z.core.$ZodIssue): FieldError {
  const path = issue.path.map((key) => (typeof key === 'number' ? key : String(key)));
  if (issue.code === 'too_big')
    return { path, code: 'BASE_TYPE_MAX_LENGTH', message: `Must be ${issue.maximum} or fewer in length.` };
  if (issue.code === 'too_small')
    return issue.minimum === 1
      ? { path, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' }
      : { path, code: 'BASE_TYPE_MIN_LENGTH', message: `Must be ${issue.minimum} or more in length.` };
  if (issue.code === 'invalid_format')
    return { path, code: 'STRING_TYPE_REGEX', message: 'String value did not match validation regex.' };
  if (issue.code === 'invalid_type' && issue.input === undefined)
    return { path, code: 'BASE_TYPE_REQUIRED', message: 'This field is required' };
  if (issue.code === 'custom' && typeof issue.params?.code === 'string')
    return { path, code: issue.params.code, message: issue.message };
  return { path, code: 'BASE_TYPE_BAD_TYPE', message: issue.message };
}
