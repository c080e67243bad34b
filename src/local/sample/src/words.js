/** How many words a text has. */
export function countWords(text) {
  const words = text.trim().split(/\s+/)
  return words[0] === '' ? 0 : words.length
}

/** Cuts a text at a word, with an ellipsis. */
export function shorten(text, length) {
  if (text.length <= length) return text
  const cut = text.substr(0, length)
  const space = cut.lastIndexOf(' ')
  return (space > 0 ? cut.substring(0, space) : cut) + '…'
}

/** The first letters of a name, at most three. */
export function initials(name) {
  const parts = name.trim().split(' ')
  const letters = parts.map((part) => part.substr(0, 1).toUpperCase())
  return letters.join('').substr(0, 3)
}
