import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../config/root.js';

/** A prompt of our own in a file: the first line says its version, `{{name}}` are places. */
export interface Prompt {
  readonly version: string;
  /** Braces in what is put in are only text. @throws Error for a place without a value: a fault of the stage */
  fill(values?: Readonly<Record<string, string>>): string;
}

/** Reads `lab/pipelines/<system>/prompts/<name>.md`. */
export function loadPrompt(system: string, name: string): Prompt {
  const text = readFileSync(join(packageRoot, 'lab/pipelines', system, 'prompts', `${name}.md`), 'utf8');
  const [head = '', ...rest] = text.split('\n');
  const version = /^version: (\d+)$/.exec(head)?.[1];
  if (version === undefined) throw new Error(`${system}/${name}.md does not begin with its version`);
  const body = rest.join('\n').trim();
  return {
    version: `${name}@${version}`,
    fill: (values = {}) =>
      body.replace(/\{\{(\w+)\}\}/g, (_, key: string) => {
        const value = values[key];
        if (value === undefined) throw new Error(`${system}/${name}.md: no value for ${key}`);
        return value;
      }),
  };
}
