/** The script of a thread that runs exact cases. */
import { runExact } from "./exact.js";

export default runExact;
