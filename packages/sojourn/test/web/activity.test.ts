import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isPassive } from '../../src/web/activity.ts'
import { AnExchange } from './an-exchange.ts'

const passive = (headers: { [name: string]: string }): boolean => isPassive(new AnExchange(headers))

test('P-15 pages, frames and the requests of scripts are somebody’s activity', () => {
  assert.equal(passive({}), false)
  for (const destination of ['document', 'iframe', 'empty', 'nested-document', 'object', 'worker', ''])
    assert.equal(passive({ 'sec-fetch-dest': destination }), false, destination)
})

test('P-15 what a page loads by itself, and what a browser fetches in advance, is nobody’s', () => {
  for (const destination of ['image', 'script', 'style', 'font', 'audio', 'video', 'track', 'manifest'])
    assert.equal(passive({ 'sec-fetch-dest': destination }), true, destination)
  for (const purpose of ['prefetch', 'prefetch;prerender', 'prefetch;anonymous-client-ip'])
    assert.equal(passive({ 'sec-purpose': purpose, 'sec-fetch-dest': 'document' }), true, purpose)
})

test('P-15 what the client says of itself prevails', () => {
  assert.equal(passive({ 'x-session-activity': 'passive', 'sec-fetch-dest': 'document' }), true)
  assert.equal(passive({ 'x-session-activity': 'active', 'sec-fetch-dest': 'image' }), false)
  assert.equal(passive({ 'x-session-activity': 'anything' }), true, 'an unknown word never extends')
})
