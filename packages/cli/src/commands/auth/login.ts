// `auth login`: a server, keys that it takes, and where to work by default, written into one profile.

import type { Client } from '@postern/contract/client'
import { type Credentials, connect } from '../../connect.ts'
import type { Context } from '../../core/context.ts'
import type { Choice } from '../../core/io.ts'
import { UsageError } from '../../core/usage-error.ts'
import { isAtlas } from '../../server/atlas-host.ts'
import { readBootstrap } from '../../server/bootstrap.ts'
import { configFile, homeFolder } from '../../server/folders.ts'
import { readProfiles } from '../../server/profile.ts'
import { withProperty } from '../../server/profile-text.ts'
import { changeProfiles } from '../../server/write-profiles.ts'
import { withoutLogin } from './properties.ts'
import { subjectOf } from './subject.ts'

/** Throws UsageError and keeps nothing where the server does not take the keys (ApiError) or a question is left open. */
export async function login(context: Context): Promise<void> {
  const profile = context.optional('profile') ?? 'default'
  const baseUrl = await serverUrl(context, profile)
  const credentials = await askedCredentials(context)
  const client = connect({ baseUrl, credentials, fetch: context.io.fetch })
  const orgId = await chosenOrg(context, client)
  const groupId = orgId === undefined ? undefined : await chosenGroup(context, client, orgId)
  const settings: readonly (readonly [property: string, value: string])[] = [
    ['ops_manager_url', `${baseUrl.replace(/\/+$/, '')}/`],
    ...propertiesOf(credentials),
    ...(orgId === undefined ? [] : [['org_id', orgId] as const]),
    ...(groupId === undefined ? [] : [['project_id', groupId] as const]),
  ]
  await changeProfiles(configFile(context.io.env), {
    edit: (text) =>
      settings.reduce(
        (before, [property, value]) => withProperty(before, { profile, property, value }),
        withoutLogin(text, profile),
      ),
    holds: (profiles) => settings.every(([property, value]) => profiles.get(profile)?.[property] === value),
  })
  const { name, type } = subjectOf(credentials)
  context.say(`Successfully logged in as ${name} ${type}.`)
}

/** `--baseUrl`, POSTERN_URL, the profile's own, the running home's, else asked for. */
async function serverUrl(context: Context, profile: string): Promise<string> {
  const { env } = context.io
  const known =
    context.optional('baseUrl') ??
    (env.POSTERN_URL || undefined) ??
    (await readProfiles(configFile(env))).get(profile)?.ops_manager_url ??
    (await readBootstrap(homeFolder(env)))?.apiUrl
  const url = known ?? (await context.ask('URL of the Postern server:', '--baseUrl'))
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) {
    throw new UsageError(`"${url}" is not an http or https URL`)
  }
  if (isAtlas(url)) throw new UsageError(`Postern never contacts MongoDB Atlas (${url}); use the atlas CLI there`)
  context.io.stderr.write(`Logging in to ${url}\n`)
  return url
}

const kinds: readonly Choice[] = [
  { value: 'ServiceAccount', label: 'ServiceAccount (best for automation)' },
  { value: 'APIKeys', label: 'APIKeys (for existing automations)' },
]

async function askedCredentials(context: Context): Promise<Credentials> {
  const publicKey = context.optional('publicKey')
  const clientId = context.optional('clientId')
  if (publicKey !== undefined && clientId !== undefined) {
    throw new UsageError('--publicKey and --clientId exclude each other')
  }
  const instead = '--publicKey or --clientId'
  const kind =
    publicKey !== undefined
      ? 'APIKeys'
      : clientId !== undefined
        ? 'ServiceAccount'
        : await context.choose('Select authentication type:', kinds, instead)
  if (kind === 'APIKeys') {
    return {
      kind: 'digest',
      publicKey: publicKey ?? (await context.ask('Public API Key:', instead)),
      privateKey: await secret(context, 'Private API Key:'),
    }
  }
  return {
    kind: 'serviceAccount',
    clientId: clientId ?? (await context.ask('Client ID:', instead)),
    clientSecret: await secret(context, 'Client Secret:'),
  }
}

async function secret(context: Context, question: string): Promise<string> {
  const typed = await context.secret(question)
  if (typed === '')
    throw new UsageError(`no secret: type it at the question "${question}", or give it by standard input`)
  return typed
}

function propertiesOf(credentials: Credentials): readonly (readonly [property: string, value: string])[] {
  switch (credentials.kind) {
    case 'digest':
      return [
        ['public_api_key', credentials.publicKey],
        ['private_api_key', credentials.privateKey],
      ]
    case 'serviceAccount':
      return [
        ['client_id', credentials.clientId],
        ['client_secret', credentials.clientSecret],
      ]
    case 'bearer':
      return [['access_token', credentials.token]]
  }
}

const most = { itemsPerPage: 500 } as const

/** The first request: keys that are not taken end here. */
async function chosenOrg(context: Context, client: Client): Promise<string | undefined> {
  const { body } = await client.call('listOrgs', { query: most })
  return oneOf(context, 'Select an organization:', body.results)
}

async function chosenGroup(context: Context, client: Client, orgId: string): Promise<string | undefined> {
  const { body } = await client.call('getOrgGroups', { params: { orgId }, query: most })
  return oneOf(context, 'Select a project:', body.results)
}

/** Left open where there are several and nobody can be asked: commands then take it by flag. */
async function oneOf(
  context: Context,
  question: string,
  found: readonly { readonly id?: string | undefined; readonly name: string }[],
): Promise<string | undefined> {
  const options = found.flatMap(({ id, name }) => (id === undefined ? [] : [{ value: id, label: `${name} (${id})` }]))
  if (options.length === 0 || (options.length > 1 && !context.canAsk)) return undefined
  return context.choose(question, options, 'a terminal')
}
