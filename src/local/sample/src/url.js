/** The parameters of an address as an object; a name without a value is an empty text. */
export function parseQuery(address) {
  const mark = address.indexOf('?')
  if (mark === -1) return {}
  const query = {}
  for (const part of address.substr(mark + 1).split('&')) {
    const [name, value = ''] = part.split('=')
    if (name != '') query[decode(name)] = decode(value)
  }
  return query
}

/** An object as the parameters of an address, in the order of its keys. */
export function toQuery(values) {
  const pairs = []
  for (const name in values) {
    if (values.hasOwnProperty(name)) {
      pairs.push(encodeURIComponent(name) + '=' + encodeURIComponent(values[name]))
    }
  }
  return pairs.length === 0 ? '' : '?' + pairs.join('&')
}

/** Does a link leave this host? */
export function isExternal(link, host) {
  if (link.substr(0, 1) === '/' && link.substr(0, 2) !== '//') return false
  const pattern = new RegExp('^(https?:)?//' + host + '(/|$)', 'i')
  return !pattern.test(link)
}

function decode(text) {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '))
  } catch {
    return unescape(text)
  }
}
