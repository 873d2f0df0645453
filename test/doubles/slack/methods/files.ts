import { ApiError } from '../api-error.js';
import type { Json, StoredFile } from '../cloud.js';
import { type Call, type Method, threadOf, writable } from '../method.js';
import { postByApp } from './chat.js';

function fileView(call: Call, file: StoredFile): Json {
  return fileJson(call.cloud.origin, file);
}

/** A file as messages and events show it. */
export function fileJson(origin: string, file: StoredFile): Json {
  return {
    id: file.id,
    name: file.name,
    title: file.name,
    mimetype: file.mimetype,
    size: file.bytes.length,
    url_private: `${origin}/files-pri/${file.id}/${encodeURIComponent(file.name)}`,
    url_private_download: `${origin}/files-pri/${file.id}/download/${encodeURIComponent(file.name)}`,
  };
}

export const fileMethods: Record<string, Method> = {
  'files.getUploadURLExternal': {
    tier: 4,
    scopes: ['files:write'],
    run: (call) => {
      const name = call.args.need('filename');
      if (call.args.number('length', 0) <= 0) throw new ApiError('invalid_arguments');
      const id = call.cloud.id('F');
      const mimetype = name.endsWith('.json') ? 'application/json' : 'application/octet-stream';
      const empty = Buffer.alloc(0);
      call.team.files.set(id, { id, name, mimetype, team: call.team, bytes: empty, completed: false });
      return { upload_url: `${call.cloud.origin}/upload/${call.team.id}/${id}`, file_id: id };
    },
  },
  'files.completeUploadExternal': {
    tier: 4,
    scopes: ['files:write'],
    run: (call) => {
      const wanted = call.args.objects('files', 'invalid_arguments') ?? [];
      const files = wanted.map((given) => {
        const file = call.team.files.get(String(given.id));
        if (!file || file.bytes.length === 0) throw new ApiError('file_not_found');
        file.completed = true;
        return file;
      });
      if (files.length === 0) throw new ApiError('invalid_arguments');
      if (call.args.text('channel_id') !== null) {
        const channel = writable(call, 'channel_id');
        postByApp(call, channel, {
          text: call.args.text('initial_comment') ?? '',
          threadTs: threadOf(call, channel),
          files: files.map((file) => fileView(call, file)),
        });
      }
      return { files: files.map((file) => fileView(call, file)) };
    },
  },
  'files.info': {
    tier: 4,
    scopes: ['files:read'],
    run: (call) => {
      const file = call.team.files.get(call.args.need('file', 'file_not_found'));
      if (!file) throw new ApiError('file_not_found');
      return { file: fileView(call, file) };
    },
  },
};
