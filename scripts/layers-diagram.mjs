// Writes docs/layers.svg from the imports as they are; with --check it writes nothing and fails where the picture is stale (a test asks).
// A box stands above all that it imports. Arrows that follow from others are left out.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

const root = join(import.meta.dirname, '..');
const picture = join(root, 'docs/layers.svg');
const core = 'src';
const notLayers = new Set(['test', 'scripts', 'docs', 'dist', 'data', 'coverage', 'node_modules']);

function sourcesOf(folder) {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name) && !name.includes('node_modules'))
    .map((name) => join(folder, name));
}

/** What the files of a folder import, as paths from the root. */
function importsOf(folder) {
  return sourcesOf(folder).flatMap((file) =>
    [...readFileSync(join(root, file), 'utf8').matchAll(/(?:from|import)\s*\(?\s*'(\.[^']*)'/g)].map(
      ([, target]) => relative(root, join(root, dirname(file), target)),
    ),
  );
}

/** Who needs whom, of folders that stand side by side; `nameOf` names the one a path lies in. */
function graphOf(names, folderOf, nameOf) {
  return new Map(
    names.map((name) => [
      name,
      new Set(
        importsOf(folderOf(name))
          .map(nameOf)
          .filter((target) => target !== name && names.includes(target)),
      ),
    ]),
  );
}

/** Rows from the lowest up: everybody in the lowest row that is above all that they need. */
function rowsOf(graph) {
  const rows = [];
  const placed = new Set();
  while (placed.size < graph.size) {
    const row = [...graph.keys()].filter(
      (name) => !placed.has(name) && [...graph.get(name)].every((needed) => placed.has(needed)),
    );
    if (row.length === 0)
      throw new Error(`imports run in a circle: ${[...graph.keys()].filter((name) => !placed.has(name))}`);
    for (const name of row) placed.add(name);
    rows.push(row.sort());
  }
  return rows;
}

/** The arrows that do not follow from others. */
function plainest(graph) {
  const reach = (name) => new Set([...graph.get(name)].flatMap((needed) => [needed, ...reach(needed)]));
  return [...graph].flatMap(([name, needed]) =>
    [...needed]
      .filter((target) => ![...needed].some((other) => other !== target && reach(other).has(target)))
      .map((target) => [name, target]),
  );
}

const layers = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !notLayers.has(entry.name))
  .map(({ name }) => name)
  .filter((name) => sourcesOf(name).length > 0);
const layerGraph = graphOf(
  layers,
  (name) => name,
  (path) => path.split('/')[0],
);
const ideas = readdirSync(join(root, core), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);
const ideaGraph = graphOf(
  ideas,
  (name) => join(core, name),
  (path) => (path.startsWith(`${core}/`) ? path.split('/')[1] : ''),
);

// Sizes in pixels.
const width = 940;
const side = 20;
const gap = 34;
const boxHeight = 56;
const chip = { height: 28, gap: 10, row: 38 };

