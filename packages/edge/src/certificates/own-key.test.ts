import 'reflect-metadata'
import { createPublicKey } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Pkcs10CertificateRequest } from '@peculiar/x509'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { certificateRequest } from './certificate-request.ts'
import { loadOwnKey } from './own-key.ts'

let directory: string
let damaged: string[]
const load = () => loadOwnKey(directory, (path) => damaged.push(path))

beforeEach(async () => {
  directory = join(await mkdtemp(join(tmpdir(), 'postern-own-key-')), 'certificates')
  damaged = []
})

afterEach(() => rm(join(directory, '..'), { recursive: true }))

test('made once, for its owner only, and found again', async () => {
  const made = await load()
  expect((await stat(join(directory, 'key.pem'))).mode & 0o777).toBe(0o600)
  expect((await stat(directory)).mode & 0o777).toBe(0o700)
  expect(await readdir(directory)).toEqual(['key.pem'])
  const again = await load()
  expect(again.pem).toBe(made.pem)
  expect(damaged).toEqual([])
})

test.each([
  { says: 'half a key', text: '-----BEGIN PRIVATE KEY-----\nMIG' },
  { says: 'nothing', text: '' },
])('a file that holds $says is replaced, and that is told', async ({ text }) => {
  await load()
  await writeFile(join(directory, 'key.pem'), text)
  const made = await load()
  expect(damaged).toEqual([join(directory, 'key.pem')])
  expect(await readFile(join(directory, 'key.pem'), 'utf8')).toBe(made.pem)
})

test('a request is of the key, signed by it, and asks for no name', async () => {
  const own = await load()
  const request = new Pkcs10CertificateRequest(await certificateRequest(own))
  expect(Buffer.from(request.publicKey.rawData)).toEqual(
    createPublicKey(own.key).export({ type: 'spki', format: 'der' }),
  )
  expect(await request.verify()).toBe(true)
  expect(request.extensions).toEqual([])
})
