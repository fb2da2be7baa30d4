/** The script of the worker that createMachine starts in a browser. */
import { serve } from "./serve.js";

serve();
