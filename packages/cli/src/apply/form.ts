// What a file of `diff`, `apply` and `up --apply` may say: every field once. Parser, JSON Schema and docs/apply-form.md are
// made from this table.

import { atlasRegion, cloudProviders } from '@postern/contract/cloud'
import { clusterNameLength, clusterNamePattern, clusterTypes, instanceSizes } from '@postern/contract/cluster'
import { tlsVersions } from '@postern/contract/endpoint-policy'
import { fidelities } from '@postern/contract/fidelity'
import { consumerIdPattern } from '@postern/contract/ids'
import { advertisedForms } from '@postern/contract/private-endpoint'
import { type GroupRole, groupRoles } from '@postern/contract/roles'
import { accessValue, databaseOf, endpointName, rangeOf, serviceKey, userKey } from './keys.ts'
import type { Fault, ValueOf } from './shape.ts'
import { description, labels, list, moment, object, oneOf, required, text } from './shapes.ts'

const secretFrom = (what: string) =>
  object(
    `Where ${what} is read from, when it is needed.`,
    {
      env: text('Name of a variable of the environment.', {
        pattern: /^[A-Za-z_]\w*$/,
        wants: 'the name of a variable',
      }),
      file: text('A file whose first line it is; relative to this file.'),
    },
    { exactlyOne: [['env', 'file']] },
  )

const apiKey = object(
  'An API key pair of one’s own choice, so that test suites can have it in their settings. Its holder may do what the roles say.',
  {
    publicKey: required(text('The public key.', { pattern: /^[a-z]{8}$/, wants: 'eight lower-case letters' })),
    privateKey: text('The private key in clear, for tests. `apply` warns of it.', {
      pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
      wants: 'a UUID in lower case',
    }),
    privateKeyFrom: secretFrom('the private key'),
    description: required(text('What it is for.', { pattern: /./, wants: 'at least one character', most: 250 })),
    roles: required(
      list('Roles in the project.', oneOf('A role.', Object.keys(groupRoles) as unknown as readonly GroupRole[])),
    ),
  },
  { exactlyOne: [['privateKey', 'privateKeyFrom']] },
)

const accessEntry = object(
  'An address, a range or a security group that may reach the public side.',
  {
    ip: text('One address.', { most: 64 }),
    cidr: text('A range, such as 10.0.0.0/8.', { most: 64 }),
    securityGroup: text('A security group of AWS.', {
      pattern: /^(\d+\/)?sg-[0-9a-f]+$/,
      wants: 'such as sg-0123456789abcdef0',
    }),
    comment: text('A line for people.', { most: 80 }),
    deleteAfter: moment('When it goes by itself.'),
  },
  { exactlyOne: [['ip', 'cidr', 'securityGroup']] },
  (entry) => {
    const [field, given] = entry.ip === undefined ? (['cidr', entry.cidr] as const) : (['ip', entry.ip] as const)
    if (given === undefined || rangeOf(given) !== undefined) return []
    return [{ within: entry, field, says: 'must be an address or a range' }]
  },
)

type Provider = (typeof cloudProviders)[number]

const regionFaults = (
  within: { readonly provider: Provider; readonly region?: string },
  field = 'region',
  region = within.region ?? '',
): readonly Fault[] =>
  atlasRegion(within.provider, region) === undefined
    ? [{ within, field, says: `${within.provider} has no region ${region}` }]
    : []

/** Shared tiers stand in one region. */
const tierFaults = (within: {
  readonly provider: Provider
  readonly tier: string
  readonly regions?: readonly { readonly provider?: Provider }[]
}): readonly Fault[] => {
  const { provider, tier, regions = [] } = within
  if (instanceSizes.TENANT.has(tier)) {
    return regions.length === 0 ? [] : [{ within, field: 'regions', says: `${tier} stands in one region` }]
  }
  const lacking = new Set(
    [provider, ...regions.map((each) => each.provider ?? provider)].filter((each) => !instanceSizes[each].has(tier)),
  )
  return [...lacking].map((each) => ({ within, field: 'tier', says: `${each} has no tier ${tier}` }))
}

const clusterRegion = object('Members in one region.', {
  provider: oneOf('Its cloud; the cluster’s where left out.', cloudProviders),
  region: required(text('A region of the provider, in Atlas’s spelling or the cloud’s.', { most: 64 })),
  members: required({ kind: 'whole', says: 'Members there, of the set or of each shard.', from: 1, to: 50 }),
})

const maxSnapshotAgeSeconds = {
  kind: 'whole',
  says: 'A gateway that has heard nothing of the control plane for as many seconds lets nobody in and ends who is there.',
  from: 60,
  to: 604_800,
} as const

