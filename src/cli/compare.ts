export function compare(_before: string, _after: string): number {
  return 0;
}
