// Writes a .br and a .gz beside every text file of a folder, so that the server never compresses the screen itself.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const COMPRESSED = new Set([".css", ".html", ".js", ".json", ".mjs", ".svg", ".wasm"]);
const folder = process.argv[2] ?? "dist";

for (const entry of readdirSync(folder, { recursive: true })) {
  const path = join(folder, entry);
  if (!COMPRESSED.has(extname(path)) || !statSync(path).isFile()) continue;
  const bytes = readFileSync(path);
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
  });
  writeFileSync(`${path}.br`, brotli);
  writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
  console.log(`${entry}: ${bytes.length} bytes, brotli ${brotli.length}`);
}