const cluster = object(
  'A cluster on the engine of the server (`up`: the sandbox).',
  {
    name: required(
      text('Its name.', { pattern: clusterNamePattern, wants: 'letters, digits and hyphens', most: clusterNameLength }),
    ),
    type: oneOf('Its type; REPLICASET where left out. Fixed when it is made.', clusterTypes),
    provider: required(oneOf('The cloud that it stands for.', cloudProviders)),
    region: text('Its one region, in Atlas’s spelling or the cloud’s.', { most: 64 }),
    regions: list('Its regions, the most wanted for a primary first.', clusterRegion),
    tier: required(text('Size of each member: M10, M30, … of the provider, or M0.', { most: 32 })),
    members: { kind: 'whole', says: 'Members of the set, or of each shard; 3 where left out.', from: 1, to: 50 },
    shards: { kind: 'whole', says: 'Shards, of a sharded cluster.', from: 1, to: 50 },
    mongoDBVersion: text('Major version, such as 8.0; goes up only.', { pattern: /^\d+\.\d+$/, wants: 'such as 8.0' }),
    paused: { kind: 'switch', says: 'Is it paused?' },
    terminationProtection: { kind: 'switch', says: 'Is its deletion refused?' },
    standardListener: {
      kind: 'switch',
      says: 'Is it reached through the gateways from addresses of the access list, without a private endpoint?',
    },
    standardListenerPolicy: object('What is forbidden at it, all of it: a rule that is left out forbids nothing.', {
      maxSnapshotAgeSeconds,
    }),
    tags: labels('Tags.'),
  },
  { exactlyOne: [['region', 'regions']], onlyWith: { members: 'region', standardListenerPolicy: 'standardListener' } },
  (cluster) => [
    ...(cluster.region === undefined ? [] : regionFaults(cluster, 'region', cluster.region)),
    ...(cluster.regions ?? []).flatMap((within) =>
      regionFaults({ provider: cluster.provider, ...within }).map((fault) => ({ ...fault, within })),
    ),
    ...(cluster.regions !== undefined && (cluster.regions.length < 1 || cluster.regions.length > 7)
      ? [{ within: cluster, field: 'regions', says: 'must be 1 to 7' }]
      : []),
    ...tierFaults(cluster),
    ...(cluster.shards !== undefined && cluster.shards > 1 && (cluster.type ?? 'REPLICASET') === 'REPLICASET'
      ? [{ within: cluster, field: 'shards', says: 'a replica set has one; give a type' }]
      : []),
  ],
)

const databaseName = '[^/\\\\. "$*<>:|?@]{1,63}'
const role = object('A custom database role.', {
  name: required(
    text('Its name.', {
      pattern: /^[A-Za-z0-9][\w-]*$/,
      wants: 'letters, digits, - and _, beginning with one of the first two',
    }),
  ),
  privileges: list(
    'What it may do.',
    text('ACTION@database or ACTION@database.collection; ACTION alone holds on the cluster.', {
      pattern: new RegExp(`^[A-Z_]+(@${databaseName}(\\..{1,255})?)?$`),
      wants: 'ACTION, ACTION@database or ACTION@database.collection',
    }),
  ),
  inherits: list(
    'Roles whose rights it has too.',
    text('role@database; a role alone is of admin.', {
      pattern: new RegExp(`^[^@\\s]+(@${databaseName})?$`),
      wants: 'role or role@database',
    }),
  ),
})

const user = object(
  'A database user.',
  {
    username: required(text('Its name.', { pattern: /./, wants: 'at least one character' })),
    password: text('Its password in clear, for tests. `apply` warns of it.', {
      pattern: /^.{8,}$/,
      wants: 'at least 8 characters',
    }),
    passwordFrom: secretFrom('the password'),
    x509: oneOf('It proves itself by a certificate instead of a password.', ['MANAGED', 'CUSTOMER']),
    roles: required(
      list(
        'What it may do.',
        text('role, role@database or role@database.collection; a role alone is of admin.', {
          pattern: new RegExp(`^[^@\\s]+(@${databaseName}(\\..{1,255})?)?$`),
          wants: 'role, role@database or role@database.collection',
        }),
      ),
    ),
    scopes: list(
      'Clusters that it may use; all where left out.',
      text('Name of a cluster.', { pattern: clusterNamePattern, wants: 'the name of a cluster' }),
    ),
    description: text('A line for people.', { most: 100 }),
    labels: labels('Labels.'),
    deleteAfter: moment('When it goes by itself.'),
  },
  { atMostOne: [['password', 'passwordFrom', 'x509']] },
)

