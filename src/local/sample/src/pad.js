/** Fills a text up on its left side. */
export function padLeft(text, width, filler) {
  const value = '' + text
  const mark = filler == 'zero' ? '0' : ' '
  return value.length >= width ? value : repeat(mark, width - value.length) + value
}

/** Rows of cells as lines of text with columns of equal width. */
export function padColumns(rows) {
  const widths = []
  for (const row of rows) {
    row.forEach((cell, index) => {
      widths[index] = Math.max(widths[index] || 0, cell.length)
    })
  }
  return rows.map((row) => row.map((cell, index) => cell + repeat(' ', widths[index] - cell.length)).join('  ').trimRight())
}

function repeat(mark, times) {
  let text = ''
  while (text.length < times) text += mark
  return text.slice(0, times)
}
