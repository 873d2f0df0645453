import type { IncomingMessage } from 'node:http';
import type { UploadedFile } from './call.js';
import { DiscordError } from './errors.js';

export interface RequestBody {
  readonly json: unknown;
  readonly files: readonly UploadedFile[];
}

/** Reads JSON, or a multipart form with `payload_json` and files. @throws DiscordError 50109 for JSON that is none. */
export async function readBody(incoming: IncomingMessage): Promise<RequestBody> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  const bytes = Buffer.concat(parts);
  if (bytes.length === 0) return { json: undefined, files: [] };
  const type = incoming.headers['content-type'] ?? '';
  if (type.startsWith('multipart/form-data')) return readForm(bytes, type);
  return { json: parseJson(bytes.toString('utf8')), files: [] };
}

async function readForm(bytes: Buffer, contentType: string): Promise<RequestBody> {
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': contentType },
  }).formData();
  const files: UploadedFile[] = [];
  const fields: Record<string, unknown> = {};
  for (const [field, value] of form) {
    if (typeof value === 'string') fields[field] = field === 'payload_json' ? parseJson(value) : value;
    else
      files.push({
        field,
        name: value.name,
        contentType: value.type || 'application/octet-stream',
        bytes: new Uint8Array(await value.arrayBuffer()),
      });
  }
  const { payload_json: payload, ...rest } = fields;
  return { json: payload ?? rest, files };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new DiscordError(400, 50_109, 'The request body contains invalid JSON.');
  }
}
