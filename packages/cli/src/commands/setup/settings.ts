// What `setup` is going to make: from flags, from questions, and for the rest from defaults that nobody has to think
// about. A password is never made up where one was given, and never asked for where nobody is.

import { randomBytes, randomInt } from 'node:crypto'
import { atlasRegion, type CloudProvider, cloudProviders } from '@postern/contract/cloud'
import type { Flag } from '../../core/command.ts'
import type { Context } from '../../core/context.ts'
import { firstLine } from '../../core/io.ts'
import { UsageError } from '../../core/usage-error.ts'
import { atMostOne } from '../flag-groups.ts'
import { tag, tagsOf } from '../tags.ts'

export interface Settings {
  readonly clusterName: string
  readonly provider: CloudProvider
  /** Atlas's spelling. */
  readonly region: string
  readonly tier: string
  readonly clusterType: 'REPLICASET' | 'SHARDED'
  readonly mdbVersion: string | undefined
  readonly username: string
  readonly password: string
  /** It was made up here, so it has to be told. */
  readonly passwordMade: boolean
  readonly accessList: readonly string[]
  readonly currentIp: boolean
  readonly enableTerminationProtection: boolean
  readonly tags: { readonly key: string; readonly value: string }[] | undefined
}

const regionsByDefault: Readonly<Record<CloudProvider, string>> = {
  AWS: 'US_EAST_1',
  AZURE: 'US_EAST_2',
  GCP: 'CENTRAL_US',
}

const clusterTypes = ['REPLICASET', 'SHARDED'] as const

export const settingFlags: readonly Flag[] = [
  { name: 'clusterName', kind: 'text', usage: 'Name of the cluster; Cluster and a number when left out.' },
  {
    name: 'provider',
    kind: 'text',
    usage: 'Cloud provider: AWS, AZURE or GCP (default AWS).',
    completes: cloudProviders,
  },
  {
    name: 'region',
    short: 'r',
    kind: 'text',
    usage: 'Region of the cluster and of the endpoint service, in any spelling.',
  },
  { name: 'tier', kind: 'text', default: 'M10', usage: 'Tier of every member.' },
  {
    name: 'type',
    kind: 'text',
    default: 'REPLICASET',
    usage: `Type of the cluster: ${clusterTypes.join(' or ')}.`,
    completes: clusterTypes,
  },
  { name: 'mdbVersion', kind: 'text', usage: 'MongoDB major version.' },
  { name: 'username', kind: 'text', usage: 'Name of the database user; made up when left out.' },
  {
    name: 'password',
    kind: 'text',
    usage: 'Password of the user; better by standard input. It is made up when there is none.',
  },
  { name: 'accessListIp', kind: 'list', usage: 'Addresses that may reach the cluster beside its private endpoints.' },
  { name: 'currentIp', kind: 'switch', usage: 'Adds the address that this command comes from to the access list.' },
  {
    name: 'enableTerminationProtection',
    kind: 'switch',
    usage: 'Refuses to delete the cluster until this is turned off.',
  },
  tag,
]

/** Undefined where the person wants nothing made. Throws UsageError, before anything is. */
export async function settingsOf(context: Context): Promise<Settings | undefined> {
  atMostOne(context, 'currentIp', 'accessListIp')
  const number = String(randomInt(10_000, 100_000))
  const flags = flagsOf(context, number)
  if (context.isOn('force')) return finished(context, flags, await typedPassword(context))
  const answer = await context.choose(
    `How do you want to set up ${describe(flags)}?`,
    [
      { value: 'default', label: 'With these settings' },
      { value: 'manual', label: 'Let me choose' },
      { value: 'exit', label: 'Not at all' },
    ],
    '--force, which takes the defaults',
  )
  if (answer === 'exit') return undefined
  const chosen = answer === 'manual' ? await asked(context, flags) : flags
  return finished(context, chosen, await typedPassword(context))
}

type Chosen = Pick<Settings, 'clusterName' | 'clusterType' | 'provider' | 'region' | 'username'>

const describe = ({ clusterName, provider, region, username }: Chosen): string =>
  `${clusterName} at ${provider} in ${region} with the database user ${username}`

function flagsOf(context: Context, number: string): Chosen {
  const provider = providerOf(context.optional('provider') ?? 'AWS')
  return {
    clusterName: context.optional('clusterName') ?? `Cluster${number}`,
    clusterType: typeOf(context.text('type')),
    provider,
    region: regionOf(provider, context.optional('region') ?? regionsByDefault[provider]),
    username: context.optional('username') ?? `user-${number}`,
  }
}

/** Asks for what no flag has settled. */
async function asked(context: Context, flags: Chosen): Promise<Chosen> {
  const text = (name: 'clusterName' | 'username', question: string) =>
    context.isSet(name) ? flags[name] : context.ask(question, `--${name}`)
  const clusterName = await text('clusterName', 'Name of the cluster:')
  const provider = context.isSet('provider')
    ? flags.provider
    : providerOf(
        await context.choose(
          'Cloud provider:',
          cloudProviders.map((value) => ({ value, label: value })),
          '--provider',
        ),
      )
  const region = context.isSet('region')
    ? flags.region
    : regionOf(provider, await context.ask(`Region (such as ${regionsByDefault[provider]}):`, '--region'))
  return { ...flags, clusterName, provider, region, username: await text('username', 'Name of the database user:') }
}

/** From the flag or, where nobody types, from standard input. */
async function typedPassword(context: Context): Promise<string | undefined> {
  const password = context.optional('password')
  if (password !== undefined) {
    context.warn('a password on the command line can be read by other processes; standard input is safer')
    return password
  }
  if (context.io.stdin.isTTY === true) return undefined
  const line = await firstLine(context.io.stdin)
  return line === '' ? undefined : line
}

function finished(context: Context, chosen: Chosen, password: string | undefined): Settings {
  return {
    ...chosen,
    tier: context.text('tier').toUpperCase(),
    mdbVersion: context.optional('mdbVersion'),
    password: password ?? randomBytes(15).toString('base64url'),
    passwordMade: password === undefined,
    accessList: context.list('accessListIp'),
    currentIp: context.isOn('currentIp'),
    enableTerminationProtection: context.isOn('enableTerminationProtection'),
    tags: tagsOf(context),
  }
}

function typeOf(typed: string): Settings['clusterType'] {
  const type = clusterTypes.find((one) => one === typed.toUpperCase())
  if (type === undefined) throw new UsageError(`invalid type "${typed}"; accepted values: ${clusterTypes.join(', ')}`)
  return type
}

function providerOf(typed: string): CloudProvider {
  const provider = cloudProviders.find((one) => one === typed.toUpperCase())
  if (provider === undefined)
    throw new UsageError(`invalid provider "${typed}"; accepted values: ${cloudProviders.join(', ')}`)
  return provider
}

function regionOf(provider: CloudProvider, typed: string): string {
  const region = atlasRegion(provider, typed)
  if (region === undefined) throw new UsageError(`${provider} has no region "${typed}"`)
  return region
}
