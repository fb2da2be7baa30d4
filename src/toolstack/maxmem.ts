/** Memory that libxl lets a domain have above its target, in KiB (LIBXL_MAXMEM_CONSTANT, tools/libs/light). */
export const MAXMEM_SLACK_KIB = 1024;
