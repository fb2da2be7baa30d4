/**
 * The command `xen-balloon`. Its exit status is 0; 1 where a guest ended in a BUG, a case could not be run, or results
 * differ; 2 where the call was wrong; 3 where a comparison could not have shown a change; 130 where it was interrupted.
 */
import { readFileSync } from "node:fs";
import { Command, CommanderError, InvalidArgumentError, Option } from "commander";
import { ENGINES } from "../engine-names.js";
import type { BootOptions } from "./boot.js";
import { Failure } from "./failure.js";
import type { HostCommandOptions } from "./host.js";
import type { ReportOptions } from "./report.js";
import type { RunOptions } from "./run.js";
import type { ServeOptions } from "./serve.js";
import type { StudyOptions } from "./study.js";
import type { WorkOptions } from "./work.js";

function pages(text: string): number {
  const value = Number(text);
  if (!/^\d+$/.test(text) || !Number.isSafeInteger(value))
    throw new InvalidArgumentError("Expected a number of pages.");
  return value;
}

function highmem(text: string): number {
  return text === "none" ? Number.POSITIVE_INFINITY : pages(text);
}

function port(text: string): number {
  if (!/^\d{1,5}$/.test(text) || Number(text) > 65_535) {
    throw new InvalidArgumentError("Expected a port, 0 to 65535; 0 for any that is free.");
  }
  return Number(text);
}

function percent(text: string): number {
  const [, number] = /^(\d+(?:\.\d+)?)%?$/.exec(text) ?? [];
  if (number === undefined || Number(number) <= 0) throw new InvalidArgumentError("Expected a percentage, such as 5%.");
  return Number(number) / 100;
}

function minutes(text: string): number {
  if (!/^\d+(\.\d+)?$/.test(text)) throw new InvalidArgumentError("Expected a number of minutes.");
  return Number(text);
}

const HOST_HELP =
  "name or address to listen on; at any but a loopback address everyone can reach the page, " +
  "and no browser isolates it from other origins";

