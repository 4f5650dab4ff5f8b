// `auth logout`: the profile forgets keys, organization and project; the server's URL and the rest stay. Tokens of a
// service account live in one command only, so there are none to revoke.

import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { configFile } from '../../server/folders.ts'
import { readProfiles } from '../../server/profile.ts'
import { changeProfiles } from '../../server/write-profiles.ts'
import { placeProperties, secretProperties, withoutLogin } from './properties.ts'

/** Throws UsageError where the profile has no keys. */
export async function logout(context: Context): Promise<void> {
  const profile = context.optional('profile') ?? 'default'
  const file = configFile(context.io.env)
  const settings = (await readProfiles(file)).get(profile)
  const name = settings?.client_id || settings?.public_api_key || (settings?.access_token && 'an access token')
  if (!name) throw new UsageError(`not logged in: profile "${profile}" in ${file} has no keys`)
  if (!(await context.confirmed(`Are you sure you want to log out of ${name}`, 'Not logged out'))) return
  const gone = [...secretProperties, ...placeProperties]
  await changeProfiles(file, {
    edit: (text) => withoutLogin(text, profile),
    holds: (profiles) => gone.every((property) => profiles.get(profile)?.[property] === undefined),
  })
  context.say(`Successfully logged out of '${name}'`)
}
