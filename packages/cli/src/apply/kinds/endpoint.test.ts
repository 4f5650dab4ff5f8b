// Endpoints of the file that somebody made in a cloud: attached, waited for, tried again, and pruned.

import { describe, expect, test } from 'vitest'
import { awsService, azureId, azureService, gcpService, service, vpce } from '../../trial/endpoint-services.ts'
import { all, details, group, own, page, run } from '../run-apply.testing.ts'

describe('endpoints that somebody else made', () => {
  const ids = { AWS: service, AZURE: service.replace(/2$/, '3'), GCP: service.replace(/2$/, '4') }
  const services = page(
    { ...awsService, ...details, id: ids.AWS, supportedRemoteRegions: null },
    { ...azureService, ...details, id: ids.AZURE, privateLinkServiceResourceId: 'pls' },
    { ...gcpService, ...details, id: ids.GCP },
  )
  const file = `    services:
      - provider: AWS
        region: eu-west-1
        endpoints: [{ id: ${vpce} }]
      - provider: AZURE
        region: eastus2
        endpoints: [{ id: "${azureId.replace(' ', '')}", address: 10.0.0.4, labels: { team: shop } }]
      - provider: GCP
        region: europe-west1
        portMapping: true
        endpoints: [{ group: shop, gcpProject: p-shop-1, rules: [{ name: shop-0, address: 10.0.0.5 }] }]
`
  const attached = (status: string, address = '10.0.0.4') => {
    const common = {
      ...details,
      status,
      errorMessage: status === 'AVAILABLE' ? null : 'Why it is so.',
      deleteRequested: false,
    }
    const azure = azureId.replace(' ', '')
    return page(
      { ...common, cloudProvider: 'AWS', endpointId: vpce, endpointServiceId: ids.AWS, regionName: 'EU_WEST_1' },
      {
        ...common,
        cloudProvider: 'AZURE',
        endpointId: azure,
        endpointServiceId: ids.AZURE,
        privateEndpointIPAddress: address,
        labels: { team: 'shop' },
      },
      {
        ...common,
        cloudProvider: 'GCP',
        endpointId: 'shop',
        endpointServiceId: ids.GCP,
        gcpProjectId: 'p-shop-1',
        endpoints: [{ endpointName: 'shop-0', ipAddress: '10.0.0.5' }],
      },
    )
  }
  const look = { [`GET ${own}/endpointService${all}`]: services }
  const endpoints = `GET ${own}/endpoint${all}`
  const azurePath = `${own}/AZURE/endpointService/${ids.AZURE}/endpoint/${encodeURIComponent(azureId.replace(' ', ''))}`

  test('are attached as each cloud names them, and waited for', async () => {
    const ran = await run('apply -f - --yes', file, {
      ...look,
      [endpoints]: [page(), attached('PENDING'), attached('AVAILABLE')],
      [`POST ${own}/AWS/endpointService/${ids.AWS}/endpoint:ensure`]: { body: {} },
      [`POST ${own}/AZURE/endpointService/${ids.AZURE}/endpoint:ensure`]: { body: {} },
      [`POST ${own}/GCP/endpointService/${ids.GCP}/endpoint:ensure`]: { body: {} },
    })
    expect(ran.code).toBe(0)
    expect(new Map(ran.sent)).toEqual(
      new Map<string, unknown>([
        [`POST ${own}/AWS/endpointService/${ids.AWS}/endpoint:ensure`, { id: vpce }],
        [
          `POST ${own}/AZURE/endpointService/${ids.AZURE}/endpoint:ensure`,
          { id: azureId.replace(' ', ''), privateEndpointIPAddress: '10.0.0.4', labels: { team: 'shop' } },
        ],
        [
          `POST ${own}/GCP/endpointService/${ids.GCP}/endpoint:ensure`,
          {
            endpointGroupName: 'shop',
            gcpProjectId: 'p-shop-1',
            endpoints: [{ endpointName: 'shop-0', ipAddress: '10.0.0.5' }],
          },
        ],
      ]),
    )
    expect(ran.stderr).toContain('waiting for 3 endpoints\n')
  })
  test('that put clusters into UPDATING once they stand are over when these are IDLE again', async () => {
    const electableSpecs = { instanceSize: 'M10', nodeCount: 3 }
    const regionConfigs = [{ providerName: 'AWS', regionName: 'US_EAST_1', priority: 7, electableSpecs }]
    const cluster = (stateName: string) =>
      page({ name: 'c', clusterType: 'REPLICASET', stateName, replicationSpecs: [{ regionConfigs }] })
    const wish = '    clusters: [{ name: c, provider: AWS, region: us-east-1, tier: M10 }]\n'
    const ran = await run('apply -f - --yes', `${wish}${file}`, {
      ...look,
      // for the plan, before the endpoints stand, after it
      [`GET ${group}/clusters${all}`]: [cluster('IDLE'), cluster('IDLE'), cluster('UPDATING'), cluster('IDLE')],
      [endpoints]: [attached('PENDING'), attached('PENDING'), attached('AVAILABLE')],
    })
    expect(ran).toMatchObject({ code: 0, sent: [] })
    expect(ran.stderr).toMatch(/waiting for 3 endpoints\nwaiting for cluster c\n$/)
  })
  test('that ended badly are tried again, corrected where the file says otherwise', async () => {
    const ran = await run('apply -f - --yes', file, {
      ...look,
      [endpoints]: [attached('FAILED', '10.9.9.9'), attached('AVAILABLE')],
      [`POST ${own}/AWS/endpointService/${ids.AWS}/endpoint/${vpce}:retry`]: { status: 202, body: {} },
      [`PATCH ${azurePath}`]: { body: {} },
      [`POST ${own}/GCP/endpointService/${ids.GCP}/endpoint/shop:retry`]: { status: 202, body: {} },
    })
    expect(ran.code).toBe(0)
    expect(new Map(ran.sent)).toEqual(
      new Map<string, unknown>([
        [`POST ${own}/AWS/endpointService/${ids.AWS}/endpoint/${vpce}:retry`, undefined],
        [`PATCH ${azurePath}`, { id: azureId.replace(' ', ''), privateEndpointIPAddress: '10.0.0.4' }],
        [`POST ${own}/GCP/endpointService/${ids.GCP}/endpoint/shop:retry`, undefined],
      ]),
    )
  })
  test('that stand at another address are not changed, and then nothing is', async () => {
    const ran = await run('apply -f - --yes', file, { ...look, [endpoints]: attached('AVAILABLE', '10.9.9.9') })
    expect(ran).toMatchObject({ code: 1, sent: [] })
    expect(ran.stderr).toContain('      address: 10.9.9.9 -> 10.0.0.4\n')
  })
  test('that end badly while waiting are an error with the reason', async () => {
    const ran = await run('apply -f - --yes', file, {
      ...look,
      [endpoints]: [attached('AVAILABLE'), attached('FAILED')],
    })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(`Error: endpoint ${vpce} at AWS EU_WEST_1 is FAILED (Why it is so.)`)
  })
  test('that take too long are an error, with --timeout', async () => {
    const ran = await run('apply -f - --yes --timeout 2', file, {
      ...look,
      [endpoints]: [attached('AVAILABLE'), attached('PENDING')],
    })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain('is still PENDING; it goes on by itself')
  })
  const awsPath = `${own}/AWS/endpointService/${ids.AWS}/endpoint/${vpce}`
  test.each([
    {
      says: 'one that is DELETING, whose place is wished',
      line: 'apply -f - --yes',
      wished: `{ id: ${vpce} }`,
      status: 'DELETING',
    },
    { says: 'one that is pruned', line: 'apply -f - --yes --prune', wished: '', status: 'AVAILABLE' },
  ])('that do not go are an error with --timeout, too: $says', async ({ line, wished, status }) => {
    const only = `    services:
      - { provider: AWS, region: eu-west-1, endpoints: [${wished}] }
`
    const there = {
      ...details,
      status,
      errorMessage: null,
      cloudProvider: 'AWS',
      endpointId: vpce,
      endpointServiceId: ids.AWS,
    }
    const ran = await run(`${line} --timeout 2`, only, {
      [`GET ${own}/endpointService${all}`]: page({
        ...awsService,
        ...details,
        id: ids.AWS,
        supportedRemoteRegions: null,
      }),
      [endpoints]: page(there),
      'GET /api/postern/v1/local/aws/vpcEndpoints': page(),
      [`GET ${awsPath}`]: { body: there },
      [`DELETE ${awsPath}?keepService=true`]: { status: 202, body: {} },
    })
    expect(ran.code).toBe(1)
    expect(ran.stderr).toContain(`endpoint ${vpce} at AWS EU_WEST_1 is still on its way out; it goes on by itself`)
  })
  test('that take long are left to themselves, with --no-wait', async () => {
    const ran = await run('apply -f - --yes --no-wait', file, { ...look, [endpoints]: attached('PENDING') })
    expect(ran).toMatchObject({ code: 0, sent: [] })
  })
})
