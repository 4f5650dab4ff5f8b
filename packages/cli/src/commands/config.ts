// `postern config …`: profiles, with the Atlas CLI's words and keys.

import type { Leaf } from '../core/command.ts'
import { output } from '../core/global-flags.ts'
import { UsageError } from '../core/usage-error.ts'
import { column, rows } from '../print/template.ts'
import { configFile } from '../server/folders.ts'
import { type Profile, readProfiles } from '../server/profile.ts'
import { setProperty } from './config/set-property.ts'

export const config: readonly Leaf[] = [
  {
    word: 'list',
    aliases: ['ls'],
    short: 'Return the names of your profiles.',
    flags: [output],
    async run(context) {
      const names = [...(await readProfiles(configFile(context.io.env))).keys()]
      await context.printLocal(
        names.map((name) => ({ name })),
        rows(column('PROFILE NAME', 'name')),
      )
    },
  },
  {
    word: 'describe',
    aliases: ['get'],
    short: 'Return the settings of one profile; secrets are not shown.',
    args: [{ name: 'name', usage: 'Name of the profile.' }],
    flags: [output],
    async run(context) {
      const file = configFile(context.io.env)
      const profile = (await readProfiles(file)).get(context.arg('name'))
      if (profile === undefined) throw new UsageError(`no profile "${context.arg('name')}" in ${file}`)
      await context.printLocal(settingsOf(profile), rows(column('SETTING', 'setting'), column('VALUE', 'value')))
    },
  },
  {
    word: 'set',
    short: 'Set one property of a profile.',
    long: [
      'Properties: project_id, org_id, ops_manager_url, public_api_key, private_api_key, client_id, client_secret,',
      'access_token, output. Without a value it is the first line of standard input, or is asked for on a terminal.',
    ].join('\n'),
    args: [
      { name: 'property', usage: 'Name of the property.' },
      { name: 'value', usage: 'Its new value; secrets better by standard input or prompt.', optional: true },
    ],
    examples: [
      ['Set the server of the profile "work":', 'config set ops_manager_url http://127.0.0.1:8080/ --profile work'],
    ],
    async run(context) {
      const property = context.arg('property')
      const value = context.optionalArg('value')
      await setProperty(context, { property, value })
      context.say(`Updated property '${property}'`)
    },
  },
]

const secrets = new Set(['private_api_key', 'client_secret', 'access_token', 'refresh_token'])

const settingsOf = (profile: Profile) =>
  Object.entries(profile).map(([setting, value]) => ({ setting, value: secrets.has(setting) ? 'redacted' : value }))
