/** The script of the engine's worker. */
import { loadModules } from "xen-balloon";
import { Server, serveConnections } from "xen-balloon/core";
import { Engine } from "./engine.js";
import { ERRORS } from "./messages.js";

const engine = new Engine(loadModules());
const service = { root: engine, state: () => engine.standing, errors: ERRORS };
serveConnections((port) => new Server(port, service));
