// Figures over processes: one process's own spread hides what differs between processes.

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The 95 % bootstrap interval of the median: resampled with a fixed seed, so that the same values give the same one. */
export function interval(values, resamples = 10_000, seed = 20_260_101) {
  if (values.length < 2) return [values[0], values[0]];
  let x = seed;
  const below = (n) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % n;
  };
  const medians = Float64Array.from({ length: resamples }, () =>
    median(values.map(() => values[below(values.length)])),
  );
  medians.sort();
  return [medians[Math.floor(resamples * 0.025)], medians[Math.ceil(resamples * 0.975) - 1]];
}

/** b as a power of a: the slope of a straight line through the points on logarithmic scales. */
export function exponent(points) {
  const logs = points.map(([a, b]) => [Math.log(a), Math.log(b)]);
  const mean = (k) => logs.reduce((sum, point) => sum + point[k], 0) / logs.length;
  const [ma, mb] = [mean(0), mean(1)];
  const over = logs.reduce((sum, [a, b]) => sum + (a - ma) * (b - mb), 0);
  return over / logs.reduce((sum, [a]) => sum + (a - ma) ** 2, 0);
}
