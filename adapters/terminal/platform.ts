import { resolve } from 'node:path';
import type { Platform } from '../platform.js';
import { HistoryFile, terminalPerson } from './local-person.js';

/** Opened by `rapport chat`. */
export const terminal: Platform = {
  name: 'terminal',
  title: 'Terminal',
  configSchema: null,
  secrets: [],
  environment: [],
  locale: [],
  personData: {
    example: 'terminal:<user>@<host>',
    erase: (person, { data }) => {
      if (person === terminalPerson()) new HistoryFile(resolve(data.dir)).remove();
    },
  },
};
