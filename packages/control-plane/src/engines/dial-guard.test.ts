import type { LookupAddress } from 'node:dns'
import { describe, expect, test } from 'vitest'
import { guardLookup, refusedHost, splitHostPort } from './dial-guard.ts'

describe('hosts that are never dialled', () => {
  test.each([
    '169.254.169.254',
    '169.254.0.1',
    'fe80::1',
    'FE80::1%eth0',
    'febf::1',
    '::ffff:169.254.169.254',
    '::ffff:a9fe:a9fe',
    'fd00:ec2::254',
    '100.100.100.200',
    '168.63.129.16',
    'metadata.google.internal',
    'METADATA.google.internal.',
    'instance-data.ec2.internal',
  ])('%s', (host) => expect(refusedHost(host)).not.toBeNull())
})

describe('hosts that are', () => {
  test.each(['127.0.0.1', '10.0.0.1', '169.253.0.1', '::1', 'fec0::1', 'db.example.com', 'metadata.example.com'])(
    '%s',
    (host) => expect(refusedHost(host)).toBeNull(),
  )
})

const zone: Readonly<Record<string, readonly LookupAddress[]>> = {
  'good.example.com': [
    { address: '10.0.0.1', family: 4 },
    { address: '::1', family: 6 },
  ],
  'rebound.example.com': [
    { address: '10.0.0.1', family: 4 },
    { address: '169.254.169.254', family: 4 },
  ],
  'empty.example.com': [],
}
const asked: string[] = []
const guarded = guardLookup((host, _options, callback) => {
  asked.push(host)
  callback(null, [...(zone[host] ?? [])])
})
const resolve = (host: string, all: boolean): Promise<string | readonly LookupAddress[]> =>
  new Promise((done, fail) => {
    guarded(host, { all }, (error, found) => (error ? fail(error) : done(found)))
  })

describe('lookup', () => {
  test('a name that is fine, one address or all', async () => {
    expect(await resolve('good.example.com', false)).toBe('10.0.0.1')
    expect(await resolve('good.example.com', true)).toEqual(zone['good.example.com'])
  })

  test('a refused name is not even asked for', async () => {
    await expect(resolve('metadata.google.internal', false)).rejects.toThrow(/metadata service/)
    expect(asked).not.toContain('metadata.google.internal')
  })

  test.each([true, false])('one refused address among the answers spoils them all (all: %s)', async (all) => {
    await expect(resolve('rebound.example.com', all)).rejects.toThrow('resolves to 169.254.169.254')
  })

  test('an empty answer is an error', async () => {
    await expect(resolve('empty.example.com', true)).rejects.toThrow('resolves to nothing')
  })
})

test.each([
  { text: 'h', host: 'h', port: 27017 },
  { text: 'h:1', host: 'h', port: 1 },
  { text: '[::1]:2', host: '::1', port: 2 },
  { text: '[::1]', host: '::1', port: 27017 },
  { text: '::1', host: '::1', port: 27017 },
])('$text is $host at $port', ({ text, host, port }) => expect(splitHostPort(text)).toEqual({ host, port }))
