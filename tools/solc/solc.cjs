#!/usr/bin/env node
// SPDX-License-Identifier: MIT
// The Solidity compiler of npm (WebAssembly) behind the two calls that Brownie, forge and slither make of a native
// one: `--version` and `--standard-json`. Used where no native compiler can be downloaded.
'use strict';

const fs = require('node:fs');
const path = require('node:path');

const root = process.env.SOLC_JS_ROOT || path.resolve(__dirname, '../..');
const moduleDir = path.join(root, 'node_modules', 'solc');

function parse(argv) {
  const found = { version: false, standardJson: false, bases: [], file: null };
  for (let i = 0; i < argv.length; i++) {
    const arg = argv[i];
    if (arg === '--version') found.version = true;
    else if (arg === '--standard-json') found.standardJson = true;
    else if (arg === '--base-path' || arg === '--include-path') found.bases.push(argv[++i]);
    else if (arg === '--allow-paths') i++;
    else if (arg === '-' || !arg.startsWith('-')) found.file = arg === '-' ? null : arg;
    else fail(`unsupported argument ${arg}`);
  }
  return found;
}

function fail(message) {
  process.stderr.write(`solc shim: ${message}\n`);
  process.exit(1);
}

/** The module's full version; loading 9 MB of wasm for it takes half a second, so it is kept in .cache. */
function fullVersion() {
  const { version } = JSON.parse(fs.readFileSync(path.join(moduleDir, 'package.json'), 'utf8'));
  const cache = path.join(root, '.cache', 'solcx', `.version-${version}`);
  try {
    return fs.readFileSync(cache, 'utf8');
  } catch {
    const full = require(moduleDir).version();
    try {
      fs.writeFileSync(`${cache}.${process.pid}`, full);
      fs.renameSync(`${cache}.${process.pid}`, cache);
    } catch {
      // A read-only tree: ask the module again next time.
    }
    return full;
  }
}

/** Writes all of it, also into a pipe whose reader is slow. */
function writeAll(text) {
  const bytes = Buffer.from(text);
  const pause = new Int32Array(new SharedArrayBuffer(4));
  for (let done = 0; done < bytes.length; ) {
    try {
      done += fs.writeSync(1, bytes, done);
    } catch (error) {
      if (error.code !== 'EAGAIN') throw error;
      Atomics.wait(pause, 0, 0, 1);
    }
  }
}

const options = parse(process.argv.slice(2));
if (options.version) {
  const version = fullVersion().replace('Emscripten.clang', 'Linux.g++');
  writeAll(`solc, the solidity compiler commandline interface\nVersion: ${version}\n`);
} else if (options.standardJson) {
  const bases = [...options.bases, process.cwd()];
  const readImport = (wanted) => {
    for (const candidate of path.isAbsolute(wanted) ? [wanted] : bases.map((base) => path.join(base, wanted))) {
      try {
        return { contents: fs.readFileSync(candidate, 'utf8') };
      } catch {
        // Not there: the next base.
      }
    }
    return { error: `File not found: ${wanted}` };
  };
  writeAll(require(moduleDir).compile(fs.readFileSync(options.file || 0, 'utf8'), { import: readImport }));
} else {
  fail('answers --version and --standard-json only');
}