function escaped(text) {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** The folders right below a layer that hold code, as its second line. */
function partsOf(layer) {
  const parts = readdirSync(join(root, layer), { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && sourcesOf(join(layer, entry.name)).length > 0)
    .map(({ name }) => name);
  return parts.join(' · ');
}

function box({ x, y, w, h, name, parts }) {
  const middle = x + w / 2;
  return [
    `<rect class="layer" x="${x}" y="${y}" width="${w}" height="${h}" rx="8"/>`,
    `<text class="name" x="${middle}" y="${y + (parts ? 24 : 33)}">${escaped(name)}/</text>`,
    ...(parts ? [`<text class="parts" x="${middle}" y="${y + 43}">${escaped(parts)}</text>`] : []),
  ];
}

/** The core: its folders in rows, each above all that it needs. */
function coreBox({ x, y, w, h }) {
  const rows = rowsOf(ideaGraph).reverse();
  const drawn = rows.flatMap((row, index) => {
    const widths = row.map((name) => 26 + 8 * name.length);
    const total = widths.reduce((sum, one) => sum + one, 0) + chip.gap * (row.length - 1);
    let left = x + (w - total) / 2;
    const top = y + 40 + index * chip.row;
    return row.flatMap((name, place) => {
      const at = left;
      left += widths[place] + chip.gap;
      return [
        `<rect class="idea" x="${at}" y="${top}" width="${widths[place]}" height="${chip.height}" rx="14"/>`,
        `<text class="idea-name" x="${at + widths[place] / 2}" y="${top + 19}">${escaped(name)}</text>`,
      ];
    });
  });
  return [
    `<rect class="core" x="${x}" y="${y}" width="${w}" height="${h}" rx="8"/>`,
    `<text class="name" x="${x + w / 2}" y="${y + 26}">${core}/ — the core</text>`,
    ...drawn,
  ];
}

/** The boxes of a row, as wide as what stands in them needs; one from which an arrow skips a row takes the whole width. */
function widthsOf(row, skipping) {
  const inner = width - 2 * side;
  if (row.length === 1) return [row[0] === core || skipping.has(row[0]) ? inner : 200];
  const needs = row.map((name) => 4 + Math.max(name.length, 12, partsOf(name).length));
  const room = inner - side * (row.length - 1);
  const total = needs.reduce((sum, need) => sum + need, 0);
  return needs.map((need) => Math.round((room * need) / total));
}

function draw() {
  const rows = rowsOf(layerGraph).reverse();
  const heightOf = (name) => rows.findIndex((row) => row.includes(name));
  const arrows = plainest(layerGraph);
  const skipping = new Set(
    arrows.filter(([from, to]) => heightOf(to) - heightOf(from) > 1).map(([from]) => from),
  );
  const places = new Map();
  let y = side;
  for (const row of rows) {
    const h = row.includes(core) ? 48 + chip.row * rowsOf(ideaGraph).length : boxHeight;
    const widths = widthsOf(row, skipping);
    let x = Math.round((width - widths.reduce((sum, w) => sum + w, side * (row.length - 1))) / 2);
    for (const [index, name] of row.entries()) {
      places.set(name, { x, y, w: widths[index], h, name, parts: partsOf(name) });
      x += widths[index] + side;
    }
    y += h + gap;
  }
  const lines = arrows.map(([from, to]) => {
    const [above, below] = [places.get(from), places.get(to)];
    const within = (at, { x, w }) => Math.min(Math.max(at, x + 24), x + w - 24);
    // An arrow goes straight down where it can, from the middle of the narrower box.
    const middle = above.w < below.w ? above.x + above.w / 2 : below.x + below.w / 2;
    return `<path class="arrow" d="M${within(middle, above)} ${above.y + above.h}L${within(middle, below)} ${below.y - 3}"/>`;
  });
  const boxes = layers.flatMap((name) => (name === core ? coreBox : box)(places.get(name)));
  const height = y - gap + side;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="The layers: each imports only what stands below it">
<!-- Written by scripts/layers-diagram.mjs from the imports. -->
<style>
text { font: 13px system-ui, sans-serif; text-anchor: middle; fill: #22332d; }
.name { font-weight: 600; font-size: 15px; }
.parts, .idea-name { fill: #46584f; }
.layer { fill: #f3efe6; stroke: #b9ae97; }
.core { fill: #e3efe8; stroke: #2d6a55; stroke-width: 1.5; }
.idea { fill: #fff; stroke: #9cbfb0; }
.arrow { stroke: #6b7a72; fill: none; marker-end: url(#head); }
</style>
<defs><marker id="head" markerWidth="8" markerHeight="8" refX="6" refY="4" orient="auto"><path d="M0 0L8 4L0 8z" fill="#6b7a72"/></marker></defs>
<rect width="${width}" height="${height}" fill="#fff"/>
${[...lines, ...boxes].join('\n')}
</svg>
`;
}

const drawn = draw();
if (!process.argv.includes('--check')) writeFileSync(picture, drawn);
else if (!existsSync(picture) || readFileSync(picture, 'utf8') !== drawn) {
  process.stderr.write('docs/layers.svg is stale: run `node scripts/layers-diagram.mjs`.\n');
  process.exit(1);
}
