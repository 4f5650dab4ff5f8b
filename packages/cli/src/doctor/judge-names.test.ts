import { describe, expect, test } from 'vitest'
import { ownAnswer } from './judge-names.ts'
import type { RoadFacts } from './judge-road.ts'
import type { OwnNames } from './names.ts'
import { answered, facts } from './road-facts.testing.ts'

const host = 'pl-0-us-east-1.a1b2c.postern.test'
const own: OwnNames = {
  address: '127.0.0.1:5300',
  reached: true,
  srv: null,
  hosts: new Map([[host, ['127.8.0.1']]]),
}
const srv = { name: 'shop-pl-0.a1b2c.postern.test', hosts: [`${host}:1024`], code: null, txt: '' }

describe('the answer of Postern’s own DNS server beside that of this machine’s resolver', () => {
  test.each<{ says: string; more: Partial<RoadFacts>; status: string; found?: RegExp; why?: RegExp }>([
    { says: 'not asked', more: {}, status: 'NOT_APPLICABLE' },
    { says: 'silent', more: { own: { ...own, reached: false } }, status: 'NOT_APPLICABLE' },
    { says: 'the same address', more: { own, hosts: [answered(host, '127.8.0.1')] }, status: 'OK' },
    { says: 'the same records', more: { own: { ...own, srv: srv.hosts }, srv }, status: 'OK' },
    {
      says: 'neither knows the name',
      more: { own: { ...own, hosts: new Map() }, hosts: [{ ...answered(host), code: 'ENOTFOUND' }] },
      status: 'OK',
    },
    {
      says: 'the resolver was never told of the zone',
      more: { own: { ...own, srv: srv.hosts }, srv: { ...srv, hosts: null, code: 'ENOTFOUND' } },
      status: 'FAILED',
      found: /answers pl-0.*, the resolver of this machine nothing \(ENOTFOUND\)/,
      why: /does not ask Postern/,
    },
    {
      says: 'the resolver has an older list of hosts',
      more: { own: { ...own, srv: [...srv.hosts, `${host}:1025`] }, srv },
      status: 'FAILED',
      why: /an older answer/,
    },
    {
      says: 'the resolver knows the name and keeps a private address back',
      more: { own, hosts: [{ ...answered(host), code: 'ENOTFOUND', kept: true }] },
      status: 'FAILED',
      found: /answers 127\.8\.0\.1, the resolver of this machine no address/,
      why: /guard against rebinding/,
    },
    {
      says: 'the resolver answers a public address',
      more: { own, hosts: [answered(host, '203.0.113.9')] },
      status: 'FAILED',
      found: /the resolver of this machine 203\.0\.113\.9/,
    },
  ])('$says', async ({ more, status, found, why }) => {
    const finding = ownAnswer(await facts(more))
    expect(finding.status).toBe(status)
    if (found !== undefined) expect(finding.found).toMatch(found)
    if (why !== undefined) expect(finding.why).toMatch(why)
  })
})
