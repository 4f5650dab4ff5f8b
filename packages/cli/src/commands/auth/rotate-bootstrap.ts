// `auth rotate-bootstrap`: what `postern up` made and printed at its first start is replaced, and leaves bootstrap.json. The
// new API key goes to a profile, since commands need it; the other secrets are shown this once. The old key goes last,
// when no file holds it any more: whatever fails before that can simply be done again.

import { ApiError, type Client } from '@postern/contract/client'
import { routes } from '@postern/contract/routes'
import { connect } from '../../connect.ts'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { signIn } from '../../doctor/sign-in.ts'
import { type Bootstrap, bootstrapFile, forgetSecrets, readBootstrap } from '../../server/bootstrap.ts'
import { configFile, homeFolder } from '../../server/folders.ts'
import { readProfiles } from '../../server/profile.ts'
import { withProperty } from '../../server/profile-text.ts'
import { changeProfiles } from '../../server/write-profiles.ts'
import { withoutLogin } from './properties.ts'

/** A year, the longest that a secret of a service account may live. */
const secretHours = 8760
const most = { itemsPerPage: 500 } as const

type FirstSecrets = Bootstrap & { readonly publicKey: string; readonly privateKey: string; readonly orgId: string }

/** Throws UsageError where there is nothing to rotate, or the profile is for another server. */
export async function rotateBootstrap(context: Context): Promise<void> {
  const home = homeFolder(context.io.env)
  const first = await firstSecrets(home)
  const profile = context.optional('profile') ?? 'default'
  const file = configFile(context.io.env)
  await checkProfile(file, profile, first.apiUrl)
  const client = clientOf(context, first.apiUrl, first)
  const old = await keyIdOf(client, first)
  const question = `Are you sure you want to replace the keys and passwords that the first start of ${home} made`
  if (!(await context.confirmed(question, 'Nothing was replaced'))) return

  const { body: key } = await client.call('createOrgApiKey', {
    params: { orgId: first.orgId },
    body: { desc: 'owner', roles: ['ORG_OWNER'] },
  })
  await keep(file, { profile, first, key })
  const heir = clientOf(context, first.apiUrl, key)
  context.say(`API key ${key.publicKey}  in the profile "${profile}" of ${file}`)
  await replaceAccountSecret(context, heir, first)
  await replaceOwnerPassword(context, first)
  await replaceDatabasePassword(context, heir, first)
  await forgetSecrets(home, { profile, publicKey: key.publicKey })
  await heir.call('deleteOrgApiKey', { params: { orgId: first.orgId, apiUserId: old } })
  context.say(`${bootstrapFile(home)} holds no secret any more, and those it held have ended.`)
}

async function firstSecrets(home: string): Promise<FirstSecrets> {
  const first = await readBootstrap(home)
  if (first === undefined) throw new UsageError(`no \`postern up\` has been started on ${home}: nothing to rotate`)
  if (first.rotated !== undefined) {
    throw new UsageError(
      `the first secrets of ${home} were rotated already, into the profile "${first.rotated.profile}"; its key is replaced by \`postern organizations apiKeys\``,
    )
  }
  const { publicKey, privateKey, orgId } = first
  if (publicKey === undefined || privateKey === undefined || orgId === undefined) {
    throw new UsageError(
      `the first API key of ${home} has ended: replace the rest by \`postern organizations apiKeys\` and in the console`,
    )
  }
  return { ...first, publicKey, privateKey, orgId }
}

/** Keys of another server are not thrown away for this one's. */
async function checkProfile(file: string, profile: string, apiUrl: string): Promise<void> {
  const settings = (await readProfiles(file)).get(profile)
  const url = settings?.ops_manager_url ?? settings?.base_url
  if (url === undefined || (URL.canParse(url) && new URL(url).origin === new URL(apiUrl).origin)) return
  throw new UsageError(`profile "${profile}" is for ${url}; choose another with --profile`)
}

const clientOf = (
  context: Context,
  baseUrl: string,
  { publicKey, privateKey }: { readonly publicKey: string; readonly privateKey: string },
): Client => connect({ baseUrl, credentials: { kind: 'digest', publicKey, privateKey }, fetch: context.io.fetch })

/** The first request: a server that is away, or keys that it does not take, end here. */
async function keyIdOf(client: Client, { orgId, publicKey }: FirstSecrets): Promise<string> {
  const { body } = await client.call('listOrgApiKeys', { params: { orgId }, query: most })
  const found = body.results.find((key) => key.publicKey === publicKey)
  if (found === undefined) throw new UsageError(`the key ${publicKey} is none of organization ${orgId}`)
  return found.id
}

