// `config import`: profiles of the Atlas CLI that point here. Those without a base URL, or with Atlas's own, are left
// where they are: their keys belong to Atlas and are no business of ours.

import type { Context } from '../../core/context.ts'
import { UsageError } from '../../core/usage-error.ts'
import { isAtlas } from '../../server/atlas-host.ts'
import { atlasConfigFile, configFile } from '../../server/folders.ts'
import { type Profile, readProfiles } from '../../server/profile.ts'
import { withoutProfile, withProperty } from '../../server/profile-text.ts'
import { changeProfiles } from '../../server/write-profiles.ts'
import { propertyNames } from './set-property.ts'

/** @returns the names that were taken over. Throws UsageError, and changes nothing, where one is there already. */
export async function importProfiles(context: Context, from: string | undefined): Promise<readonly string[]> {
  const source = from ?? atlasConfigFile(context.io.env)
  const found = await readProfiles(source)
  if (found.size === 0) throw new UsageError(`no profiles in ${source}`)
  const taken = [...found].flatMap(([name, profile]) => {
    const why = passedOver(profile)
    if (why === undefined) return [{ name, settings: settingsOf(profile) }]
    context.io.stderr.write(`Passed over profile ${name}: ${why}.\n`)
    return []
  })
  const file = configFile(context.io.env)
  const there = await readProfiles(file)
  const twice = taken.map(({ name }) => name).filter((name) => there.has(name))
  if (twice.length > 0 && !context.isOn('force')) {
    throw new UsageError(`there are profiles of these names already: ${twice.join(', ')}; use --force to replace them`)
  }
  if (taken.length > 0) {
    await changeProfiles(file, {
      edit: (text) => taken.reduce(withSettings, text),
      holds: (profiles) =>
        taken.every(({ name, settings }) =>
          settings.every(([property, value]) => profiles.get(name)?.[property] === value),
        ),
    })
  }
  return taken.map(({ name }) => name)
}

const urlOf = (profile: Profile): string | undefined => profile.ops_manager_url || profile.base_url || undefined

function passedOver(profile: Profile): string | undefined {
  const url = urlOf(profile)
  if (url === undefined) return 'it has no ops_manager_url'
  return isAtlas(url) ? 'it is for MongoDB Atlas' : undefined
}

type Settings = readonly (readonly [property: string, value: string])[]

/** What we know of it, `base_url` under its other name. */
const settingsOf = (profile: Profile): Settings => [
  ['ops_manager_url', urlOf(profile) ?? ''],
  ...Object.entries(profile).filter(([property]) => property !== 'ops_manager_url' && propertyNames.includes(property)),
]

const withSettings = (
  text: string,
  { name, settings }: { readonly name: string; readonly settings: Settings },
): string =>
  settings.reduce(
    (before, [property, value]) => withProperty(before, { profile: name, property, value }),
    withoutProfile(text, name),
  )
