/** Rows of comma-separated text as objects, keyed by the first row. */
export function parseCsv(text) {
  const [head, ...rows] = splitRows(text)
  if (head === undefined) return []
  return rows.map((row) => {
    const record = {}
    head.forEach((name, index) => {
      record[name] = row[index] === undefined ? '' : row[index]
    })
    return record
  })
}

/** Objects as comma-separated text; the columns are those of the first object. */
export function toCsv(records) {
  if (records.length === 0) return ''
  const names = Object.keys(records[0])
  const lines = records.map((record) =>
    names.map((name) => (record.hasOwnProperty(name) ? quote(record[name]) : '')).join(','),
  )
  return [names.map(quote).join(','), ...lines].join('\n')
}

function quote(value) {
  const text = value + ''
  if (text.indexOf(',') === -1 && text.indexOf('"') === -1 && text.indexOf('\n') === -1) return text
  return '"' + text.replace(/"/g, '""') + '"'
}

function splitRows(text) {
  const rows = []
  let row = []
  let cell = ''
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (quoted && character === '"' && text[at + 1] === '"') {
      cell += '"'
      at++
    } else if (character === '"') {
      quoted = !quoted
    } else if (character === ',' && !quoted) {
      row.push(cell)
      cell = ''
    } else if (character === '\n' && !quoted) {
      rows.push([...row, cell])
      row = []
      cell = ''
    } else {
      cell += character
    }
  }
  if (cell !== '' || row.length > 0) rows.push([...row, cell])
  return rows
}
