/** The functions of the kernel that this generation alone calls, imported from module "kernel" like the others (../kernel.ts). */

/** Calls schedule_delayed_work(&balloon_worker, delay * HZ), which does nothing while the work is pending. */
export declare function schedule_delayed_work(delaySeconds: f64): void;
