// Makes models/answers from lab/data/rapport-answers: the texts, and for each message its vector by models/meaning (`npm run build` first).
// `--measure` prints how well a message finds the others of its entry, by threshold.
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const threshold = 0.75;
// Numbers of a unit vector of 384 are about 0.05; beyond 127 / 400 they are cut.
const scale = 400;
const { Reader } = await import(join(root, 'dist/inference/reader/reader.js'));
const { MeaningReader } = await import(join(root, 'dist/inference/reader/meaning-reader.js'));

const data = join(root, 'lab/data/rapport-answers');
const entries = readdirSync(data)
  .filter((name) => name.endsWith('.txt'))
  .sort()
  .flatMap((name) => readFileSync(join(data, name), 'utf8').split(/\n\s*\n/))
  .map((entry) => {
    const lines = (mark) =>
      entry
        .split('\n')
        .filter((line) => line.startsWith(`${mark} `))
        .map((line) => line.slice(2).trim());
    const ask = /^# ask: (\S+)$/m.exec(entry)?.[1];
    return { messages: lines('>'), replies: lines('<'), ...(ask && { ask }) };
  })
  .filter(({ messages, replies, ask }) => messages.length > 0 && (replies.length > 0 || ask));
const meaningFolder = join(root, 'models/meaning');
const { version: meaning, dimension } = JSON.parse(readFileSync(join(meaningFolder, 'model.json'), 'utf8'));
const reader = new Reader({ reader: join(root, 'models/reader'), heads: { meaning: meaningFolder } });
const messages = entries.flatMap(({ messages }, entry) => messages.map((text) => ({ text, entry })));
const vectors = await new MeaningReader(reader).vectors(
  messages.map(({ text }) => text),
  'query',
);
await reader.close();

const mean = new Float32Array(dimension);
for (const vector of vectors) for (let i = 0; i < dimension; i += 1) mean[i] += vector[i] / vectors.length;
const centred = vectors.map((vector) => {
  const own = vector.map((value, i) => value - mean[i]);
  const size = Math.hypot(...own);
  return own.map((value) => value / size);
});

if (process.argv.includes('--measure')) measure();
else write();

/** Each message against all the others: the nearest, and whether it is of the same entry. */
function measure() {
  const found = centred.map((vector, place) => {
    let best = { likeness: -1, right: false, place: 0 };
    for (const [other, candidate] of centred.entries()) {
      if (other === place) continue;
      let likeness = 0;
      for (let i = 0; i < dimension; i += 1) likeness += vector[i] * candidate[i];
      if (likeness > best.likeness)
        best = { likeness, right: messages[other].entry === messages[place].entry, place: other };
    }
    return best;
  });
  for (let from = 0.4; from < 0.95; from += 0.05) {
    const taken = found.filter(({ likeness }) => likeness >= from);
    const right = taken.filter((one) => one.right).length;
    console.log(
      from.toFixed(2),
      'found',
      (taken.length / found.length).toFixed(3),
      'right',
      (right / Math.max(1, taken.length)).toFixed(3),
    );
  }
  for (const [place, { likeness, right, place: other }] of found.entries())
    if (!right && likeness > threshold && place % 7 === 0)
      console.log(
        likeness.toFixed(2),
        JSON.stringify(messages[place].text),
        JSON.stringify(messages[other].text),
      );
}

function write() {
  const out = join(root, 'models/answers');
  mkdirSync(out, { recursive: true });
  const bytes = Buffer.alloc(dimension * 4 + centred.length * dimension);
  for (const [i, value] of mean.entries()) bytes.writeFloatLE(value, i * 4);
  for (const [row, vector] of centred.entries())
    for (const [i, value] of vector.entries()) {
      const rounded = Math.max(-127, Math.min(127, Math.round(value * scale)));
      bytes.writeInt8(rounded, (4 + row) * dimension + i);
    }
  const texts = `${JSON.stringify(entries)}\n`;
  writeFileSync(join(out, 'vectors.bin'), bytes);
  writeFileSync(join(out, 'answers.json'), texts);
  const sha256 = (value) => createHash('sha256').update(value).digest('hex');
  const manifest = {
    name: 'answers',
    version: '0.1.0',
    licence: 'CC-BY-4.0',
    meaning,
    dimension,
    messages: messages.length,
    scale,
    threshold,
    sha256: { 'answers.json': sha256(texts), 'vectors.bin': sha256(bytes) },
  };
  writeFileSync(join(out, 'model.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  console.log(entries.length, 'entries', messages.length, 'messages');
}
