const REPLACED = { ä: 'ae', ö: 'oe', ü: 'ue', ß: 'ss' }

/** A name for addresses and files: lower case, words joined with hyphens. */
export function slugify(title) {
  if (typeof title != 'string') return ''
  const plain = title
    .toLowerCase()
    .replace(/[äöüß]/g, (letter) => REPLACED[letter])
    .normalize('NFKD')
  return trimHyphens(plain.replace(/[^a-z0-9]+/g, '-'))
}

/** A slug that is not taken yet: `name`, `name-2`, `name-3` … */
export function uniqueSlug(title, taken) {
  const slug = slugify(title)
  if (taken.indexOf(slug) < 0) return slug
  let number = 2
  while (taken.indexOf(slug + '-' + number) !== -1) number++
  return slug + '-' + number
}

function trimHyphens(text) {
  let from = 0
  let to = text.length
  while (text.charAt(from) === '-') from++
  while (to > from && text.charAt(to - 1) === '-') to--
  return text.slice(from, to)
}
