// After Trunk: moves the inline module script of index.html into a file of its own, because the content security policy
// allows no inline script.
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const staging = process.env.TRUNK_STAGING_DIR;
const page = join(staging, "index.html");
const html = readFileSync(page, "utf8");
const inline = /<script type="module"([^>]*)>([\s\S]+?)<\/script>/;
const found = html.match(inline);
if (!found) {
  console.error("external-boot: index.html holds no inline module script; has Trunk changed?");
  process.exit(1);
}
const script = found[2].trim() + "\n";
const name = `boot-${createHash("sha256").update(script).digest("hex").slice(0, 16)}.js`;
writeFileSync(join(staging, name), script);
writeFileSync(page, html.replace(inline, `<script type="module" src="/${name}"></script>`));
