// The commands to the letter, and to the programs that they are for: what is printed is handed to each that is found
// here, as far as it can judge a command without an account.

import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { describe, expect, test } from 'vitest'
import { cloudProviders } from '../cloud.ts'
import type { EndpointServiceView } from '../schemas/endpoint-service.ts'
import { type Given, givenProblem } from './blanks.ts'
import { consumerSetup } from './consumer-setup.ts'
import { expression, hcl } from './hcl.ts'
import { type SetupTool, setupTools, toolsOf } from './tools.ts'

const groupId = '6553f0c8a3b1c2d4e5f60729'
const id = '6553f0c8a3b1c2d4e5f6076d'
const common = { errorMessage: null, id, status: 'AVAILABLE' } as const
const attachment = (n: number) => `projects/p-example/regions/europe-west1/serviceAttachments/sa-${n}`

const aws: EndpointServiceView = {
  ...common,
  cloudProvider: 'AWS',
  endpointServiceName: 'com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0',
  interfaceEndpoints: [],
  regionName: 'EU_WEST_1',
  supportedRemoteRegions: ['US_EAST_1'],
}
const azure: EndpointServiceView = {
  ...common,
  cloudProvider: 'AZURE',
  privateEndpoints: [],
  privateLinkServiceName: 'pls',
  privateLinkServiceResourceId:
    '/subscriptions/0b7a8cbb-5d3b-4a2f-9a66-2a2e0a1a2b3c/resourceGroups/rg/providers/Microsoft.Network/privateLinkServices/pls',
  regionName: 'EUROPE_WEST',
}
const gcp: EndpointServiceView = {
  ...common,
  cloudProvider: 'GCP',
  endpointGroupNames: [],
  portMappingEnabled: true,
  regionName: 'WESTERN_EUROPE',
  serviceAttachmentNames: [attachment(0)],
}
const legacy: EndpointServiceView = {
  ...gcp,
  portMappingEnabled: false,
  serviceAttachmentNames: [attachment(0), attachment(1), attachment(2)],
}
const written = (tool: SetupTool, service: EndpointServiceView, given: Given = {}) =>
  consumerSetup(tool, { groupId, service, given })

