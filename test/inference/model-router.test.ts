import { describe, expect, it } from 'vitest';
import { loadConfig } from '../../app/settings.js';
import type { Config } from '../../config/schema.js';
import { createModelRouter, type ServedModel } from '../../inference/model-router.js';
import { tokenEstimate } from '../../src/prompting/token-estimate.js';

const { model } = loadConfig({}, '/nowhere').config;
const encoder = { encode: (text: string) => [...text].map(() => 1) };
const server: ServedModel = { tokens: tokenEstimate, stream: () => (async function* () {})(), encoder };

function routerWith(change: Partial<Config['model']>) {
  return createModelRouter({
    config: { ...model, ...change },
    remote: () => server,
    embedded: () => {
      throw new Error('a server is there');
    },
  });
}
const anybody = { id: 'maren-voss', tags: [] };

describe('the routing table', () => {
  it('sends the variant of the route, and that of the default where the format is its', () => {
    const { routeFor } = routerWith({
      default: { ...model.default, format: 'chat', variant: 'system-in-user' },
      routes: [
        {
          match: { characters: ['ilka'] },
          endpoint: 'default',
          format: 'personagpt',
          variant: 'act-form-a',
          characterModel: false,
          sampling: {},
          controlTags: false,
        },
        {
          match: { characters: ['rin'] },
          endpoint: 'default',
          format: 'characterchat',
          characterModel: false,
          sampling: {},
          controlTags: false,
        },
      ],
    });
    expect(routeFor(anybody)).toMatchObject({ format: 'chat', variant: 'system-in-user' });
    expect(routeFor({ id: 'ilka', tags: [] })).toMatchObject({ format: 'personagpt', variant: 'act-form-a' });
    expect(routeFor({ id: 'rin', tags: [] }).variant).toBeUndefined();
  });

  it('hands the tokenizer of an endpoint on', () => {
    expect(routerWith({}).routeFor(anybody).encoder).toBe(encoder);
  });
});
