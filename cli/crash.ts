import { RapportError } from '../config/errors.js';

/** What is written about a crash. It holds no message: that may be made of what a person wrote, or of a key. */
export interface CrashReport {
  readonly origin: 'uncaughtException' | 'unhandledRejection';
  /** Class of what was thrown, outermost first, then of its causes. */
  readonly errors: readonly {
    readonly name: string;
    readonly code?: string;
    /** Where it came from: the frames of its stack. */
    readonly frames: readonly string[];
  }[];
}

/** The causes looked at. */
const maxCauses = 5;

export function crashReport(thrown: unknown, origin: CrashReport['origin']): CrashReport {
  const errors: CrashReport['errors'][number][] = [];
  let cause = thrown;
  do {
    errors.push(described(cause));
    cause = cause instanceof Error ? cause.cause : undefined;
  } while (cause !== undefined && errors.length < maxCauses);
  return { origin, errors };
}

/** From now on what nobody has caught is written to stderr as one line of the log, and ends the process with 1. */
export function reportCrashes(): void {
  const end = (report: CrashReport): void => {
    const line = {
      level: 60,
      time: new Date().toISOString(),
      ...report,
      msg: 'an error that nobody caught; the process ends (what waits is answered by the next one)',
    };
    process.stderr.write(`${JSON.stringify(line)}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', (error, origin) => end(crashReport(error, origin)));
  process.on('unhandledRejection', (reason) => end(crashReport(reason, 'unhandledRejection')));
}

function described(thrown: unknown): CrashReport['errors'][number] {
  if (!(thrown instanceof Error)) return { name: thrown === null ? 'null' : typeof thrown, frames: [] };
  const { name, message, stack = '' } = thrown;
  const code = thrown instanceof RapportError ? thrown.code : (thrown as NodeJS.ErrnoException).code;
  // The message stands before the frames, and may itself have lines that look like one.
  const after = stack.slice(message === '' ? 0 : stack.indexOf(message) + message.length);
  const frames = after
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith('at '));
  return { name, ...(typeof code === 'string' && { code }), frames };
}
