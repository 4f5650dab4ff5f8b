import { describe, expect, test } from 'vitest'
import { runTrial } from './trial/run-trial.ts'

// The Atlas CLI's tree: every command that scripts for it may call, under each of its names, with its arguments and its
// flags. What is left out is in docs/cli-differences.md.

const nouns = {
  privateEndpoints:
    'privateEndpoints privateendpoints private-endpoints privateEndpoint privateendpoint private-endpoint',
  regionalModes: 'regionalModes regionalmodes regional-modes regionalMode regionalmode regional-mode',
  connectionStrings:
    'connectionStrings connectionstrings connection-strings connectionString connectionstring connection-string cs',
  interfaces: 'interfaces interface',
  clusters: 'clusters cluster',
  availableRegions: 'availableRegions availableregions available-regions availableRegion',
  dbusers: 'dbusers dbuser databaseUsers databaseUser',
  customDbRoles: 'customDbRoles customdbroles custom-db-roles customDbRole customdbrole custom-db-role customDBRoles',
  accessLists: 'accessLists accesslists access-lists accessList accesslist access-list whitelists whitelist',
  projects: 'projects project',
  organizations: 'organizations organization orgs org',
  teams: 'teams team',
  users: 'users user',
  invitations: 'invitations invitation',
  apiKeys: 'apiKeys apikeys api-keys apiKey apikey api-key',
  settings: 'settings setting',
  events: 'events event',
  customDns: 'customDns customdns custom-dns',
} as const
const verbs = {
  describe: 'describe get',
  list: 'list ls',
  delete: 'delete rm',
} as const
const namesOf = (word: string): readonly string[] =>
  (({ ...nouns, ...verbs }) as Readonly<Record<string, string>>)[word]?.split(' ') ?? [word]

