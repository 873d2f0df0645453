import type { ModelRequest } from './chat-model.js';
import type { PromptInput } from './prompt-input.js';

/** What was decided before a reply and may be told to its model, by the stage that decided it. */
export const promptParts = ['memory', 'strategy', 'goal', 'style'] as const;
export type PromptPart = (typeof promptParts)[number];

const without: Readonly<Record<PromptPart, (input: PromptInput) => PromptInput>> = {
  memory: (input) => ({
    ...input,
    memories: [],
    seeker: { ...input.seeker, facts: [], ...(input.seeker.fitting && { fitting: [] }) },
  }),
  strategy: ({ strategy: _, ...input }) => input,
  goal: ({ goal: _, ...input }) => input,
  style: ({ attributes: _, ...input }) => input,
};

/**
 * What of it stands in a request: formats leave out what their checkpoints do not know, and little room leaves out more. A part
 * whose absence changes nothing was not sent.
 * @param input what the request was built of.
 */
export function sentParts(input: PromptInput, build: (input: PromptInput) => ModelRequest): PromptPart[] {
  const whole = JSON.stringify(build(input));
  return promptParts.filter((part) => JSON.stringify(build(without[part](input))) !== whole);
}
