import assert from 'node:assert/strict'
import { test } from 'node:test'

import * as textbits from '../src/index.js'

test('CSV survives the way there and back', () => {
  const records = [{ name: 'Ada, Countess', quote: 'say "hi"' }, { name: 'Grace', quote: '' }]
  assert.deepEqual(textbits.parseCsv(textbits.toCsv(records)), records)
})

test('slugs are unique', () => {
  assert.equal(textbits.slugify('Größe & Maß!'), 'groesse-mass')
  assert.equal(textbits.uniqueSlug('One', ['one', 'one-2']), 'one-3')
})

test('query strings survive the way there and back', () => {
  assert.deepEqual(textbits.parseQuery('/search' + textbits.toQuery({ q: 'a b', page: '2' })), { q: 'a b', page: '2' })
  assert.equal(textbits.isExternal('https://example.org/', 'example.com'), true)
  assert.equal(textbits.isExternal('/about', 'example.com'), false)
})

test('columns are of equal width', () => {
  assert.equal(textbits.padLeft(7, 3, 'zero'), '007')
  assert.deepEqual(textbits.padColumns([['a', 'bb'], ['ccc', 'd']]), ['a    bb', 'ccc  d'])
})

test('templates are filled', () => {
  assert.equal(textbits.fill('Dear {name}, {unknown}', { name: 'Ada' }), 'Dear Ada, {unknown}')
  assert.deepEqual(textbits.placeholders('{a}{b}{a}'), ['a', 'b'])
})

test('words are counted, cut and initialled', () => {
  assert.equal(textbits.countWords('  one two  '), 2)
  assert.equal(textbits.shorten('one two three', 9), 'one two…')
  assert.equal(textbits.initials('ada king lovelace'), 'AKL')
})

test('sizes are written and read', () => {
  assert.equal(textbits.formatBytes(1500), '1.5 kB')
  assert.equal(textbits.parseBytes('12 MB'), 12_000_000)
})
