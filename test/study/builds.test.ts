/** Other builds: folders and tarballs, which are unpacked safely, and gone when the study has ended. */
import { execFileSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { BuildFolders, hashOfBuild } from "../../apps/study/builds.js";

let folder: string;
let builds: BuildFolders;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "xen-balloon-builds-test-"));
  // what is unpacked is found here, too
  mkdirSync(join(folder, "tmp"));
  vi.stubEnv("TMPDIR", join(folder, "tmp"));
  builds = new BuildFolders();
});
afterEach(() => {
  builds.remove();
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const FILES = ["dist/cli/exact-thread.js", "dist/cli/timed-process.js", "build/balloon.wasm"];

/** Makes a build of small files. */
function buildAt(name: string): string {
  const root = join(folder, name);
  for (const part of ["dist/cli", "build"]) mkdirSync(join(root, part), { recursive: true });
  for (const file of FILES) writeFileSync(join(root, file), `content of ${file}`);
  return root;
}

function packed(name: string, ...more: readonly string[]): string {
  const file = join(folder, `${name}.tgz`);
  execFileSync("tar", ["-czf", file, ...more, name], { cwd: folder });
  return file;
}

/** An archive of one entry, whose name no tar would write. */
function archiveOf(name: string, type = "0", linked = ""): string {
  const header = Buffer.alloc(512);
  header.write(name, 0);
  header.write("0000644\0", 100);
  header.write(type === "0" ? "00000000004\0" : "00000000000\0", 124);
  header.write("00000000000\0", 136);
  header.write("        ", 148);
  header.write(type, 156);
  header.write(linked, 157);
  header.write("ustar\0" + "00", 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148);
  const content = Buffer.alloc(type === "0" ? 512 : 0);
  content.write("evil");
  const file = join(folder, "other.tgz");
  writeFileSync(file, gzipSync(Buffer.concat([header, content, Buffer.alloc(1024)])));
  return file;
}

const left = (): string[] => readdirSync(join(folder, "tmp"));

describe("a tarball of a build", () => {
  test("is the build that was packed, and is gone after its removal", () => {
    const root = buildAt("package");
    const unpacked = builds.of(packed("package"));
    expect(unpacked).not.toBe(root);
    expect(readFileSync(join(unpacked, FILES[0]), "utf8")).toBe(`content of ${FILES[0]}`);
    expect(hashOfBuild(unpacked)).toBe(hashOfBuild(root));
    expect(builds.of(join(folder, "package.tgz"))).toBe(unpacked);
    expect(builds.of(root)).toBe(root);
    expect(left()).toHaveLength(1);
    builds.remove();
    expect(left()).toEqual([]);
    expect(existsSync(root)).toBe(true);
  });

  test.each(FILES)("has another hash with one byte of %s changed", (file) => {
    const root = buildAt("package");
    const before = hashOfBuild(builds.of(packed("package")));
    writeFileSync(join(root, file), `Content of ${file}`);
    builds.remove();
    expect(hashOfBuild(builds.of(packed("package")))).not.toBe(before);
  });

  test.each(["../outside.js", "package/../../outside.js", "/outside.js"])(
    "with the entry %s is refused; nothing is written",
    (name) => {
      const file = archiveOf(name);
      expect(() => builds.of(file)).toThrow(`${file}: expected files of one folder, got the entry ${name}`);
      expect(left()).toEqual([]);
      expect(existsSync(join(folder, "outside.js"))).toBe(false);
    },
  );

  test("with a link is refused", () => {
    symlinkSync("/etc", join(buildAt("package"), "dist", "etc"));
    expect(() => builds.of(packed("package"))).toThrow(/package\.tgz: expected files and folders, got the link etc/);
    expect(() => builds.of(archiveOf("package", "2", "/"))).toThrow(/got the link package/);
    expect(left()).toEqual([]);
  });

  test("that is none, or is cut off, is refused", () => {
    const none = join(folder, "none.tgz");
    expect(() => builds.of(none)).toThrow(`${none}: no such folder or tarball`);
    writeFileSync(none, "no tarball ".repeat(100));
    expect(() => builds.of(none)).toThrow(/none\.tgz: expected a tarball: /);
    buildAt("package");
    const whole = readFileSync(packed("package"));
    writeFileSync(none, whole.subarray(0, whole.length - 20));
    expect(() => builds.of(none)).toThrow(/none\.tgz: expected a tarball: unexpected end of file/);
    expect(left()).toEqual([]);
  });

  test("of something else holds no build", () => {
    mkdirSync(join(folder, "package"));
    writeFileSync(join(folder, "package", "package.json"), "{}");
    const other = builds.of(packed("package"));
    expect(() => hashOfBuild(other)).toThrow(
      "expected a build of xen-balloon, a folder or a tarball (.tgz), got one without dist/cli/exact-thread.js",
    );
  });

  test("needs the system's tar, which is told where there is none", () => {
    buildAt("package");
    const file = packed("package");
    vi.stubEnv("PATH", folder);
    expect(() => builds.of(file)).toThrow(`${file}: expected tar on the path, which unpacks it, got none`);
  });
});