describe('the words', () => {
  test('aws', () => {
    expect(written('aws', aws)).toEqual({
      tool: 'aws',
      syntax: 'shell',
      create: [
        'aws ec2 create-vpc-endpoint',
        '  --region eu-west-1',
        '  --vpc-endpoint-type Interface',
        '  --service-name com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0',
        "  --vpc-id '<VPC_ID>'",
        "  --subnet-ids '<SUBNET_ID>'",
        "  --security-group-ids '<SECURITY_GROUP_ID>'",
      ].join(' \\\n'),
      attach: [
        `postern privateEndpoints aws interfaces create ${id}`,
        `  --projectId ${groupId}`,
        "  --privateEndpointId '<VPC_ENDPOINT_ID>'",
      ].join(' \\\n'),
      placeholders: [
        expect.objectContaining({ placeholder: '<VPC_ID>', parameter: 'vpcId' }),
        expect.objectContaining({ placeholder: '<SUBNET_ID>', parameter: 'subnetIds' }),
        expect.objectContaining({ placeholder: '<SECURITY_GROUP_ID>', parameter: 'securityGroupIds' }),
        expect.objectContaining({ placeholder: '<VPC_ENDPOINT_ID>', parameter: null }),
      ],
    })
  })

  test('aws, from another region and with everything filled in', () => {
    const given = {
      vpcId: 'vpc-0123456789abcdef0',
      subnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
      securityGroupIds: ['sg-0123456789abcdef0'],
      consumerRegion: 'us-east-1',
    }
    const { create, placeholders } = written('aws', aws, given)
    expect(create.split(' \\\n')).toEqual([
      'aws ec2 create-vpc-endpoint',
      '  --region us-east-1',
      '  --vpc-endpoint-type Interface',
      '  --service-name com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0',
      '  --service-region eu-west-1',
      '  --vpc-id vpc-0123456789abcdef0',
      '  --subnet-ids subnet-0123456789abcdef0 subnet-0123456789abcdef1',
      '  --security-group-ids sg-0123456789abcdef0',
    ])
    expect(placeholders.map(({ placeholder }) => placeholder)).toEqual(['<VPC_ENDPOINT_ID>'])
  })

  test('az asks by hand', () => {
    expect(written('az', azure, { resourceGroup: 'shop' }).create.split(' \\\n')).toEqual([
      'az network private-endpoint create',
      '  --resource-group shop',
      `  --name postern-${id}`,
      '  --location westeurope',
      "  --vnet-name '<VIRTUAL_NETWORK>'",
      "  --subnet '<SUBNET>'",
      '  --private-connection-resource-id /subscriptions/0b7a8cbb-5d3b-4a2f-9a66-2a2e0a1a2b3c/resourceGroups/rg/providers/Microsoft.Network/privateLinkServices/pls',
      `  --connection-name postern-${id}`,
      '  --manual-request true',
    ])
  })

  test('gcloud, port-mapped: an address, a rule, and what attaching is told', () => {
    const { create, attach } = written('gcloud', gcp, { endpointName: 'shop', gcpProjectId: 'shop-project' })
    expect(create).toContain(
      [
        'gcloud compute forwarding-rules create shop',
        '  --project shop-project',
        '  --region europe-west1',
        "  --network '<NETWORK>'",
        '  --address shop-ip',
        `  --target-service-attachment ${attachment(0)}`,
      ].join(' \\\n'),
    )
    expect(attach).toContain('interfaces create shop')
  })

  test('local needs to be told nothing but what it is attached by', () => {
    for (const service of [aws, azure, gcp, legacy]) {
      const { create, placeholders } = written('local', service)
      expect(create).not.toContain('<')
      expect(placeholders.every(({ parameter }) => parameter === null)).toBe(true)
    }
  })

  test('a service without a name, and another cloud’s tool, are the caller’s mistake', () => {
    expect(() => written('aws', { ...aws, endpointServiceName: null })).toThrow(RangeError)
    for (const service of [aws, azure, gcp]) {
      for (const tool of setupTools.filter(
        (one) => !(toolsOf[service.cloudProvider] as readonly string[]).includes(one),
      ))
        expect(() => written(tool, service)).toThrow(RangeError)
    }
  })
})

describe('what is filled in', () => {
  test.each<[Given, string | undefined]>([
    [{ vpcId: 'vpc-0123456789abcdef0' }, undefined],
    [{ vpcId: '$(id)' }, 'vpcId'],
    [{ vpcId: '--debug' }, 'vpcId'],
    [{ subnetIds: ['subnet-0123456789abcdef0', 'x'] }, 'subnetIds'],
    [{ resourceGroup: 'shop' }, 'resourceGroup'],
    [{ __proto__x: 'no' }, '__proto__x'],
    [{ constructor: 'no' }, 'constructor'],
  ])('%j at AWS', (given, parameter) => {
    expect(givenProblem('AWS', given)?.parameter).toBe(parameter)
  })
})

test('Terraform text never begins a template', () => {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: Terraform's own, which must not become one.
  const block = { type: 'a', attributes: { text: '"${no} %{no} \\ \n', said: expression('b.c') } }
  expect(hcl([block])).toBe('a {\n  text = "\\"$${no} %%{no} \\\\ \\n"\n  said = b.c\n}')
})

const everySetup = cloudProviders
  .flatMap((provider) => [aws, azure, gcp, legacy].filter((service) => service.cloudProvider === provider))
  .flatMap((service) => toolsOf[service.cloudProvider].map((tool) => ({ service, tool })))
  .map(({ service, tool }) => ({
    says: `${tool} at ${service === legacy ? 'GCP, legacy' : service.cloudProvider}`,
    service,
    tool,
  }))

