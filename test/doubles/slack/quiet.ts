import { type Logger, LogLevel } from '@slack/bolt';

/** A logger for Slack's libraries that says nothing: in tests of what goes wrong they have much to say. */
export const quiet: Logger = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
