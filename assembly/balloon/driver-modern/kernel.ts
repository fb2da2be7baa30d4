/** The functions of the kernel that this generation alone calls, imported from module "kernel" like the others. */

/** Calls wake_up(&balloon_thread_wq): the thread looks whether its wait is over. It does nothing while the thread runs. */
export declare function wake_thread(): void;

/** Calls wake_up(&balloon_wq): those who wait for pages on the list look again. */
export declare function wake_callers(): void;
