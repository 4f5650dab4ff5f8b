// SCRAM-SHA-256 against the exchange that RFC 7677 prints, and against everything that must fail.
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { decoyVerifier, makeVerifier, matches, parseClientFirst, startConversation, type Verifier } from './scram.ts'

const hmac = (key: Buffer, data: string): Buffer => createHmac('sha256', key).update(data).digest()
const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64')
const salted = pbkdf2Sync('pencil', salt, 4096, 32, 'sha256')
const verifier: Verifier = {
  iterationCount: 4096,
  salt,
  storedKey: createHash('sha256').update(hmac(salted, 'Client Key')).digest(),
  serverKey: hmac(salted, 'Server Key'),
}
const clientFirst = Buffer.from('n,,n=user,r=rOprNGfwEbeRWgbNEkqO')
const serverNonce = '%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0'
const clientFinal =
  'c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,p=dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ='

function conversation() {
  const first = parseClientFirst(clientFirst)
  if (!first) throw new Error('the first message was not read')
  return startConversation(first, verifier, serverNonce)
}

describe('the exchange of RFC 7677', () => {
  test("the server's first message", () => {
    const expected = 'r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096'
    expect(conversation().payload.toString()).toBe(expected)
  })

  test('the right proof is answered with the signature', () => {
    const signature = conversation().finish(Buffer.from(clientFinal))
    expect(signature?.toString()).toBe('v=6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=')
  })

  test.each([
    ['another proof', clientFinal.replace('dHzb', 'dHzc')],
    ['a proof of another length', clientFinal.replace(/p=.*/, 'p=AAAA')],
    ['no proof', clientFinal.replace(/,p=.*/, '')],
    ['another nonce', clientFinal.replace('FIlj', 'FIlk')],
    ['another channel binding', clientFinal.replace('biws', 'eSws')],
    ['nothing', ''],
  ])('%s is refused', (_, final) => {
    expect(conversation().finish(Buffer.from(final))).toBeUndefined()
  })
})

describe("the client's first message", () => {
  test.each([
    ['n,,n=user,r=abc', 'user'],
    ['y,,n=user,r=abc', 'user'],
    ['n,,n=a=2Cb=3Dc,r=abc', 'a,b=c'],
  ])('%s names %s', (message, user) => {
    expect(parseClientFirst(Buffer.from(message))?.user).toBe(user)
  })

  test.each([
    '',
    'n,,',
    'p=tls-unique,,n=user,r=abc',
    'n,,n=user',
    'n,,n=a=2,r=abc',
    'n,,n=user,r=',
    'n,,m=x,n=user,r=abc',
  ])('%j is refused', (message) => {
    expect(parseClientFirst(Buffer.from(message))).toBeUndefined()
  })
})

describe('verifiers', () => {
  test('a verifier knows its password and no other', async () => {
    const own = await makeVerifier('pässword')
    expect(await matches(own, 'pässword')).toBe(true)
    expect(await matches(own, 'password')).toBe(false)
  })

  test('a stranger gets the same salt each time, and another one than somebody else', () => {
    const secret = Buffer.alloc(32, 1)
    expect(decoyVerifier(secret, 'a').salt).toEqual(decoyVerifier(secret, 'a').salt)
    expect(decoyVerifier(secret, 'a').salt).not.toEqual(decoyVerifier(secret, 'b').salt)
  })
})
