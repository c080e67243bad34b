const UNITS = ['B', 'kB', 'MB', 'GB']

/** Bytes as people write them. */
export function formatBytes(bytes) {
  let value = bytes
  let unit = 0
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000
    unit++
  }
  return (unit === 0 ? value : value.toFixed(1)) + ' ' + UNITS[unit]
}

/** The other way round; `NaN` for what is no size. */
export function parseBytes(text) {
  const parts = text.split(' ')
  const number = parseInt(parts[0])
  const unit = UNITS.indexOf(parts[1])
  if (isNaN(parseInt(parts[0])) || unit === -1) return NaN
  return number * 1000 ** unit
}