async function main(argv: readonly string[]): Promise<number> {
  let status = 0;
  const { version } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  const program = new Command("xen-balloon")
    .description("The Linux Xen balloon driver as a WebAssembly engine.")
    .version(version)
    .showSuggestionAfterError(false)
    .configureOutput({ outputError: (text) => process.stderr.write(`xen-balloon: ${text.replace(/^error: /, "")}`) })
    .exitOverride();

  program
    .command("run")
    .description("run a script of operations and tell what happened")
    .argument("[script]", "a file of config and operation lines; - for standard input")
    .addOption(new Option("--trace", "print a trace line (JSON) for each operation instead").conflicts("time"))
    .addOption(
      new Option(
        "--trace-state",
        "print it without the single hypercalls, which nobody watches then; both read every page of the guest after each operation",
      ).conflicts(["trace", "time"]),
    )
    .option("--time", "print the time each operation took (JSON) instead")
    .addOption(
      new Option(
        "--batches <how>",
        "how batches that nobody watches are made where the script does not say; each with --time",
      ).choices(["each", "merged"]),
    )
    .addOption(new Option("--engine <name>", "what runs the driver").choices(ENGINES).default("wasm"))
    .option("--help-script", "tell every config key and operation of a script instead")
    .action(
      async (file: string | undefined, options: RunOptions & { readonly helpScript?: true }, command: Command) => {
        const { run, tellLanguage } = await import("./run.js");
        if (options.helpScript) status = tellLanguage();
        else if (file === undefined) command.error("error: missing required argument 'script'");
        else status = await run(file, options);
      },
    );

  program
    .command("boot")
    .description("read a Xen guest's boot log and show what the driver would start with")
    .argument("<log>", "a file with the kernel's boot messages")
    .option("--script", "print the config lines of a script instead")
    .option("--nr-pages <pages>", "pages Xen gave the guest, where the log does not say", pages)
    .option("--released <pages>", "pages the kernel gave back at boot", pages)
    .option("--ram-pages <pages>", "usable pages of the guest, where the log's memory map may have lost a line", pages)
    .option("--max-pfn <pages>", "end of memory", pages)
    .option("--remapped <pages>", "pages the kernel moved out of holes", pages)
    .option("--highmem-start <pfn>", "first page of high memory of a 32-bit kernel; none for a 64-bit kernel", highmem)
    .option("--boot <n>", "which boot, from 1, where the log has several", pages)
    .action(async (file: string, options: BootOptions) => {
      const { boot } = await import("./boot.js");
      status = boot(file, options);
    });

  program
    .command("demo")
    .description("move guests of 1 GiB to 1 TiB in and out, engine beside reference")
    .action(async () => {
      const { demo } = await import("./demo.js");
      status = await demo();
    });

  program
    .command("serve")
    .description("serve the laboratory, a page, until it is told to end")
    .option("--port <n>", "TCP port; 0 for any that is free", port, 8080)
    .option("--host <address>", HOST_HELP, "127.0.0.1")
    .action(async (options: ServeOptions) => {
      // imported here, so that the other commands start sooner
      const { serve } = await import("./serve.js");
      status = await serve(options);
    });

  program
    .command("study")
    .description("run a comparison study and write its report")
    .argument("[study]", "a study file (YAML or JSON), or the name of one that comes with the package")
    .option("--dry-run", "show the plan and what it takes, run nothing")
    .option("--resume", "go on with what was interrupted; try again what failed")
    .option("--out <folder>", "where results and report go (default: xen-balloon-STUDY)")
    .option("--demand <file>", "the demand to replay, a table or JSON, in place of the study's; - for standard input")
    .option("--until <percent>", "go on in rounds until a difference of time as small as this would be shown", percent)
    .option("--at-most <minutes>", "how long it goes on for --until", minutes, 60)
    .option("--queue <url>", "have workers of a Redis queue (redis://HOST:PORT) run what is not timed")
    .action(async (name: string | undefined, options: StudyOptions) => {
      const { study } = await import("./study.js");
      status = await study(name, options);
    });

  program
    .command("host")
    .description("run a host of many guests under memory policies and write its report")
    .argument("[plan]", "a plan file (YAML or JSON), or the name of one that comes with the package")
    .option("--dry-run", "show the cases and what they take, run nothing")
    .option("--resume", "go on with what was interrupted; try again what failed")
    .option("--out <folder>", "where results and report go (default: xen-balloon-PLAN)")
    .option("--queue <url>", "have workers of a Redis queue (redis://HOST:PORT) run the cases")
    .option("--log <case>", "run one case, by the id that --dry-run lists, and print its policy's log instead")
    .option(
      "--vectors <folder>",
      "compare the policies with recorded answers of the real daemons, alone (status 1 when one differs) or before a plan, whose report counts them",
    )
    .action(async (name: string | undefined, options: HostCommandOptions) => {
      const { host } = await import("./host.js");
      status = await host(name, options);
    });

  program
    .command("report")
    .description("write the report of results anew, of a study or a host")
    .argument("<results>", "a results file, or the folder it is in")
    .option("--pdf", "print it to report.pdf, too, with the Chromium of this machine")
    .action(async (path: string, options: ReportOptions) => {
      const { report } = await import("./report.js");
      status = report(path, options);
    });

  program
    .command("compare")
    .description(
      "tell whether the second of two results differs from the first; status 1 when it does, 3 when it could not be told",
    )
    .argument("<before>", "a results file, or the folder it is in")
    .argument("<after>", "another")
    .action(async (before: string, after: string) => {
      const { compare } = await import("./compare.js");
      status = compare(before, after);
    });

  program
    .command("work")
    .description("run cases of studies and hosts that are on a queue, until it is told to end")
    .requiredOption("--queue <url>", "a Redis queue: redis://HOST:PORT")
    .action(async (options: WorkOptions) => {
      const { work } = await import("./work.js");
      status = await work(options);
    });

  // commander would print its help, on the error stream
  if (argv.length < 3)
    throw new Failure(
      "expected a command: run, boot, demo, serve, study, host, report, compare or work; see xen-balloon --help",
    );
  await program.parseAsync(argv);
  return status;
}

// a reader that closed the pipe, such as `head` in `xen-balloon run … | head`, is no error
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code === "EPIPE") process.exit(0);
  process.stderr.write(`xen-balloon: cannot write: ${error.message}\n`);
  process.exit(2);
});

try {
  process.exitCode = await main(process.argv);
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else if (error instanceof Failure) {
    process.stderr.write(`xen-balloon: ${error.message}\n`);
    process.exitCode = 2;
  } else {
    throw error;
  }
}
