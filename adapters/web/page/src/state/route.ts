/** The page's screens, as written behind the `#` of its address. */
export type Route =
  | { readonly screen: 'start' }
  | { readonly screen: 'match' }
  | { readonly screen: 'chat'; readonly id: string }
  | { readonly screen: 'characters' }
  | { readonly screen: 'character'; readonly id: string }
  | { readonly screen: 'conversations' }
  | { readonly screen: 'data' }
  | { readonly screen: 'safety' }
  | { readonly screen: 'unknown' };

/** Reads `location.hash`. */
export function parseRoute(hash: string): Route {
  const [screen = '', id = '', ...rest] = hash.replace(/^#?\/?/, '').split('/');
  if (rest.length > 0) return { screen: 'unknown' };
  if (id !== '') {
    const name = decode(id);
    if (screen === 'chat') return { screen: 'chat', id: name };
    if (screen === 'characters') return { screen: 'character', id: name };
    return { screen: 'unknown' };
  }
  if (screen === '') return { screen: 'start' };
  if (
    screen === 'match' ||
    screen === 'characters' ||
    screen === 'conversations' ||
    screen === 'data' ||
    screen === 'safety'
  )
    return { screen };
  return { screen: 'unknown' };
}

/** The address of a screen, to be used as `href`. */
export const hrefs = {
  start: '#/',
  match: '#/match',
  characters: '#/characters',
  conversations: '#/conversations',
  data: '#/data',
  safety: '#/safety',
  chat: (id: string) => `#/chat/${encodeURIComponent(id)}`,
  character: (id: string) => `#/characters/${encodeURIComponent(id)}`,
} as const;

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch (error) {
    if (error instanceof URIError) return part;
    throw error;
  }
}
