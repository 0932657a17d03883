// SPDX-License-Identifier: MIT
import { render } from "preact";
import { App } from "./App.tsx";
import { start } from "./live.ts";
import { startWallets } from "./wallet/start.ts";
import "./style/base.css";
import "./style/layout.css";
import "./style/parts.css";

const page = document.getElementById("page");
if (page) render(<App />, page);
startWallets();
start();
