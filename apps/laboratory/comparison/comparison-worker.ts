/** The script of the comparison's worker. */
import { loadModules } from "xen-balloon";
import { Server, serveConnections } from "xen-balloon/core";
import { ERRORS } from "../session/messages.js";
import { Comparison } from "./comparison.js";

const comparison = new Comparison(loadModules());
const service = { root: comparison, events: ["progress", "measuring"], state: () => null, errors: ERRORS };
serveConnections((port) => new Server(port, service));
