import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createTestStore } from '../store/testing.ts'
import { readConsole } from './console.ts'
import { createHttp, type Http } from './http.ts'
import { createTestParts, testHttpParts } from './testing.ts'

const index = '<!doctype html><title>Postern</title>'
const script = `${'console.log("private endpoint");'.repeat(200)}`

let folder: string
let http: Http
let close: () => Promise<void>
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'postern-console-'))
  await mkdir(join(folder, 'build/assets'), { recursive: true })
  await writeFile(join(folder, 'build/index.html'), index)
  await writeFile(join(folder, 'build/assets/main-4f2a.js'), script)
  await writeFile(join(folder, 'build/assets/icon.png'), Buffer.from([137, 80, 78, 71]))
  await writeFile(join(folder, 'build/notes.md'), 'of a type that is none of a page')
  await writeFile(join(folder, 'secret.txt'), 'beside the build')
  await symlink(join(folder, 'secret.txt'), join(folder, 'build/linked.txt'))
  const store = await createTestStore()
  close = store.close
  http = createHttp(
    { ...createTestParts(store.store), ...testHttpParts, console: await readConsole(join(folder, 'build')) },
    {},
  )
})
afterAll(async () => {
  await close()
  await rm(folder, { recursive: true, force: true })
})

const get = async (path: string, headers: Readonly<Record<string, string>> = {}, method = 'GET') => {
  const request = new Request(`http://localhost:8080${encodeURI(path)}`, { method, headers })
  const response = await http.fetch(request, { remoteAddress: '127.0.0.1', rawTarget: path })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}
const html = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' }

describe('which address is what', () => {
  test.each([
    { says: 'the root', path: '/', headers: {}, status: 200, type: /^text\/html/ },
    {
      says: 'a page of the console, asked for by a browser',
      path: '/v2/abc?tab=x',
      headers: html,
      status: 200,
      type: /^text\/html/,
    },
    {
      says: 'the same asked for by a program',
      path: '/v2/abc',
      headers: { accept: '*/*' },
      status: 404,
      type: /^application\/json/,
    },
    { says: 'an asset', path: '/assets/main-4f2a.js', headers: {}, status: 200, type: /^text\/javascript/ },
    { says: 'an asset of a build before', path: '/assets/main-0000.js', headers: html, status: 404, type: /json/ },
    {
      says: 'an unknown address of the API, asked for by a browser',
      path: '/api/atlas/v2/nothing',
      headers: html,
      status: 404,
      type: /json/,
    },
    { says: 'the API itself', path: '/api', headers: html, status: 404, type: /json/ },
    { says: 'what only begins like the API', path: '/apix', headers: html, status: 200, type: /html/ },
    { says: 'a file of another type', path: '/notes.md', headers: {}, status: 404, type: /json/ },
    { says: 'a link that leads out of the build', path: '/linked.txt', headers: {}, status: 404, type: /json/ },
    { says: 'a path upwards', path: '/../secret.txt', headers: {}, status: 404, type: /json/ },
    {
      says: 'a path upwards in disguise',
      path: '/assets/%2e%2e/%2e%2e/secret.txt',
      headers: html,
      status: 404,
      type: /json/,
    },
    { says: 'a path with a zero byte', path: '/assets/main-4f2a.js%00', headers: {}, status: 404, type: /json/ },
  ])('$says: $status', async ({ path, headers, status, type }) => {
    const answer = await get(path, headers)
    expect(answer.status).toBe(status)
    expect(answer.headers.get('content-type')).toMatch(type)
    expect(answer.bytes.toString()).not.toContain('beside the build')
  })

  test('a write to a page is no page', async () => {
    expect((await get('/', {}, 'POST')).status).toBe(404)
  })
})

test('a page runs only its own scripts, is in nobody’s frame and tells nobody where it was', async () => {
  const { headers } = await get('/', html)
  const policy = headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'; script-src 'self';")
  expect(policy).toContain("frame-ancestors 'none'")
  expect(policy).not.toContain('unsafe')
  expect(Object.fromEntries(headers)).toMatchObject({
    'cache-control': 'no-cache',
    'cross-origin-opener-policy': 'same-origin',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  })
})

describe('what a browser keeps', () => {
  test('an asset for good, under the hash in its name', async () => {
    const { headers } = await get('/assets/main-4f2a.js')
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable')
  })

  test('the page until it is another', async () => {
    const etag = (await get('/', html)).headers.get('etag') ?? ''
    const again = await get('/', { ...html, 'if-none-match': `"other", W/${etag}` })
    expect(again.status).toBe(304)
    expect(again.bytes).toHaveLength(0)
    expect((await get('/', { ...html, 'if-none-match': '"other"' })).status).toBe(200)
  })
})

describe('encodings', () => {
  test.each([
    { accepts: 'gzip, deflate, br', encoding: 'br', unpack: brotliDecompressSync },
    { accepts: 'gzip;q=1.0, br;q=0', encoding: 'gzip', unpack: gunzipSync },
    { accepts: 'deflate', encoding: null, unpack: (bytes: Buffer) => bytes },
  ])('$accepts: $encoding', async ({ accepts, encoding, unpack }) => {
    const { headers, bytes } = await get('/assets/main-4f2a.js', { 'accept-encoding': accepts })
    expect(headers.get('content-encoding')).toBe(encoding)
    expect(headers.get('vary')).toContain('accept-encoding')
    expect(headers.get('content-length')).toBe(String(bytes.length))
    expect(unpack(bytes).toString()).toBe(script)
  })

  test('each has an ETag of its own, and HEAD tells what GET would', async () => {
    const br = await get('/assets/main-4f2a.js', { 'accept-encoding': 'br' })
    const gzip = await get('/assets/main-4f2a.js', { 'accept-encoding': 'gzip' })
    const head = await get('/assets/main-4f2a.js', { 'accept-encoding': 'br' }, 'HEAD')
    expect(br.headers.get('etag')).not.toBe(gzip.headers.get('etag'))
    expect(head.bytes).toHaveLength(0)
    expect(head.headers.get('etag')).toBe(br.headers.get('etag'))
    expect(head.headers.get('content-length')).toBe(String(br.bytes.length))
  })

  test('an image is small already', async () => {
    const { headers } = await get('/assets/icon.png', { 'accept-encoding': 'br' })
    expect(headers.get('content-encoding')).toBeNull()
    expect(headers.get('content-type')).toBe('image/png')
  })
})

test('a folder that is no build is refused with a sentence', async () => {
  await expect(readConsole(join(folder, 'nowhere'))).rejects.toThrow(/nowhere cannot be read \(ENOENT\)/)
  await expect(readConsole(join(folder, 'build/assets'))).rejects.toThrow(/it has no index.html/)
})