async function keep(
  file: string,
  {
    profile,
    first,
    key,
  }: {
    readonly profile: string
    readonly first: FirstSecrets
    readonly key: { readonly publicKey: string; readonly privateKey: string }
  },
): Promise<void> {
  const settings: readonly (readonly [property: string, value: string])[] = [
    ['ops_manager_url', `${first.apiUrl.replace(/\/+$/, '')}/`],
    ['public_api_key', key.publicKey],
    ['private_api_key', key.privateKey],
    ['org_id', first.orgId],
    ...(first.groupId === undefined ? [] : [['project_id', first.groupId] as const]),
  ]
  await changeProfiles(file, {
    edit: (text) =>
      settings.reduce(
        (before, [property, value]) => withProperty(before, { profile, property, value }),
        withoutLogin(text, profile),
      ),
    holds: (profiles) => settings.every(([property, value]) => profiles.get(profile)?.[property] === value),
  })
}

async function replaceAccountSecret(context: Context, client: Client, first: FirstSecrets): Promise<void> {
  const { orgId, clientId, clientSecret } = first
  if (clientId === undefined || clientSecret === undefined) return
  const params = { orgId, clientId }
  const account = await unlessGone(() => client.call('getOrgServiceAccount', { params }))
  if (account === undefined) return context.say(`Service account ${clientId}  is gone already`)
  const tail = clientSecret.slice(-4)
  const old = account.body.secrets.find(({ maskedSecretValue }) => maskedSecretValue?.endsWith(tail))
  const { body: made } = await client.call('createOrgServiceAccountSecret', {
    params,
    body: { secretExpiresAfterHours: secretHours },
  })
  context.say(`Service account ${clientId}  secret ${made.secret}  until ${made.expiresAt}`)
  if (old === undefined) return
  await client.call('deleteOrgServiceAccountSecret', { params: { ...params, secretId: old.id } })
}

/** By a session of the owner's own, as the console does it; a password that they have set meanwhile stays. */
async function replaceOwnerPassword(context: Context, first: FirstSecrets): Promise<void> {
  const { apiUrl, ownerEmail: username, ownerPassword: password } = first
  if (username === undefined || password === undefined) return
  const base = apiUrl.replace(/\/+$/, '')
  const post = async (path: string, body: object, cookie?: string) => {
    const answer = await context.io.fetch(`${base}${path}`, {
      method: 'POST',
      redirect: 'manual',
      headers: {
        'content-type': 'application/json',
        origin: new URL(base).origin,
        ...(cookie === undefined ? {} : { cookie }),
      },
      body: JSON.stringify(body),
    })
    // Unread, it would keep this process for as long as the server holds the connection.
    await answer.text()
    return answer
  }
  const session = await post(routes.createSession.path, { username, password })
  if (!session.ok) return context.say(`Owner ${username}  has another password already`)
  const cookie = (session.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
  const newPassword = randomWord()
  const changed = await post(routes.changeSessionPassword.path, { currentPassword: password, newPassword }, cookie)
  if (!changed.ok) throw new UsageError(`the password of ${username} could not be changed: HTTP ${changed.status}`)
  context.say(`Owner ${username}  password ${newPassword}`)
}

/**
 * Unless a deployment says that it is another one by now: whoever set it uses it. Where none can be asked, it is replaced, so that
 * the first one has ended for certain.
 */
async function replaceDatabasePassword(context: Context, client: Client, first: FirstSecrets): Promise<void> {
  const { groupId, dbUser: username, dbPassword } = first
  if (groupId === undefined || username === undefined || dbPassword === undefined) return
  if (await isOther(first, { username, password: dbPassword }))
    return context.say(`Database user ${username}  has another password already`)
  const password = randomWord()
  const params = { groupId, databaseName: 'admin', username }
  if ((await unlessGone(() => client.call('updateGroupDatabaseUser', { params, body: { password } }))) === undefined)
    return
  context.say(`Database user ${username}  password ${password}`)
}

/** Asked of the deployment itself: the control plane gives no password away. */
async function isOther(
  { connectionStrings = [], caFile }: FirstSecrets,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<boolean> {
  const [string] = connectionStrings
  if (string === undefined) return false
  const user = `${encodeURIComponent(username)}:${encodeURIComponent(password)}`
  const road = { uri: string.replace('://', `://${user}@`), hasCredentials: true }
  const answer = await signIn(road, { timeoutMs: 3_000, caFile })
  return answer.outcome === 'REFUSED' && !answer.byPolicy
}

/** 120 random bits, in letters that need no quoting. */
const randomWord = (): string => Buffer.from(crypto.getRandomValues(new Uint8Array(15))).toString('base64url')

async function unlessGone<Value>(ask: () => Promise<Value>): Promise<Value | undefined> {
  try {
    return await ask()
  } catch (problem) {
    if (problem instanceof ApiError && problem.status === 404) return undefined
    throw problem
  }
}
