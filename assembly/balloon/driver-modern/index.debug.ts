/** The entry of the debug build: the exports of the release build, and the validator. */
export * from "./index";
export { validate } from "./validate";
