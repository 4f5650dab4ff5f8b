// Clusters of the file: their regions, and their standard listener.

import { describe, expect, test } from 'vitest'
import { groupId } from '../../trial/run-trial.ts'
import { all, group, page, run } from '../run-apply.testing.ts'

describe('a cluster with a standard listener', () => {
  const file = (on: boolean) =>
    `    clusters: [{ name: c, provider: AWS, region: us-east-1, tier: M10, standardListener: ${on} }]\n`
  const clusters = `GET ${group}/clusters${all}`
  const listener = `/api/postern/v1/groups/${groupId}/clusters/c/standardListener`
  const electableSpecs = { instanceSize: 'M10', nodeCount: 3 }
  const regionConfigs = [{ providerName: 'AWS', regionName: 'US_EAST_1', priority: 7, electableSpecs }]
  const there = page({ name: 'c', clusterType: 'REPLICASET', stateName: 'IDLE', replicationSpecs: [{ regionConfigs }] })
  const patched = (enabled: boolean) => [`PATCH ${listener}`, { enabled }]

  test('is made, and then opened; one without is made alone', async () => {
    const answers = {
      [clusters]: [page(), there],
      [`POST ${group}/clusters`]: { status: 201, body: {} },
      [`PATCH ${listener}`]: { body: {} },
      [`GET ${listener}`]: { body: { enabled: true, policy: { maxSnapshotAgeSeconds: null } } },
    }
    const { sent } = await run('apply -f - --yes', file(true), answers)
    expect(sent).toEqual([[`POST ${group}/clusters`, expect.anything()], patched(true)])
    expect((await run('apply -f - --yes', file(false), answers)).sent).toHaveLength(1)
  })

  test.each([true, false])('that is to be %s is switched, and nothing else of the cluster is touched', async (on) => {
    const answers = (enabled: boolean) => ({
      [clusters]: there,
      [`GET ${listener}`]: { body: { enabled, policy: { maxSnapshotAgeSeconds: null } } },
      [`PATCH ${listener}`]: { body: {} },
    })
    const ran = await run('apply -f - --yes', file(on), answers(!on))
    expect(ran.sent).toEqual([patched(on)])
    expect((await run('diff -f -', file(on), answers(!on))).stdout).toContain('standardListener')
    expect((await run('diff -f -', file(on), answers(on))).code).toBe(0)
  })

  test.each([
    { says: 'set', policy: '{ maxSnapshotAgeSeconds: 300 }', there: null, sent: 300 },
    { says: 'taken back where the file says an empty one', policy: '{}', there: 300, sent: null },
    { says: 'left alone where it is the same', policy: '{ maxSnapshotAgeSeconds: 300 }', there: 300, sent: undefined },
    { says: 'left alone where the file says nothing', policy: null, there: 300, sent: undefined },
  ])('has a policy that is $says', async ({ policy, there: seconds, sent }) => {
    const wish = policy === null ? file(true) : file(true).replace(' }]', `, standardListenerPolicy: ${policy} }]`)
    const ran = await run('apply -f - --yes', wish, {
      [clusters]: there,
      [`GET ${listener}`]: { body: { enabled: true, policy: { maxSnapshotAgeSeconds: seconds } } },
      [`PATCH ${listener}`]: { body: {} },
    })
    expect(ran.code).toBe(0)
    const body = { enabled: true, policy: { maxSnapshotAgeSeconds: sent } }
    expect(ran.sent).toEqual(sent === undefined ? [] : [[`PATCH ${listener}`, body]])
  })
})

describe('a cluster of several regions and clouds', () => {
  const file =
    '    clusters: [{ name: c, provider: AWS, tier: M10, regions: [{ region: us-east-1, members: 2 }, { provider: GCP, region: europe-west1, members: 1 }] }]\n'
  const clusters = `GET ${group}/clusters${all}`
  const config = (providerName: string, regionName: string, [nodeCount, priority]: readonly [number, number]) => ({
    providerName,
    regionName,
    priority,
    electableSpecs: { instanceSize: 'M10', nodeCount },
  })
  const there = (...regionConfigs: readonly object[]) =>
    page({ name: 'c', clusterType: 'REPLICASET', stateName: 'IDLE', replicationSpecs: [{ regionConfigs }] })
  const [aws, gcp] = [config('AWS', 'US_EAST_1', [2, 7]), config('GCP', 'WESTERN_EUROPE', [1, 6])]

  test('is made with its regions in the order of the file', async () => {
    const answers = { [clusters]: [page(), there(aws, gcp)], [`POST ${group}/clusters`]: { status: 201, body: {} } }
    const ran = await run('apply -f - --yes', file, answers)
    expect(ran.code).toBe(0)
    expect(ran.sent).toEqual([
      [
        `POST ${group}/clusters`,
        { name: 'c', clusterType: 'REPLICASET', replicationSpecs: [{ zoneName: 'Zone 1', regionConfigs: [aws, gcp] }] },
      ],
    ])
  })
  test('differs where a region, its members or its priority do', async () => {
    expect(await run('diff -f -', file, { [clusters]: there(aws, gcp) })).toMatchObject({ code: 0 })
    const other = there(config('AWS', 'US_EAST_1', [3, 7]))
    expect((await run('diff -f -', file, { [clusters]: other })).stdout).toContain(
      '      regions: AWS US_EAST_1: 3 members, priority 7 -> AWS US_EAST_1: 2 members, priority 7, GCP WESTERN_EUROPE: 1 members, priority 6\n',
    )
  })
})
