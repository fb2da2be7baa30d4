/** The script of the worker thread that createMachine starts in Node. */
import { serve } from "./serve-node.js";

serve();
