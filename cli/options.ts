import { InvalidArgumentError } from 'commander';

/** A whole number from 1. @throws InvalidArgumentError */
export function positiveInteger(value: string): number {
  const number = Number(value);
  if (!/^\d+$/.test(value) || number < 1 || !Number.isSafeInteger(number))
    throw new InvalidArgumentError('A whole number from 1 is wanted.');
  return number;
}

/** The example shown below a command's help. */
export function example(...lines: readonly string[]): string {
  return `\nExample${lines.length > 1 ? 's' : ''}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
}
