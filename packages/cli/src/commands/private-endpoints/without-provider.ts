// `privateEndpoints create | describe | delete | watch | interfaces …` without a cloud: what the Atlas CLI had before there
// was a second one, hidden and deprecated there. Each is the command of AWS under its old name; the old `interfaces` name
// the service by argument and the endpoint by flag. `list` is not here: ours goes over all clouds.

import { aliasesOf } from '../../core/aliases.ts'
import type { Command, Flag, Leaf } from '../../core/command.ts'
import { UsageError } from '../../core/usage-error.ts'
import { aws } from './clouds.ts'
import { interfaceCommands } from './interfaces.ts'
import { serviceCommands } from './services.ts'

const provider: Flag = {
  name: 'provider',
  kind: 'text',
  default: aws.provider,
  usage: 'Cloud of the private endpoint; the others have commands of their own.',
}

/** What stands behind the name in the sentence that says what to use. */
const services = {
  create: '[--region region]',
  describe: '<ID>',
  delete: '<ID>',
  watch: '<ID>',
} as const

const create = (leaf: Leaf): Leaf => ({
  ...leaf,
  flags: [provider, ...(leaf.flags ?? [])],
  run(context) {
    const asked = context.text('provider')
    if (asked.toUpperCase() !== aws.provider) {
      throw new UsageError(
        `--provider takes ${aws.provider}, not ${asked}: use \`postern privateEndpoints azure create\` or \`… gcp create\``,
      )
    }
    return leaf.run(context)
  },
})

const servicePath = 'privateEndpoints aws'
const serviceLeaves = (): readonly Leaf[] =>
  serviceCommands(aws)
    .filter(({ word }) => word in services)
    .map((leaf) => (leaf.word === 'create' ? create(leaf) : leaf))
    .map((leaf) => retired(leaf, `${servicePath} ${leaf.word} ${services[leaf.word as keyof typeof services]}`))

const ofService = { name: 'atlasPrivateEndpointId', usage: 'Identifier of the private endpoint.' } as const
const ofInterface: Flag = {
  name: 'privateEndpointId',
  kind: 'text',
  required: true,
  usage: 'Id of the VPC endpoint, vpce-….',
}
const replaced: ReadonlySet<string> = new Set(['endpointServiceId', ofInterface.name])

const byService = (leaf: Leaf): Leaf => ({
  ...leaf,
  args: [ofService],
  flags: [ofInterface, ...(leaf.flags ?? []).filter(({ name }) => !replaced.has(name))],
  examples: [],
  run(context) {
    const service = context.arg(ofService.name)
    if (leaf.word === 'create') return leaf.run(context.as(leaf, { args: [service], flags: new Map() }))
    const args = [context.text(ofInterface.name)]
    return leaf.run(context.as(leaf, { args, flags: new Map([['endpointServiceId', service]]) }))
  },
})

const interfacePath = 'privateEndpoints aws interfaces'
const interfaceLeaves = (): readonly Leaf[] =>
  interfaceCommands(aws)
    .filter(({ word }) => ['create', 'describe', 'delete'].includes(word))
    .map(byService)
    .map((leaf) =>
      retired(leaf, `${interfacePath} ${leaf.word} <atlasPrivateEndpointId> [--privateEndpointId privateEndpointID]`),
    )

const retired = (leaf: Leaf, use: string): Leaf => ({
  ...leaf,
  hidden: true,
  deprecated: `Please use postern ${use} [--projectId projectId]`,
})

export const withoutProvider = (): readonly Command[] => [
  ...serviceLeaves(),
  {
    word: 'interfaces',
    aliases: aliasesOf('interfaces'),
    short: 'Manage the interface endpoints of AWS PrivateLink private endpoints.',
    hidden: true,
    load: async () => interfaceLeaves(),
  },
]
