import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSeal, deriveServerSecret, loadSealKey, parseSealKey } from './seal.ts'

const key = new Uint8Array(32).fill(7)
const seal = createSeal(key)

describe('sealed values', () => {
  test('open for the row they were made for, whatever the text', () => {
    for (const clear of ['', 'secret', 'päss wörd', 'x'.repeat(10_000)])
      expect(seal.open('row', seal.close('row', clear))).toBe(clear)
  })

  test('hide the text and differ each time', () => {
    const [first, second] = [seal.close('row', 'hunter2'), seal.close('row', 'hunter2')]
    expect(first).not.toBe(second)
    expect(first).not.toContain('hunter2')
    expect(first).not.toContain(Buffer.from('hunter2').toString('base64url'))
  })

  test('do not open for another row', () => {
    expect(() => seal.open('other', seal.close('row', 'hunter2'))).toThrow()
  })

  test('name the key they were made under when it is another one', () => {
    const other = createSeal(new Uint8Array(32).fill(8))
    expect(() => other.open('row', seal.close('row', 'hunter2'))).toThrow(/made under key [0-9a-f]{8}, this is key/)
  })

  test.each([
    ['nothing', () => ''],
    ['no key id', () => 'hunter2'],
    ['a changed byte', () => flip(seal.close('row', 'hunter2'))],
    ['a cut end', () => seal.close('row', 'hunter2').slice(0, 20)],
  ])('do not open when damaged: %s', (_, damaged) => {
    expect(() => seal.open('row', damaged())).toThrow()
  })
})

const flip = (text: string): string => {
  const bytes = Buffer.from(text.slice(9), 'base64url')
  bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1
  return text.slice(0, 9) + bytes.toString('base64url')
}

describe('the key', () => {
  test.each([
    ['base64', Buffer.from(key).toString('base64'), true],
    ['base64 with a line end', `${Buffer.from(key).toString('base64')}\n`, true],
    ['hex', Buffer.from(key).toString('hex'), true],
    ['31 bytes', Buffer.alloc(31).toString('base64'), false],
    ['a pass phrase', 'correct horse battery staple', false],
    ['nothing', '', false],
  ])('is read from %s', (_, text, good) => {
    expect(parseSealKey(text) === null).toBe(!good)
  })

  test('for the server is another one, and always the same', () => {
    expect(deriveServerSecret(key)).toEqual(deriveServerSecret(key))
    expect(deriveServerSecret(key)).not.toEqual(key)
  })
})

describe('the key file', () => {
  let home: string
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'postern-seal-'))
  })
  afterEach(() => rm(home, { recursive: true }))

  test('is made once, readable by its owner alone', async () => {
    const first = await loadSealKey(home)
    expect(await loadSealKey(home)).toEqual(first)
    expect((await stat(join(home, 'seal.key'))).mode & 0o777).toBe(0o600)
  })

  test('is one for two first starts at once', async () => {
    const keys = await Promise.all(Array.from({ length: 8 }, () => loadSealKey(home)))
    expect(new Set(keys.map((each) => Buffer.from(each).toString('hex'))).size).toBe(1)
  })

  test('that holds no key is not replaced', async () => {
    await writeFile(join(home, 'seal.key'), 'damaged')
    await expect(loadSealKey(home)).rejects.toThrow(/holds no seal key/)
    expect(await readFile(join(home, 'seal.key'), 'utf8')).toBe('damaged')
  })
})
