// Bodies as bytes.

import { describe, expect, test } from 'vitest'
import { checkJsonType, parseForm, parseJson, readBody } from './body.ts'

const bytes = (text: string) => new TextEncoder().encode(text)
const post = (body: ReadableStream | string, headers: Record<string, string> = {}) =>
  new Request('http://localhost/', { method: 'POST', body, headers, duplex: 'half' } as RequestInit)
const pieces = (count: number, size: number) =>
  new ReadableStream<Uint8Array>({
    start: (stream) => {
      for (let piece = 0; piece < count; piece += 1) stream.enqueue(new Uint8Array(size))
      stream.close()
    },
  })

describe('a body is read', () => {
  test('whole, up to its limit', async () => {
    expect((await readBody(post(pieces(4, 25)), 100)).byteLength).toBe(100)
  })
  test('not beyond it, though its length was not declared', async () => {
    await expect(readBody(post(pieces(5, 25)), 100)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE', status: 413 })
  })
  test('not at all where its declared length is beyond it', async () => {
    const request = post(pieces(1, 1), { 'content-length': '101' })
    await expect(readBody(request, 100)).rejects.toMatchObject({ code: 'PAYLOAD_TOO_LARGE' })
    expect(request.bodyUsed).toBe(false)
  })
})

describe('JSON', () => {
  test.each(['', '{', '{"a":}', '{"a":1}x', "{'a':1}", 'NaN', '\uFEFF'])('is malformed: %j', (text) => {
    expect(() => parseJson(bytes(text))).toThrow(expect.objectContaining({ code: 'INVALID_JSON' }))
  })
  test.each([
    ['bytes that are no text', new Uint8Array([0x22, 0xff, 0x22])],
    ['NUL in a value', bytes('{"a":"x\\u0000"}')],
    ['NUL in a name', bytes('{"a\\u0000":1}')],
    ['half a surrogate pair', bytes('{"a":"\\ud800"}')],
    ['a hundred thousand open brackets', bytes('['.repeat(100_000) + ']'.repeat(100_000))],
  ])('is refused: %s', (_, body) => {
    expect(() => parseJson(body)).toThrow(expect.objectContaining({ code: 'INVALID_JSON' }))
  })
  test('is read with all that text may hold', () => {
    expect(parseJson(bytes('{"a":["\\ud83d\\ude00",{"b":null}]}'))).toEqual({ a: ['😀', { b: null }] })
  })
})

describe('a content type', () => {
  test.each([
    'application/json',
    'Application/JSON; charset=utf-8',
    'application/vnd.atlas.2023-01-01+json',
    'application/vnd.atlas.2099-01-01+json;charset=utf-8',
    'application/merge-patch+json',
  ])('is JSON: %s', (type) => {
    expect(() => checkJsonType(type)).not.toThrow()
  })
  test.each([
    null,
    '',
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    'application/jsonx',
    'text/json',
  ])('is not: %j', (type) => {
    expect(() => checkJsonType(type)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED_MEDIA_TYPE', status: 415 }))
  })
})

test('a form keeps the first of a repeated name', () => {
  expect(parseForm(bytes('a=1&b=x+y%2F&a=2'), 'application/x-www-form-urlencoded; charset=utf-8')).toEqual({
    a: '1',
    b: 'x y/',
  })
})