const run = (program: string, args: readonly string[], { input = '', home = tmpdir() } = {}) => {
  const env = { PATH: process.env.PATH, HOME: home, CLOUDSDK_CONFIG: home, CLOUDSDK_CORE_DISABLE_PROMPTS: '1' }
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', env })
  return { status, stdout, stderr }
}
const isHere = (program: string): boolean => run('/bin/sh', ['-c', `command -v ${program}`]).status === 0

describe('the programs that they are for', { timeout: 60_000 }, () => {
  test.each(everySetup.filter(({ tool }) => tool !== 'terraform'))('a shell reads $says', ({ service, tool }) => {
    const { create, attach } = written(tool, service)
    expect(run('/bin/sh', ['-n'], { input: `${create}\n${attach}\n` })).toEqual({ status: 0, stdout: '', stderr: '' })
  })

  test.for(everySetup.filter(({ tool }) => tool === 'terraform'))(
    'terraform reads $says, laid out as it would itself',
    ({ service, tool }, context) => {
      if (!isHere('terraform')) context.skip('terraform is not installed here: it was not tried')
      const input = `${written(tool, service).create}\n`
      const { status, stdout } = run('terraform', ['fmt', '-check', '-diff', '-'], { input })
      expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
    },
  )

  test('aws takes every option, with and without a remote region', (context) => {
    if (!isHere('aws')) context.skip('aws is not installed here: it was not tried')
    for (const given of [{}, { consumerRegion: 'us-east-1' }]) {
      const { create } = written('aws', aws, given)
      const { status, stdout, stderr } = run('/bin/sh', ['-c', `${create} --generate-cli-skeleton output`])
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(JSON.parse(stdout)).toHaveProperty('VpcEndpoint.VpcEndpointId')
    }
  })

  // Without an account both stop only after they have read the whole command.
  test('az takes every option', (context) => {
    if (!isHere('az')) context.skip('az is not installed here: it was not tried')
    const { create } = written('az', azure)
    expect(run('/bin/sh', ['-c', create]).stderr).toContain('az login')
  })

  test.for([
    { says: 'port-mapped', service: gcp, commands: 3 },
    { says: 'legacy', service: legacy, commands: 9 },
  ])('gcloud takes every option, $says', ({ service, commands }, context) => {
    if (!isHere('gcloud')) context.skip('gcloud is not installed here: it was not tried')
    const { create } = written('gcloud', service, {
      endpointName: 'shop',
      gcpProjectId: 'shop-project',
      network: 'net',
      subnet: 'net',
    })
    const noted = run('/bin/sh', ['-c', `gcloud() { echo "$@" >&2; echo 10.0.0.7; }\n${create}`])
      .stderr.trim()
      .split('\n')
    expect(noted).toHaveLength(commands)
    for (const command of noted.slice(0, 3)) {
      const { stderr } = run('gcloud', command.split(' '))
      expect({ command, stderr }).toEqual({ command, stderr: expect.stringContaining('active account') })
    }
  })

  test('every rule is made once, for its own attachment, and told to what attaches them', () => {
    const { create } = written('gcloud', legacy, { endpointName: 'shop' })
    const cloud = 'gcloud() { case $3 in describe) echo "at-$4";; create) echo "$@" >&2;; esac; }'
    const { stdout, stderr } = run('/bin/sh', ['-c', `${cloud}\n${create}`])
    expect(stdout).toBe('--endpoint shop-0@at-shop-0-ip,shop-1@at-shop-1-ip,shop-2@at-shop-2-ip\n')
    const rules = stderr.split('\n').filter((line) => line.includes('forwarding-rules'))
    expect(rules.map((rule) => [rule.split(' ')[3], rule.split(' ').at(-1)])).toEqual(
      [0, 1, 2].map((n) => [`shop-${n}`, attachment(n)]),
    )
  })

  test('a rule that cannot be made ends the loop', () => {
    const { create } = written('gcloud', legacy, { endpointName: 'shop' })
    const { stderr } = run('/bin/sh', ['-c', `gcloud() { echo "$@" >&2; return 1; }\n${create}`])
    expect(stderr.trim().split('\n')).toHaveLength(1)
  })
})