const paging = 'page limit omitCount'
const services = (cloud: string, more = ''): readonly (readonly [string, string, string])[] => [
  [`privateEndpoints ${cloud} create`, '', `region${more} projectId output`],
  [`privateEndpoints ${cloud} list`, '', 'projectId output'],
  [`privateEndpoints ${cloud} describe`, ' <privateEndpointId>', 'projectId output'],
  [`privateEndpoints ${cloud} delete`, ' <privateEndpointId>', 'force projectId'],
  [`privateEndpoints ${cloud} watch`, ' <privateEndpointId>', 'projectId'],
]
const tree: readonly (readonly [path: string, args: string, flags: string])[] = [
  ...services('aws'),
  ['privateEndpoints aws interfaces create', ' <endpointServiceId>', 'privateEndpointId projectId output'],
  ['privateEndpoints aws interfaces describe', ' <interfaceEndpointId>', 'endpointServiceId projectId output'],
  ['privateEndpoints aws interfaces delete', ' <interfaceEndpointId>', 'endpointServiceId force projectId'],
  ...services('azure'),
  [
    'privateEndpoints azure interfaces create',
    ' <endpointServiceId>',
    'privateEndpointId privateEndpointIpAddress projectId output',
  ],
  ['privateEndpoints azure interfaces describe', ' <privateEndpointResourceId>', 'endpointServiceId projectId output'],
  ['privateEndpoints azure interfaces delete', ' <privateEndpointResourceId>', 'endpointServiceId force projectId'],
  ...services('gcp', ' portMappingEnabled'),
  [
    'privateEndpoints gcp interfaces create',
    ' <endpointGroupId>',
    'endpointServiceId gcpProjectId endpoint projectId output',
  ],
  ['privateEndpoints gcp interfaces describe', ' <id>', 'endpointServiceId projectId output'],
  ['privateEndpoints gcp interfaces delete', ' <id>', 'endpointServiceId force projectId'],
  ['privateEndpoints regionalModes describe', '', 'projectId output'],
  ['privateEndpoints regionalModes enable', '', 'projectId output'],
  ['privateEndpoints regionalModes disable', '', 'projectId output'],
  [
    'clusters create',
    ' [name]',
    'provider region tier members type shards mdbVersion diskSizeGB backup biConnector tag file',
  ],
  ['clusters list', '', `tier ${paging} projectId output`],
  ['clusters describe', ' <clusterName>', 'projectId output'],
  [
    'clusters update',
    ' [clusterName]',
    'tier diskSizeGB mdbVersion file enableTerminationProtection disableTerminationProtection tag',
  ],
  ['clusters pause', ' <clusterName>', 'projectId output'],
  ['clusters start', ' <clusterName>', 'projectId output'],
  ['clusters delete', ' <clusterName>', 'watch force projectId'],
  ['clusters watch', ' <clusterName>', 'projectId'],
  ['clusters failover', ' <clusterName>', 'force projectId'],
  ['clusters connectionStrings describe', ' <clusterName>', 'type projectId output'],
  ['clusters availableRegions list', '', 'provider tier projectId output'],
  [
    'dbusers create',
    ' [builtInRole]...',
    'username password role scope deleteAfter desc x509Type awsIAMType ldapType oidcType projectId output',
  ],
  ['dbusers list', '', `${paging} projectId output`],
  ['dbusers describe', ' <username>', 'authDB projectId output'],
  ['dbusers update', ' <username>', 'username password role scope projectId output'],
  ['dbusers delete', ' <username>', 'authDB force projectId'],
  ['customDbRoles create', ' <roleName>', 'privilege inheritedRole projectId output'],
  ['customDbRoles list', '', 'projectId output'],
  ['customDbRoles describe', ' <roleName>', 'projectId output'],
  ['customDbRoles update', ' <roleName>', 'privilege inheritedRole append projectId output'],
  ['customDbRoles delete', ' <roleName>', 'force projectId'],
  ['accessLists create', ' [entry]', 'type comment deleteAfter currentIp projectId output'],
  ['accessLists list', '', `${paging} projectId output`],
  ['accessLists describe', ' <entry>', 'projectId output'],
  ['accessLists delete', ' <entry>', 'force projectId'],
  ['projects create', ' <projectName>', 'orgId ownerId tag withoutDefaultAlertSettings output'],
  ['projects list', '', `${paging} orgId output`],
  ['projects describe', ' <ID>', 'output'],
  ['projects update', ' <ID>', 'file output'],
  ['projects delete', ' <ID>', 'force'],
  ['projects users list', '', `${paging} compact projectId output`],
  ['projects users delete', ' <ID>', 'force projectId'],
  ['projects teams add', ' <teamId>', 'role projectId output'],
  ['projects teams list', '', `${paging} projectId output`],
  ['projects teams update', ' <teamId>', 'role projectId output'],
  ['projects teams delete', ' <teamId>', 'force projectId'],
  ['projects apiKeys create', '', 'desc role projectId output'],
  ['projects apiKeys list', '', `${paging} compact projectId output`],
  ['projects apiKeys assign', ' <ID>', 'role projectId output'],
  ['projects apiKeys delete', ' <ID>', 'force projectId'],
  ['projects settings describe', '', 'projectId output'],
  ['projects settings update', '', 'enableDataExplorer disableDataExplorer enableSchemaAdvisor projectId output'],
  ['organizations create', ' <name>', 'ownerId apiKeyDescription apiKeyRole output'],
  ['organizations list', '', `name ${paging} output`],
  ['organizations describe', ' <ID>', 'output'],
  ['organizations delete', ' <ID>', 'force'],
  ['organizations users list', '', `${paging} orgId output`],
  ['organizations apiKeys create', '', 'desc role orgId output'],
  ['organizations apiKeys list', '', `${paging} compact orgId output`],
  ['organizations apiKeys describe', ' <ID>', 'orgId output'],
  ['organizations apiKeys assign', ' <apiKeyId>', 'desc role orgId output'],
  ['organizations apiKeys delete', ' <ID>', 'force orgId'],
  ['organizations apiKeys accessLists create', '', 'apiKey ip cidr currentIp orgId output'],
  ['organizations apiKeys accessLists list', ' <apiKeyID>', `${paging} orgId output`],
  ['organizations apiKeys accessLists delete', ' <entry>', 'apiKey force orgId'],
  ['projects invitations invite', ' <email>', 'role projectId output'],
  ['projects invitations list', '', 'email projectId output'],
  ['projects invitations describe', ' <invitationId>', 'projectId output'],
  ['projects invitations update', ' [invitationId]', 'email role projectId output'],
  ['projects invitations delete', ' <invitationId>', 'force projectId'],
  ['organizations invitations invite', ' <email>', 'role teamId orgId output'],
  ['organizations invitations list', '', 'email orgId output'],
  ['organizations invitations describe', ' <invitationId>', 'orgId output'],
  ['organizations invitations update', ' [invitationId]', 'email role file orgId output'],
  ['organizations invitations delete', ' <invitationId>', 'force orgId'],
  ['teams create', ' <name>', 'username orgId output'],
  ['teams list', '', `${paging} compact orgId output`],
  ['teams describe', '', 'id name orgId output'],
  ['teams rename', ' <newName>', 'teamId orgId output'],
  ['teams delete', ' <teamId>', 'force orgId'],
  ['teams users add', ' <userId>...', 'teamId orgId output'],
  ['teams users list', '', 'teamId compact orgId output'],
  ['teams users delete', ' <userId>', 'teamId force orgId'],
  ['events projects list', '', `type minDate maxDate ${paging} projectId output`],
  ['events organizations list', '', `type minDate maxDate ${paging} orgId output`],
  ['customDns aws describe', '', 'projectId output'],
  ['customDns aws enable', '', 'projectId output'],
  ['customDns aws disable', '', 'projectId output'],
]

describe("the Atlas CLI's commands", () => {
  test.each(tree)('%s%s', async (path, args, flags) => {
    const words = path.split(' ')
    const help = await runTrial([...words, '--help'])
    expect(help).toMatchObject({ code: 0, stderr: '' })
    expect(help.stdout).toContain(`Usage:\n  postern ${path}${args} [flags]\n`)
    for (const flag of flags.split(' ')) expect(help.stdout).toMatch(new RegExp(`--${flag}[ \\n]`))
    // Each word under each of its names, the others left as they are.
    for (const [at, word] of words.entries()) {
      // An access list of a key, unlike that of a project, never had another name.
      const own = path.startsWith('organizations')
        ? namesOf(word).filter((name) => !/^whitelist/.test(name))
        : namesOf(word)
      for (const name of own) {
        expect((await runTrial([...words.with(at, name), '--help'])).stdout).toBe(help.stdout)
      }
    }
  })
})
