/** Replaces `{name}` by the value of that name; unknown names stay as they are. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (whole, name) =>
    values.hasOwnProperty(name) ? values[name] + '' : whole,
  )
}

/** The names a template asks for, each once. */
export function placeholders(template) {
  if (typeof template != 'string') throw 'a template must be a string'
  const names = []
  for (const found of template.match(/\{\w+\}/g) || []) {
    const name = found.slice(1, -1)
    if (names.indexOf(name) === -1) names.push(name)
  }
  return names
}
