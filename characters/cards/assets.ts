import { type CardAsset, cardFields } from './fields.js';
import type { ImportedCharacter } from './import.js';
import { cardLimits } from './limits.js';
import { isPng } from './png.js';

type Fields = Readonly<Record<string, unknown>>;
type Kept = Pick<ImportedCharacter, 'picture' | 'files' | 'card'>;

const main = 'assets/icon/images/main.png';
const types: Readonly<Record<string, string>> = {
  png: 'image/png',
  apng: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
};

/** The path of a file beside a card that an address names (`embeded://`, as the specification spells it, or `__asset:`). */
export function pathOf(uri: string): string | null {
  return /^(?:embed{1,2}ed:\/\/|__asset:)(.+)$/s.exec(uri)?.[1] ?? null;
}

/** The icon of a card, where it is a PNG: the picture it came in, or the main icon beside it. */
export function pictureOf(kept: Kept, data: Fields): Buffer | null {
  return kept.picture ?? [iconOf(kept, data)].find((icon) => icon && isPng(icon)) ?? null;
}

/** The main icon of a card; null where there is none beside it. */
export function iconOf({ files, picture }: Omit<Kept, 'card'>, data: Fields): Buffer | null {
  const icons = assetsOf(data).filter(({ type }) => type === 'icon');
  const icon = icons.find(({ name }) => name === 'main') ?? icons[0];
  if (!icon || icon.uri === 'ccdefault:') return picture;
  return bytesOf(icon.uri, files) ?? picture;
}

/**
 * The assets of a V3 card for a format, and the files that go with it. Files keep their path where every program can read it.
 * @returns no assets where the card has none to tell of.
 */
export function assetsFor(
  format: 'v3-json' | 'v3-png' | 'charx',
  kept: Kept,
  data: Fields,
  picture: Buffer,
): { readonly assets: readonly Fields[] | null; readonly files: ReadonlyMap<string, Buffer> } {
  const names = new Map([...kept.files.keys()].map((path, index) => [path, plainPath(path, index)]));
  const files = new Map([...kept.files].map(([path, file]) => [names.get(path) ?? path, file]));
  const given = Array.isArray(data.assets) ? (data.assets as Fields[]) : [];
  const assets = given.map((asset): Fields => {
    const path = typeof asset?.uri === 'string' ? pathOf(asset.uri) : null;
    const file = path === null ? undefined : kept.files.get(path);
    if (path === null || !file) return asset;
    const name = names.get(path) ?? path;
    if (format === 'charx') return { ...asset, uri: `embeded://${name}` };
    if (format === 'v3-png') return { ...asset, uri: `__asset:${name}` };
    const type = types[String(asset.ext).toLowerCase()] ?? 'application/octet-stream';
    return { ...asset, uri: `data:${type};base64,${file.toString('base64')}` };
  });
  if (format === 'v3-json') return { assets: given.length > 0 ? assets : null, files };
  if (format === 'v3-png') return { assets: given.length > 0 ? assets : null, files };
  // A zip has no picture around it.
  const index = assets.findIndex(({ type, uri }) => type === 'icon' && uri === 'ccdefault:');
  const icon = { type: 'icon', uri: `embeded://${main}`, name: 'main', ext: 'png' };
  if (index >= 0) assets[index] = { ...assets[index], ...icon };
  else if (assets.some(({ type }) => type === 'icon')) return { assets, files };
  else assets.unshift(icon);
  return { assets, files: new Map([...files, [main, picture]]) };
}

function assetsOf(data: Fields): readonly CardAsset[] {
  return cardFields({ name: 'x', assets: data.assets }, () => undefined).assets;
}

function bytesOf(uri: string, files: ReadonlyMap<string, Buffer>): Buffer | null {
  const path = pathOf(uri);
  if (path !== null) return files.get(path) ?? null;
  const [, text] = /^data:[\w/+.-]{1,60};base64,(.*)$/s.exec(uri) ?? [];
  return text === undefined || text.length > cardLimits.assetBytes * 1.4 ? null : Buffer.from(text, 'base64');
}

/** A path that names nothing outside, in letters that every format holds. */
function plainPath(path: string, index: number): string {
  const plain = /^(?!.*(?:^|\/)\.{1,2}(?:\/|$))[\w][\w ./-]{0,110}$/.test(path) && !path.includes('//');
  if (plain && path !== 'card.json' && !path.endsWith('/')) return path;
  const [, ext = 'bin'] = /\.([a-z0-9]{1,8})$/i.exec(path) ?? [];
  return `assets/other/other/${index + 1}.${ext.toLowerCase()}`;
}
