import { describe, expect, it } from 'vitest';
import { promptFromSession } from '../../src/prompting/session-prompt.js';
import { tokenEstimate } from '../../src/prompting/token-estimate.js';

const file = {
  character: {
    id: 'ada',
    name: 'Ada',
    supporterStatement: 'You are Ada. You bake. You have three cats. You never hurry.',
  },
  turns: [{ speaker: 'seeker', text: 'Do you own a boat?' }],
  memory: { aspect: 'hobby', text: 'You like bread. You keep an old boat in Leith. You sing.' },
};
const routeFor = () => ({
  id: 'embedded',
  model: { tokens: tokenEstimate },
  modelName: 'mini',
  format: 'characterchat' as const,
  sampling: {},
  contextTokens: 512,
  controlTags: true,
  demo: true,
});
const options = { lookup: () => undefined, routeFor };

describe('the demonstration model', () => {
  it('gets the first sentences of the statement and the fitting one of the memory', async () => {
    const { request } = await promptFromSession(file, options);
    expect(request.body).toMatchObject({
      prompt:
        '<SYSTEM>You are Ada. You bake.<SEEKER>Do you own a boat?<SUPPORTER>[INFO-You keep an old boat in Leith.]',
    });
  });

  it('does not shorten what a named format prints', async () => {
    const { request } = await promptFromSession({ ...file, format: 'characterchat' }, options);
    expect(JSON.stringify(request.body)).toContain('You have three cats. You never hurry.');
    expect(JSON.stringify(request.body)).toContain(
      '[INFO-You like bread. You keep an old boat in Leith. You sing.]',
    );
  });
});
