/** The debug build: the same exports, and the validator. */
export * from "./index";
export { validate } from "./validate";
