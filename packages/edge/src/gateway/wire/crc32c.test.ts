import { expect, test } from 'vitest'
import { crc32c } from './crc32c.ts'

test.each([
  { says: 'the check value', bytes: Buffer.from('123456789'), crc: 0xe3069283 },
  { says: '32 zero bytes (RFC 3720, B.4)', bytes: Buffer.alloc(32), crc: 0x8a9136aa },
  { says: '32 bytes of ones', bytes: Buffer.alloc(32, 0xff), crc: 0x62a8ab43 },
  { says: '0 to 31', bytes: Buffer.from(Array.from({ length: 32 }, (_, i) => i)), crc: 0x46dd794e },
  { says: 'nothing', bytes: Buffer.alloc(0), crc: 0 },
])('$says', ({ bytes, crc }) => {
  expect(crc32c(bytes)).toBe(crc)
  expect(crc32c(bytes.subarray(5), crc32c(bytes.subarray(0, 5)))).toBe(crc)
})
