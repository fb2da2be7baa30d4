/** A browser as tests use one, whatever drives it. */

export interface Tab {
  /** The page's errors, as far as its browser reports them. */
  readonly wrong: readonly string[];
  goto(url: string): Promise<void>;
  /** The value of an expression in the page: text, a number, a flag, null, or lists of them. */
  evaluate(expression: string): Promise<unknown>;
  /** An attribute of the first element that has it, read without any script of the page: null where there is none. */
  attribute(name: string): Promise<string | null>;
  /** A picture of what is shown, as PNG. */
  screenshot(): Promise<Uint8Array>;
  close(): Promise<void>;
}

export interface RunningBrowser {
  open(): Promise<Tab>;
  close(): Promise<void>;
}

export interface Browser {
  /** With its version, where it is installed. */
  readonly name: string;
  /** Installs it where CI=true; elsewhere says what is skipped without it. True where it is there in the end. */
  ensure(): boolean;
  /** @param drivers - the folder where the packages of DRIVERS are installed. */
  launch(drivers: string): Promise<RunningBrowser>;
}

const PATIENCE_MS = 60_000;

/**
 * Waits until `ask` answers anything but null.
 *
 * @throws Error: what the page threw, or that nothing came in a minute
 */
export async function waitFor<T>(tab: Tab, what: string, ask: () => Promise<T | null>): Promise<T> {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    const answer = await ask();
    if (answer !== null) return answer;
    if (tab.wrong.length > 0) throw new Error(`${what}: ${tab.wrong.join("; ")}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what}: nothing in ${PATIENCE_MS / 1000} s`);
}
