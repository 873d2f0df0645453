// Ids of the exported tokenizer.json in the npm package `@huggingface/tokenizers`.
// usage: node tokenizer_ids.mjs INSTALL_DIR TOKENIZER_DIR IN.json OUT.json
// IN.json is an array of texts; OUT.json becomes an array of id arrays.
import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";

const [installDir, tokenizerDir, inFile, outFile] = process.argv.slice(2);
if (!installDir || !tokenizerDir || !inFile || !outFile) {
  console.error("usage: node tokenizer_ids.mjs INSTALL_DIR TOKENIZER_DIR IN.json OUT.json");
  process.exit(2);
}

const require = createRequire(resolve(installDir, "package.json"));
const { Tokenizer } = require("@huggingface/tokenizers");
const readJson = async (name) => JSON.parse(await readFile(name, "utf8"));
const tokenizer = new Tokenizer(
  await readJson(join(tokenizerDir, "tokenizer.json")),
  await readJson(join(tokenizerDir, "tokenizer_config.json")),
);
const texts = await readJson(inFile);
await writeFile(outFile, JSON.stringify(texts.map((text) => tokenizer.encode(text).ids)));
