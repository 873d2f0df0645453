import type { Platform } from '../../../../adapters/platform.js';

export const matrix: Platform = {
  name: 'matrix',
  title: 'Matrix',
  configSchema: null,
  secrets: ['MATRIX_URL', 'MATRIX_TOKEN'],
  environment: [],
  locale: [],
  create: async ({ services, secrets: { MATRIX_URL: url, MATRIX_TOKEN: token } }) => {
    if (url === undefined || token === undefined) return null;
    const { MatrixAdapter } = await import('./matrix-adapter.js');
    return new MatrixAdapter(services, { url, token });
  },
  personData: { example: 'matrix:@<user>:<server>' },
};
