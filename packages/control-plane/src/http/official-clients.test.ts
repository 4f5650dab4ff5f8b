// What official clients send and rely on, replayed over a real port: one row a fact, found in their sources. The whole
// control plane runs, with the sandbox as the deployment, under both fidelities. What one unit decides alone is tested beside that unit.

import { fidelities } from '@postern/contract/fidelity'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { callerFacts } from './official-clients/caller-facts.testing.ts'
import { cluster, clusterFacts } from './official-clients/cluster-facts.testing.ts'
import { account, type Body, type Fact, go, tokenRequest, v2 } from './official-clients/fact.testing.ts'
import { dummy, one, privateEndpointFacts, services } from './official-clients/private-endpoint-facts.testing.ts'
import { accessFacts, projectFacts } from './official-clients/project-facts.testing.ts'
import { type OfficialServer, startForOfficialClients } from './official-clients/server.testing.ts'
import { type Received, type Sent, type WireClient, wireClient } from './wire-client.testing.ts'

describe.each(fidelities)('fidelity %s', (fidelity) => {
  let server: OfficialServer
  let wire: WireClient
  /** What stands in braces in a row. */
  const real: Record<string, string> = {}

  beforeAll(async () => {
    server = await startForOfficialClients(fidelity)
    wire = wireClient(server.port, server.key)
    Object.assign(real, { org: server.orgId, group: server.groupId, basic: btoa(`${account.id}:${account.secret}`) })
    const token = await wire.send(placed(tokenRequest))
    real.token = (JSON.parse(token.text) as Body).access_token
  })
  afterAll(async () => {
    wire?.close()
    await server?.close()
  })

  const placed = <Value>(value: Value): Value =>
    JSON.parse(JSON.stringify(value).replace(/\{(\w+)\}/g, (braces, name: string) => real[name] ?? braces)) as Value

  const perform = (sent: Sent, by?: 'nobody'): Promise<Received> => {
    const request = placed(sent)
    return by === 'nobody' || request.headers?.authorization !== undefined ? wire.send(request) : wire.byDigest(request)
  }

  const holds = ({ says, sent, by, status, type, headers, body, text }: Fact) =>
    test(says, async () => {
      const answer = await perform(sent, by)
      expect({ status: answer.status, text: answer.text }).toMatchObject({ status })
      if (type !== undefined) expect(answer.headers['content-type']).toBe(type)
      if (headers !== undefined) expect(answer.headers).toMatchObject(headers)
      if (body !== undefined) expect(JSON.parse(answer.text)).toEqual(placedMatch(body))
      if (text !== undefined) expect(answer.text).toEqual(typeof text === 'string' ? text : expect.stringMatching(text))
    })

  /** Objects match by what they name; arrays and values whole. */
  const placedMatch = (body: Body): Body => {
    if (typeof body === 'string') return placed(body)
    if (typeof body !== 'object' || body === null || 'asymmetricMatch' in body) return body
    if (Array.isArray(body)) return body.map(placedMatch)
    return expect.objectContaining(
      Object.fromEntries(Object.entries(body).map(([name, each]) => [name, placedMatch(each)])),
    )
  }

  describe('who calls', () => {
    for (const fact of callerFacts) holds(fact)

    test('one challenge comes, digest alone, byte for byte as the Go client splits it', async () => {
      const { challenges } = await wire.send(go('GET', `${v2}/orgs`))
      expect(challenges).toEqual([
        expect.stringMatching(
          /^Digest realm="MMS Public API", domain="", nonce="[A-Za-z0-9+/=]{32}", algorithm=MD5, qop="auth", stale=false$/,
        ),
      ])
    })
    test("digest's first leg carries the body and does nothing", async () => {
      const made = go('POST', `${v2}/groups`, '2023-01-01', { name: 'Never', orgId: '{org}' })
      expect((await wire.send(placed(made))).status).toBe(401)
      const groups = await perform(go('GET', `${v2}/groups`))
      expect(groups.text).not.toContain('Never')
    })
  })

  describe('projects', () => {
    for (const fact of projectFacts) holds(fact)
  })

  describe('access lists and database users', () => {
    for (const fact of accessFacts) holds(fact)
  })

  describe('private endpoints', () => {
    const until = (says: string, sent: Sent, is: (body: Body) => boolean) =>
      test(says, async () => {
        await expect
          .poll(async () => is(JSON.parse((await perform(sent)).text)), { timeout: 30_000, interval: 50 })
          .toBe(true)
      })

    test('the CLI gives the region as it was typed, and reads it in the form of Atlas', async () => {
      const sent = go('POST', `${services}/endpointService`, '2023-01-01', { providerName: 'AWS', region: 'eu-west-1' })
      const { status, text } = await perform(sent)
      expect([status, JSON.parse(text)]).toMatchObject([201, { regionName: 'EU_WEST_1', status: 'INITIATING' }])
      real.service = JSON.parse(text).id
    })
    until('its watch ends at AVAILABLE', go('GET', one), ({ status }) => status === 'AVAILABLE')

    for (const fact of privateEndpointFacts) holds(fact)

    until(
      'an endpoint that its cloud does not know is REJECTED with a sentence',
      go('GET', `${one}/endpoint/${dummy}`),
      ({ connectionStatus, errorMessage }) => connectionStatus === 'REJECTED' && errorMessage.includes(dummy),
    )

    const gone = async (path: string): Promise<void> => {
      const deleted = await perform(go('DELETE', path))
      expect([deleted.status, deleted.text]).toEqual([202, '{}'])
      const look = async () => {
        const { status, text } = await perform(go('GET', path))
        const body = JSON.parse(text) as Body
        return status === 404 ? 'gone' : (body.connectionStatus ?? body.status)
      }
      expect(['gone', 'DELETING']).toContain(await look())
      await expect.poll(look, { timeout: 30_000, interval: 50 }).toBe('gone')
    }
    test('an endpoint is DELETING or gone from the moment of its deletion, never what it was', () =>
      gone(`${one}/endpoint/${dummy}`))
    test('and so is a service', async () => {
      // One of its own: under Atlas's behaviour the first went with its last endpoint.
      const other = go('POST', `${services}/endpointService`, '2023-01-01', {
        providerName: 'AWS',
        region: 'eu-west-2',
      })
      real.service = JSON.parse((await perform(other)).text).id
      await gone(one)
    })
    holds({
      says: 'deleting a service twice is 404, which Terraform takes for done',
      sent: go('DELETE', one),
      status: 404,
    })
  })

  describe('clusters', () => {
    for (const fact of clusterFacts) holds(fact)
    test('its watch finds DELETING, and ends at this one code', async () => {
      const seen = new Set<string>()
      await expect
        .poll(
          async () => {
            const body = JSON.parse((await perform(go('GET', cluster, '2024-08-05'))).text) as Body
            seen.add(body.stateName ?? body.errorCode)
            return body.errorCode
          },
          { timeout: 30_000, interval: 50 },
        )
        .toBe('CLUSTER_NOT_FOUND')
      expect([...seen].filter((state) => state !== 'DELETING')).toEqual(['CLUSTER_NOT_FOUND'])
    })
  })
})
