// Writes one property into config.toml, once its value is one.

import { isObjectId } from '@postern/contract/ids'
import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { printerOf } from '../../print/output-format.ts'
import { configFile } from '../../server/folders.ts'
import { withProperty } from '../../server/profile-text.ts'
import { changeProfiles } from '../../server/write-profiles.ts'

const id = (value: string): string | undefined =>
  isObjectId(value) ? undefined : `the provided value '${value}' is not a valid ID`
const url = (value: string): string | undefined =>
  URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? undefined
    : `"${value}" is not an http or https URL`
const anything = (): undefined => undefined

/** By property: what is wrong with a value. */
const properties: Readonly<Record<string, (value: string) => string | undefined | Promise<undefined>>> = {
  project_id: id,
  org_id: id,
  ops_manager_url: url,
  public_api_key: anything,
  private_api_key: anything,
  client_id: anything,
  client_secret: anything,
  access_token: anything,
  output: async (value) => void (await printerOf(value)),
}

export const propertyNames: readonly string[] = Object.keys(properties)

/** Throws UsageError for a property that there is not, a value that cannot be one, or a file that cannot be written. */
export async function setProperty(
  context: Context,
  { property, value }: { readonly property: string; readonly value: string | undefined },
): Promise<void> {
  const check = Object.hasOwn(properties, property) ? properties[property] : undefined
  if (check === undefined) throw new UsageError(`invalid property: "${property}"`)
  const chosen = value ?? (await context.secret(`${property}:`))
  const problem = await check(chosen)
  if (problem !== undefined) throw new UsageError(problem)
  const file = configFile(context.io.env)
  const profile = context.optional('profile') ?? 'default'
  await changeProfiles(file, {
    edit: (text) => withProperty(text, { profile, property, value: chosen }),
    holds: (profiles) => profiles.get(profile)?.[property] === chosen,
  })
}
