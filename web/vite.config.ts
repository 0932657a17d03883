// SPDX-License-Identifier: MIT
import preact from "@preact/preset-vite";
import { defineConfig, loadEnv } from "vite";

/** `npm run dev` passes the API's paths on to a running API: WATTBOOK_API_URL names it. */
export default defineConfig(({ mode }) => {
  const target = loadEnv(mode, process.cwd(), "WATTBOOK_")["WATTBOOK_API_URL"];
  const proxied = ["/v1", "/rpc", "/health"];
  return {
    plugins: [preact()],
    build: { outDir: "dist", emptyOutDir: true, target: "es2022", modulePreload: { polyfill: false } },
    server: target ? { proxy: Object.fromEntries(proxied.map((path) => [path, target])) } : {},
    cacheDir: "../.cache/vite",
  };
});
