// The wire form of digest: what clients send, what is refused, and the arithmetic against answers that are known from
// the standards or computed here by other means.

import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { digestChallenge, digestHa1, digestResponse, parseDigestAnswer } from './digest.ts'

const realm = 'realm="MMS Public API"'
const response = 'response="0123456789abcdef0123456789ABCDEF"'
const rest = `${realm}, nonce="n", uri="/a?b=c", ${response}`

describe('the challenge', () => {
  test('is byte for byte what the official clients can read', () => {
    expect(digestChallenge('NSAKm++K2BQJYzcgPMhbHV58yB2M3vCv', false)).toBe(
      'Digest realm="MMS Public API", domain="", nonce="NSAKm++K2BQJYzcgPMhbHV58yB2M3vCv", algorithm=MD5, qop="auth", stale=false',
    )
  })
})

describe('an answer is read', () => {
  test.each([
    {
      says: 'from the Go client: algorithm quoted, qop and nc bare',
      text: `Digest username="abcdefgh", ${rest}, algorithm="MD5", qop=auth, nc=00000001, cnonce="c"`,
    },
    {
      says: 'from urllib: no algorithm, qop quoted, nc counted over all requests',
      text: `Digest username="abcdefgh", ${rest}, qop="auth", nc=0000000d, cnonce="c"`,
    },
    {
      says: 'from curl: other order, an empty opaque, no blank after commas',
      text: `Digest username="abcdefgh",${realm},nonce="n",uri="/a?b=c",cnonce="c",nc=00000001,qop=auth,${response},opaque="",algorithm=MD5`,
    },
    {
      says: 'with the scheme in lower case and blanks around',
      text: `  digest   username = "abcdefgh" , ${rest} , qop=auth , nc=00000001 , cnonce="c" `,
    },
  ])('$says', ({ text }) => {
    expect(parseDigestAnswer(text)).toMatchObject({
      username: 'abcdefgh',
      nonce: 'n',
      uri: '/a?b=c',
      response: '0123456789abcdef0123456789abcdef',
      cnonce: 'c',
    })
  })

  test('with commas, equals signs and escaped quotes inside quotes', () => {
    const text = `Digest username="a\\"b", ${realm}, nonce="n", uri="/a,b?c=d,e", ${response}, qop=auth, nc=00000001, cnonce="x,y=z"`
    expect(parseDigestAnswer(text)).toMatchObject({ username: 'a"b', uri: '/a,b?c=d,e', cnonce: 'x,y=z' })
  })
})

describe('an answer is refused', () => {
  const whole = `username="u", ${rest}, qop=auth, nc=00000001, cnonce="c"`
  test.each([
    ['another scheme', `Basic ${whole}`],
    ['nothing after the scheme', 'Digest '],
    ['a directive twice', `Digest ${whole}, nc=00000001`],
    ['a directive twice in another case', `Digest ${whole}, NC=00000001`],
    ['another realm', `Digest ${whole.replace('MMS Public API', 'elsewhere')}`],
    ['no qop', `Digest ${whole.replace('qop=auth, ', '')}`],
    ['qop auth-int', `Digest ${whole.replace('qop=auth', 'qop=auth-int')}`],
    ['another algorithm', `Digest ${whole}, algorithm=SHA-256`],
    ['nc that is not eight hex digits', `Digest ${whole.replace('00000001', '1')}`],
    ['no cnonce', `Digest ${whole.replace(', cnonce="c"', '')}`],
    ['an empty user', `Digest ${whole.replace('username="u"', 'username=""')}`],
    ['a response that is not 32 hex digits', `Digest ${whole.replace('0123456789abcdef', 'xyz')}`],
    ['a quote that is never closed', `Digest ${whole}, opaque="`],
    ['words between directives', `Digest ${whole} and more`],
  ])('%s', (_, text) => {
    expect(parseDigestAnswer(text)).toBeNull()
  })

  test('a hostile header in time that grows no faster than it does', () => {
    expect(parseDigestAnswer(`Digest ${'a="\\\\'.repeat(4000)}`)).toBeNull()
  })
})

describe('the arithmetic', () => {
  test("agrees with RFC 2617's own example", () => {
    const ha1 = digestHa1('Mufasa', 'Circle Of Life', 'testrealm@host.com')
    expect(ha1).toBe('939e7578ed9e3c518a452acee763bce9')
    expect(
      digestResponse({
        ha1,
        method: 'GET',
        uri: '/dir/index.html',
        nonce: 'dcd98b7102dd2f0e8b11d0f600bfb0c093',
        nc: '00000001',
        cnonce: '0a4f113b',
      }),
    ).toBe('6629fae49393a05397450978507c4ef1')
  })

  test("agrees with RFC 7616's example for MD5", () => {
    expect(
      digestResponse({
        ha1: digestHa1('Mufasa', 'Circle of Life', 'http-auth@example.org'),
        method: 'GET',
        uri: '/dir/index.html',
        nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
        nc: '00000001',
        cnonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
      }),
    ).toBe('8ca523f5e9506fed4657c9700eebdbec')
  })

  test('hashes in the realm that keys are stored under', () => {
    const expected = createHash('md5').update('abcdefgh:MMS Public API:s3cret').digest('hex')
    expect(digestHa1('abcdefgh', 's3cret')).toBe(expected)
  })
})
