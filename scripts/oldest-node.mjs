// Checks for the oldest Node that package.json names. A build in an older Node ends here with one line.
import { readFileSync } from "node:fs";

const { engines } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
export const [oldestNode] = engines.node.match(/\d+\.\d+\.\d+/);

const [major, minor] = process.versions.node.split(".").map(Number);
const [needsMajor, needsMinor] = oldestNode.split(".").map(Number);
if (major < needsMajor || (major === needsMajor && minor < needsMinor)) {
  process.stderr.write(`xen-balloon needs Node ${oldestNode} or newer, got Node ${process.versions.node}\n`);
  process.exit(2);
}