const rule = object('A forwarding rule of Google Cloud.', {
  name: required(text('Its name.', { most: 63 })),
  address: required(text('Its address.', { most: 64 })),
})

const policy = object('What is forbidden at an endpoint, all of it: a rule that is left out forbids nothing.', {
  clusters: list('Clusters that it opens, no other.', text('Name of a cluster.')),
  minimumTls: oneOf('Clients must speak TLS, of this version or a newer one.', tlsVersions),
  idleSeconds: {
    kind: 'whole',
    says: 'A connection without a byte for as many seconds is ended.',
    from: 30,
    to: 86_400,
  },
  databaseUsers: list(
    'Database users that it lets in, no other.',
    object('A database user.', {
      username: required(text('Its name.')),
      authSource: required(text('Its authentication database: admin or $external.', { most: 63 })),
    }),
  ),
  readOnly: { kind: 'switch', says: 'Do only reads go through? No substitute for the roles of database users.' },
  maxSnapshotAgeSeconds,
  clientCa: text(
    'CA certificates in PEM: a client must show a certificate that one of them signed. Only with TLS (names, or minimumTls).',
    { most: 16_384 },
  ),
  clientNames: list(
    'What that certificate is called, nothing else.',
    text('A subject (CN=app,O=Shop), or a DNS name in it.', { most: 1024 }),
  ),
})

const endpoint = object(
  'A consumer’s endpoint, attached to the service.',
  {
    id: text('What its cloud calls it: a VPC endpoint’s id, the resource id of an Azure private endpoint.'),
    address: text('Azure: its private address.', { most: 64 }),
    group: text('Google Cloud: the name of the endpoint group.', { most: 63 }),
    gcpProject: text('Google Cloud: the project of the rules.', { most: 64 }),
    rules: list('Google Cloud: one rule, or without port mapping as many as the service has attachments.', rule),
    local: text('A name: it is made in the local cloud, on the server’s machine, and attached.', {
      pattern: /^[a-z]([-a-z0-9]{0,58}[a-z0-9])?$/,
      wants: '1 to 60 lower-case letters, digits and hyphens, beginning with a letter',
    }),
    form: oneOf(
      'How a local one is told: by address in clear, or by host names with TLS and SRV. Fixed when it is made.',
      advertisedForms,
    ),
    labels: labels('Labels.'),
    description,
    policy,
  },
  {
    exactlyOne: [['id', 'group', 'local']],
    onlyWith: { address: 'id', gcpProject: 'group', rules: 'group', form: 'local' },
  },
)

const onlyOf = <Field extends string>(
  service: { readonly provider: Provider } & { readonly [Name in Field]?: unknown },
  provider: Provider,
  field: Field,
): readonly Fault[] =>
  service[field] === undefined || service.provider === provider
    ? []
    : [{ within: service, field, says: `is of ${provider} alone` }]

/** Each provider's own fields: all of them, and none of another's. */
const identityFields = {
  AWS: ['id'],
  AZURE: ['id', 'address'],
  GCP: ['group', 'gcpProject', 'rules'],
} as const satisfies Record<Provider, readonly (keyof ValueOf<typeof endpoint>)[]>

function endpointFaults(provider: Provider, within: ValueOf<typeof endpoint>): readonly Fault[] {
  if (within.local !== undefined) return []
  const own: readonly string[] = identityFields[provider]
  const fault = (field: string, says: string): Fault => ({ within, field, says })
  const given = Object.values(identityFields)
    .flat()
    .filter((field) => within[field] !== undefined)
  const name = provider === 'GCP' ? within.group : within.id
  return [
    ...own
      .filter((field) => !given.some((each) => each === field))
      .map((field) => fault(field, `is missing: ${provider} needs it`)),
    ...[...new Set(given)]
      .filter((field) => !own.includes(field))
      .map((field) => fault(field, `is none of ${provider}`)),
    ...(name !== undefined && !consumerIdPattern[provider].test(name)
      ? [fault(own[0] ?? '', `is not what ${provider} calls an endpoint`)]
      : []),
    ...(provider === 'GCP' && within.rules?.length === 0 ? [fault('rules', 'must have at least one')] : []),
  ]
}

