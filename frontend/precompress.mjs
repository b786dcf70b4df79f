// Writes a .br and a .gz beside every text file of a folder, so that the server never compresses the screen itself.
import { readdirSync, statSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

const COMPRESSED = new Set([".css", ".html", ".js", ".json", ".mjs", ".svg", ".wasm"]);
const folder = process.argv[2] ?? "dist";

async function compress(entry) {
  const path = join(folder, entry);
  const bytes = await readFile(path);
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  // Off the main thread: as many files at once as node has threads for it.
  const [brotli, gzipped] = await Promise.all([promisify(brotliCompress)(bytes, { params }), promisify(gzip)(bytes, { level: 9 })]);
  await Promise.all([writeFile(`${path}.br`, brotli), writeFile(`${path}.gz`, gzipped)]);
  console.log(`${entry}: ${bytes.length} bytes, brotli ${brotli.length}`);
}

const entries = readdirSync(folder, { recursive: true });
await Promise.all(entries.filter((entry) => COMPRESSED.has(extname(entry)) && statSync(join(folder, entry)).isFile()).map(compress));
