/** The entry of the debug build: the exports of the release build, and the validator. */

export { validate } from "../validate";
export * from "./index";