const service = object(
  'An endpoint service: one for each provider and region.',
  {
    provider: required(oneOf('The cloud.', cloudProviders)),
    region: required(text('A region of the provider, in Atlas’s spelling or the cloud’s.', { most: 64 })),
    portMapping: {
      kind: 'switch',
      says: 'Google Cloud: one rule for all members, the port picks. With and without are two services.',
    },
    supportedRemoteRegions: list('AWS: further regions that endpoints may be in.', text('A region.', { most: 64 })),
    labels: labels('Labels.'),
    description,
    endpoints: list('Its private endpoints.', endpoint, endpointName),
  },
  {},
  (service) => [
    ...regionFaults(service),
    ...(service.supportedRemoteRegions ?? []).flatMap((region) =>
      regionFaults(service, 'supportedRemoteRegions', region),
    ),
    ...onlyOf(service, 'AWS', 'supportedRemoteRegions'),
    ...onlyOf(service, 'GCP', 'portMapping'),
    ...(service.endpoints ?? []).flatMap((each) => endpointFaults(service.provider, each)),
  ],
)

const project = object('A project. What the file does not say of it is left alone.', {
  name: required(
    text('Its name, by which it is found.', {
      pattern: /^(?=.*\S)[\p{L}\p{N} \-_.(),:&@+']{1,64}$/u,
      wants: "1 to 64 letters, digits, spaces or -_.(),:&@+'",
    }),
  ),
  id: text('Its id. Fixed when it is made; for an owner of the organization.', {
    pattern: /^[a-f0-9]{24}$/,
    wants: '24 hexadecimal digits',
  }),
  hash: text('Its label in host names. Fixed when it is made; for an owner of the organization.', {
    pattern: /^[a-z0-9]{5,6}$/,
    wants: 'five or six lower-case letters and digits',
  }),
  tags: labels('Tags.'),
  regionalMode: { kind: 'switch', says: 'The regionalized private endpoint mode.' },
  fidelity: oneOf('Whose behaviour it is answered by; as the server is set where nobody chose.', fidelities),
  apiKeys: list('API keys. They are never deleted.', apiKey, ({ publicKey }) => publicKey),
  accessList: list('The IP access list.', accessEntry, accessValue),
  clusters: list('Clusters.', cluster, ({ name }) => name),
  roles: list('Custom database roles.', role, ({ name }) => name),
  users: list('Database users.', user, (each) => userKey({ username: each.username, database: databaseOf(each) })),
  services: list('Endpoint services, with their endpoints.', service, serviceKey),
})

/** What the local cloud has once on a machine: an Azure endpoint's name, a forwarding rule's in its region. */
function localNamesTwice({ projects }: { readonly projects: readonly ValueOf<typeof project>[] }): readonly Fault[] {
  const seen = new Set<string>()
  return projects
    .flatMap(({ services = [] }) => services)
    .flatMap((each) => (each.endpoints ?? []).map((within) => ({ within, service: each })))
    .flatMap(({ within, service: { provider, region } }) => {
      if (within.local === undefined || provider === 'AWS') return []
      const place = provider === 'AZURE' ? provider : `${provider} ${atlasRegion(provider, region) ?? region}`
      const key = `${place} ${within.local}`
      if (!seen.has(key)) {
        seen.add(key)
        return []
      }
      return [
        {
          within,
          field: 'local',
          says: `${place} has one endpoint named ${within.local} in the local cloud; choose another name`,
        },
      ]
    })
}

/** What a server has once, whatever the project. */
function choicesTwice({ projects }: { readonly projects: readonly ValueOf<typeof project>[] }): readonly Fault[] {
  const choices = projects.flatMap((within) => [
    { within, field: 'id', value: within.id },
    { within, field: 'hash', value: within.hash },
    ...(within.apiKeys ?? []).map((each) => ({ within: each, field: 'publicKey', value: each.publicKey })),
  ])
  const seen = new Set<string>()
  return choices.flatMap(({ within, field, value }) => {
    if (value === undefined) return []
    const key = `${field} ${value}`
    if (seen.has(key)) return [{ within, field, says: `${value} is another project's too` }]
    seen.add(key)
    return []
  })
}

export const form = object(
  'Projects of one organization, as they are to be.',
  {
    apiVersion: required(oneOf('The version of this form.', ['postern/v1'])),
    organization: text('Name of the organization; where left out, the one of --orgId or of the profile.', { most: 64 }),
    projects: required(list('The projects.', project, ({ name }) => name)),
  },
  {},
  (file) => [...localNamesTwice(file), ...choicesTwice(file)],
)

export type Wishes = ValueOf<typeof form>
export type ProjectWish = ValueOf<typeof project>
export type ApiKeyWish = ValueOf<typeof apiKey>
export type AccessEntryWish = ValueOf<typeof accessEntry>
export type ClusterWish = ValueOf<typeof cluster>
export type RoleWish = ValueOf<typeof role>
export type UserWish = ValueOf<typeof user>
export type ServiceWish = ValueOf<typeof service>
export type EndpointWish = ValueOf<typeof endpoint>
