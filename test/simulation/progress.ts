// Tells how far a long series is: as often as a person looks, however fast its worlds are.

const EVERY_MS = 10_000;

/** Hands on what it is told, when the last time is long enough ago. */
export function openProgress<Value>(
  tell: (value: Value) => void,
  { everyMs = EVERY_MS, now = () => performance.now() } = {},
): (value: Value) => void {
  let last = now();
  return (value) => {
    if (now() - last < everyMs) return;
    last = now();
    tell(value);
  };
}
