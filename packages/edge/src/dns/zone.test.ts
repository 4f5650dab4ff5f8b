import { expect, test } from 'vitest'
import { buildZone } from './zone.ts'

const build = (domain: string, names: readonly string[], address: string | null = null) =>
  buildZone(
    {
      epoch: 'E',
      n: 1,
      body: { domain, records: names.map((name) => ({ type: 'A', name, ttl: 60, value: '127.0.0.1' })) },
    },
    address,
  )

test('records outside of the domain are left out and named', () => {
  const { zone, outside } = build('postern.internal', ['a.postern.internal', 'a.example.com', 'xpostern.internal'])
  expect(outside).toEqual(['a.example.com', 'xpostern.internal'])
  expect(zone.find('a.example.com')).toBeNull()
  expect(zone.find('a.postern.internal')).toHaveLength(1)
})

test('names between a record and the apex exist, and are empty', () => {
  const { zone } = build('postern.internal', ['a.b.c.postern.internal'])
  expect(['b.c', 'c'].map((name) => zone.find(`${name}.postern.internal`))).toEqual([[], []])
  expect(zone.find('d.postern.internal')).toBeNull()
})

test('a record given twice is one record (RFC 2181, 5)', () => {
  const { zone } = build('postern.internal', ['a.postern.internal', 'a.postern.internal'])
  expect(zone.find('a.postern.internal')).toHaveLength(1)
})

test('a domain of one label works', () => {
  const { zone } = build('postern', ['a.b.postern'])
  expect(zone.find('postern')?.map(({ type }) => type)).toEqual(['SOA', 'NS'])
  expect(zone.find('b.postern')).toEqual([])
})

test.each([
  { address: '127.0.0.1', type: 'A' },
  { address: '::1', type: 'AAAA' },
])('the name server is found at $address', ({ address, type }) => {
  expect(build('x', [], address).zone.find('ns.x')).toMatchObject([{ type, data: address }])
})

test('an unknown address of the name server leaves its name out', () => {
  expect(build('x', []).zone.find('ns.x')).toBeNull()
})
