/** The script of the host's worker. */
import { loadModules } from "xen-balloon";
import { Server, serveConnections } from "xen-balloon/core";
import { HostEngine } from "./host-engine.js";

const service = { root: new HostEngine(loadModules()), state: () => null };
serveConnections((port) => new Server(port, service));
